"""The one shape of every predictor: rows of pairs in, a forecast with its interval out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LEVELS = (
    "overall",
    "category",
    "brand",
    "creator",
    "item",
    "creator_category",
    "creator_brand",
    "pair",
)
"""The keys under which past successes and trials of a row are counted, widest first."""


class Target(StrEnum):
    """What is predicted, as successes per trial."""

    CONVERSION = "conversion"
    """orders / denominator, for a product"""
    BRAND_CONVERSION = "brand_conversion"
    """orders / denominator, for a brand, where the source counts orders per brand"""
    CLICK_THROUGH = "click_through"
    """clicks / impressions"""
    RETURN = "return"
    """orders returned / orders old enough to have been returned"""
    EXPOSURE = "exposure"
    """impressions / lines: times a product is shown in one session"""
    TRAFFIC = "traffic"
    """denominator / lines, where the denominator is viewers or views: the size of a session"""
    NEW_FOLLOWERS = "new_followers"
    """people who begin to follow the creator / sessions"""
    REPURCHASE = "repurchase"
    """buyers who had bought before / buyers"""

    @property
    def is_rate(self) -> bool:
        """Whether successes are a share of trials (so that forecasts lie in 0..1)."""
        return self not in (Target.EXPOSURE, Target.TRAFFIC, Target.NEW_FOLLOWERS)


@dataclass(frozen=True)
class Lines:
    """How a window's trials fell on its lines (a line: one item in one session), (n,) each."""

    effective: Floats
    """Lines of equal size that would average as well: (sum n)^2 / sum n^2 over lines of n
    trials; of counts, the lines themselves."""
    count: Floats
    scatter: Floats
    """How lines of the same pair and window differ: sum n (k/n - mean)^2 of rates, sum of
    (log - mean log)^2 of counts; 0 with fewer than two lines."""

    def take(self, rows: npt.NDArray[Any]) -> Self:
        return replace(
            self,
            effective=self.effective[rows],
            count=self.count[rows],
            scatter=self.scatter[rows],
        )


@dataclass(frozen=True)
class PairRows:
    """Rows of (creator, item) pairs as of a date, ready to learn from or to forecast.

    An item is a product, or a brand where the source counts orders per brand. All arrays have
    the same length n and the same order. `successes` and `trials` are what happened in the
    window after `as_of` (None when forecasting); rows may have trials = 0 and then teach nothing.
    `counts[level] = (successes, trials)` known as of the date, for the same target, (n,) each.
    """

    features: npt.NDArray[np.float32]  # (n, len(feature_names)); nan = unknown
    feature_names: tuple[str, ...]
    creator_id: npt.NDArray[np.str_]
    item_id: npt.NDArray[np.str_]
    brand_id: npt.NDArray[np.str_]
    category: npt.NDArray[np.str_]
    as_of: npt.NDArray[np.datetime64]
    counts: Mapping[str, tuple[Floats, Floats]]
    successes: Floats | None = None
    trials: Floats | None = None
    past_lines: Mapping[str, Floats] = field(default_factory=dict)
    """By level, the lines over which its trials fell, and at `session` the creator's sessions
    over which its lines fell; none where that is not known."""
    lines: Lines | None = None
    """Of the outcome; None where it is not known how the trials fell on lines."""
    weight: Floats = field(default_factory=lambda: np.empty(0))
    """How many rows of the population this row stands for (1 unless zeros were sampled)."""

    def __post_init__(self) -> None:
        if self.weight.shape != (len(self),):
            object.__setattr__(self, "weight", np.ones(len(self)))

    def __len__(self) -> int:
        return len(self.creator_id)

    def take(self, rows: npt.NDArray[Any]) -> Self:
        """The same table with only these rows (a mask or positions), in that order."""
        return replace(
            self,
            features=self.features[rows],
            creator_id=self.creator_id[rows],
            item_id=self.item_id[rows],
            brand_id=self.brand_id[rows],
            category=self.category[rows],
            as_of=self.as_of[rows],
            counts={level: (k[rows], n[rows]) for level, (k, n) in self.counts.items()},
            successes=None if self.successes is None else self.successes[rows],
            trials=None if self.trials is None else self.trials[rows],
            past_lines={level: n[rows] for level, n in self.past_lines.items()},
            lines=None if self.lines is None else self.lines.take(rows),
            weight=self.weight[rows],
        )

    def outcome(self) -> tuple[Floats, Floats]:
        """Successes and trials; ValueError when these rows are for forecasting only."""
        if self.successes is None or self.trials is None:
            raise ValueError("These rows carry no outcome: they can be forecast, not learned from.")
        return self.successes, self.trials


def concatenate(parts: list[PairRows]) -> PairRows:
    """The rows of all parts, one after the other; parts must share their feature names."""
    first = parts[0]
    assert all(part.feature_names == first.feature_names for part in parts)

    def joined(name: str) -> Any:
        values = [getattr(part, name) for part in parts]
        return None if any(v is None for v in values) else np.concatenate(values)

    return PairRows(
        features=joined("features"),
        feature_names=first.feature_names,
        creator_id=joined("creator_id"),
        item_id=joined("item_id"),
        brand_id=joined("brand_id"),
        category=joined("category"),
        as_of=joined("as_of"),
        counts={
            level: (
                np.concatenate([part.counts[level][0] for part in parts]),
                np.concatenate([part.counts[level][1] for part in parts]),
            )
            for level in first.counts
        },
        successes=joined("successes"),
        trials=joined("trials"),
        past_lines={
            level: np.concatenate([part.past_lines[level] for part in parts])
            for level in first.past_lines
        },
        lines=_all_lines(parts),
        weight=joined("weight"),
    )


def _all_lines(parts: list[PairRows]) -> Lines | None:
    """Of all parts; None where one does not know."""
    known = [part.lines for part in parts if part.lines is not None]
    if len(known) < len(parts):
        return None
    return Lines(
        np.concatenate([lines.effective for lines in known]),
        np.concatenate([lines.count for lines in known]),
        np.concatenate([lines.scatter for lines in known]),
    )


@dataclass(frozen=True)
class Forecast:
    """One number per row, in row order, and how sure we are of it.

    `mean` and the 80 % interval are in the target's unit (a share, or a number of times); the
    interval is of the pair's true rate in the coming window, what it would show on the mean of many
    sessions; what a few will show is wider (`models.uncertainty.predictive`). `spread` is the
    standard deviation on the link scale (logit for shares, log otherwise), for combining forecasts,
    and `wild` the share of rows that err three times as far (`models.uncertainty.tails`). `shared`
    is the part of a row's variance, spread^2, that other products of the same creator and brand
    share.
    """

    mean: Floats
    lo80: Floats
    hi80: Floats
    spread: Floats
    wild: float = 0.0
    shared: Floats | None = None


@runtime_checkable
class Predictor(Protocol):
    """Baseline or learned, every predictor is this.

    The constructor stores, `fit` learns and returns self (twice equals once on the second data),
    `calibrate` adjusts level and width on rows later than those it learned from, `predict` gives
    one forecast per row in row order, `save` writes native formats only.
    """

    name: str
    target: Target

    def fit(self, rows: PairRows) -> Self: ...

    def calibrate(self, rows: PairRows) -> Self: ...

    def predict(self, rows: PairRows) -> Forecast: ...

    def save(self, folder: Path) -> None: ...

    @classmethod
    def load(cls, folder: Path) -> Self: ...
