"""Tables as arrays: the numbers of any creators, items and pairs by position, without a merge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.registry import FEATURES
from features.sparse import Positions, sparse_rows

Values = npt.NDArray[np.float64]
Columns = Mapping[str, Values]

LEAST_SHARE = 1e-4
"""Of all audiences that a group is taken to have, so that a rare group does not say too much."""


@dataclass(frozen=True)
class Audience:
    """Shares of the groups that are given both of creators' audiences and of brands' buyers."""

    audience: Values
    """(creators, groups)"""
    buyers: Values
    """(brands, groups)"""
    usual: Values
    """(groups,): of all audiences together, creators counting by their recent lines; nan where
    nobody whose audience is known had a line."""

    @classmethod
    def of(cls, creators: pd.DataFrame, brands: pd.DataFrame, lines: Values) -> Self:
        groups = sorted(_named(creators, "audience_") & _named(brands, "buyer_"))
        audience = _shares(creators, "audience_", groups)
        weight = np.where(np.isfinite(audience), lines[:, None], 0.0)
        with np.errstate(invalid="ignore"):
            usual = (weight * np.nan_to_num(audience)).sum(axis=0) / weight.sum(axis=0)
        return cls(audience, _shares(brands, "buyer_", groups), np.maximum(usual, LEAST_SHARE))


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
        self.audience = Audience.of(creators, brands, self.counts["creator"]["lines_decayed"])


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


def _shares(frame: pd.DataFrame, prefix: str, groups: Sequence[str]) -> Values:
    names = [f"{prefix}{group}" for group in groups]
    return frame[names].to_numpy(dtype=np.float64, na_value=np.nan)


def _places(index: pd.Index, values: pd.Series) -> Positions:
    """Where each value stands in the index; -1 where it is not there."""
    return np.asarray(index.get_indexer(pd.Index(values)), dtype=np.int64)


def _named(frame: pd.DataFrame, prefix: str) -> set[str]:
    return {
        str(name).removeprefix(prefix) for name in frame.columns if str(name).startswith(prefix)
    }
