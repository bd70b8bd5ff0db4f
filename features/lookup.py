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
SHARES_AT_ONCE = 1 << 16
"""Of pairs x groups: few enough to stay in the processor's cache."""


@dataclass(frozen=True)
class Met:
    """What the audiences and buyers of some pairs have in common, over the groups told of both."""

    overlap: Values
    """(pairs,): sum of the smaller share."""
    told: Values
    """(pairs,): sum of the audience shares that the overlap is out of."""
    lift: Values
    """(pairs,): sum of audience share x buyers' share / usual share."""
    lift_told: Values
    """(pairs,): sum of the audience shares that the lift is of: those whose usual is known."""


@dataclass(frozen=True)
class Audience:
    """Shares of the groups that are given both of creators' audiences and of brands' buyers."""

    audience: Values
    """(creators, groups); 0 where unknown."""
    buyers: Values
    """(brands, groups); 0 where unknown."""
    told: Values
    """(brands, groups): 1 where the buyers' share is known, else 0."""
    usual: Values
    """(groups,): of all audiences together, creators counting by their recent lines; nan where
    nobody whose audience is known had a line."""

    @classmethod
    def of(cls, creators: pd.DataFrame, brands: pd.DataFrame, lines: Values) -> Self:
        groups = sorted(_named(creators, "audience_") & _named(brands, "buyer_"))
        given, buyers = _shares(creators, "audience_", groups), _shares(brands, "buyer_", groups)
        weight, audience = np.where(np.isfinite(given), lines[:, None], 0.0), np.nan_to_num(given)
        with np.errstate(invalid="ignore"):
            usual = (weight * audience).sum(axis=0) / weight.sum(axis=0)
        told = np.isfinite(buyers).astype(np.float64)
        return cls(audience, np.nan_to_num(buyers), told, np.maximum(usual, LEAST_SHARE))

    def met(self, creators: Positions, brands: Positions) -> Met:
        """Of each pair of a creator's and a brand's place; some pairs at once, see SHARES_AT_ONCE.

        A share that is unknown is 0, and so is its part of every sum.
        """
        known = np.isfinite(self.usual)
        per_usual = np.divide(1.0, self.usual, out=np.zeros_like(self.usual), where=known)
        overlap, told, lift, lift_told = np.zeros((4, len(creators)))
        step = SHARES_AT_ONCE // max(len(known), 1) + 1
        for start in range(0, len(creators), step):
            part = slice(start, start + step)
            audience, buyers = self.audience[creators[part]], self.buyers[brands[part]]
            overlap[part] = np.minimum(audience, buyers).sum(axis=1)
            lift[part] = (audience * buyers) @ per_usual
            audience *= self.told[brands[part]]
            told[part] = audience.sum(axis=1)
            lift_told[part] = audience @ known.astype(np.float64)
        return Met(overlap, told, lift, lift_told)


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
