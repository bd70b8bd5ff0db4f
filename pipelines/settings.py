"""What a training or a scoring can be told, with defaults one can defend."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

LEARNED = "lightgbm"
"""The predictor that is registered; the others are its baselines."""


@dataclass(frozen=True)
class TrainSettings:
    """How to learn. The same settings on the same facts give the same model, to the byte."""

    horizon_days: int = 30
    """Length of an outcome window; shortened when the facts are too few (see windows.py)."""
    windows: int = 6
    """As-of dates to learn from; fewer when the facts are too few."""
    return_days: int = 30
    """A return later than this is not counted; orders younger than this teach nothing about it."""
    pairs_per_window: int = 30_000
    """Pairs that met in a window; where there are more, so many are sampled and weighted."""
    zeros_per_window: int = 30_000
    """Where no row means no sale: sampled pairs without a sale per window, each weighted."""
    embedding_size: int = 32
    random_state: int = 0
    num_threads: int = 2

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def told(cls, settings: Mapping[str, Any]) -> Self:
        """The settings a model was trained with; those this version has not are left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in settings.items() if name in known})


@dataclass(frozen=True)
class ScoreSettings:
    """How to fill the matrix."""

    max_forecasts: int = 2_500_000
    """Largest exact grid (brand products x creators); above it, candidates are retrieved."""
    candidates: int = 200
    """Creators kept per brand when candidates are retrieved."""
    products_per_brand: int = 30
    """Products tried per brand when candidates are retrieved: those with most orders."""
    max_offers: int = 5_000_000
    """Most products with creators kept below the pairs (at most 90 bytes each, which a reader maps
    and does not hold in memory); above it, none."""
    recall_brands: int = 20
    """Brands scored exactly as well, to measure the recall of retrieval."""
    max_explained: int = 120_000
    """Pairs whose reasons are computed; above it, each brand's best by every objective."""
    random_state: int = 0
    num_threads: int = 2
