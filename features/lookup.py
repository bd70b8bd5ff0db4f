"""Tables as arrays: the numbers of any creators, items and pairs by position, without a merge."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.audience import Audience, Crowds
from features.registry import FEATURES
from features.sparse import Positions, Values, sparse_rows

Columns = Mapping[str, Values]


class Lookup:
    """The tables as of one date, as plain arrays."""

    def __init__(
        self,
        creators: pd.DataFrame,
        items: pd.DataFrame,
        brands: pd.DataFrame,
        creator_categories: pd.DataFrame,
        creator_brands: pd.DataFrame,
        pairs: pd.DataFrame,
        counts: Mapping[str, pd.DataFrame],
    ) -> None:
        index = creator_categories.index
        assert isinstance(index, pd.MultiIndex)
        categories = index.levels[1]
        self.creator_columns = _features(creators)
        self.item_columns = _features(items)
        self.creator_matrix = _matrix(creators, self.creator_columns)
        self.item_matrix = _matrix(items, self.item_columns)
        self.creators, self.items, self.brands = map(_numbers, (creators, items, brands))
        self.counts = {level: _numbers(frame) for level, frame in counts.items()}
        self.sparse = {
            "creator_category": sparse_rows(creator_categories, creators.index, categories),
            "creator_brand": sparse_rows(creator_brands, creators.index, brands.index),
            "pair": sparse_rows(pairs, creators.index, items.index),
        }
        self.right_places = {
            "creator_category": _places(categories, items["category"]),
            "creator_brand": _places(brands.index, items["brand_id"]),
            "pair": np.arange(len(items), dtype=np.int64),
        }
        lines = self.counts["creator"]["lines_decayed"]
        self.audience = Audience.of(creators, brands, lines)
        self.crowds = Crowds.of(creators, brands.index, lines)


def _features(frame: pd.DataFrame) -> tuple[str, ...]:
    """The features that are columns of the frame, in the order of the registry."""
    return tuple(feature.name for feature in FEATURES if feature.name in frame.columns)


def _matrix(frame: pd.DataFrame, names: tuple[str, ...]) -> npt.NDArray[np.float32]:
    return np.ascontiguousarray(frame[list(names)].to_numpy(dtype=np.float32, na_value=np.nan))


def _numbers(frame: pd.DataFrame) -> Columns:
    """The columns of numbers, by name."""
    return {
        str(name): frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
        for name in frame.columns
        if pd.api.types.is_numeric_dtype(frame[name].dtype)
    }


def _places(index: pd.Index, values: pd.Series) -> Positions:
    """Where each value stands in the index; -1 where it is not there."""
    return np.asarray(index.get_indexer(pd.Index(values)), dtype=np.int64)
