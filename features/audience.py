"""Who watches a creator, and how far they are who buys a brand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pandas as pd

from features.sparse import Positions, Values

AUDIENCE: Final = "audience_"
BUYERS: Final = "buyer_"
CROWD: Final = "bought_"
"""`audience_bought_<brand_id>`: the part of a creator's audience that buys that brand, from whom
ever. Such crowds overlap; all other groups of an audience are parts of one whole."""
LEAST_SHARE = 1e-4
"""Of all audiences that a group is taken to have, so that a rare group does not say too much."""
LEAST_LIFT = 0.01
"""Where nobody of the audience buys the brand at all: a hundredth of what is usual."""
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
        groups = sorted(shared_groups(creators, AUDIENCE) & shared_groups(brands, BUYERS))
        given, buyers = _shares(creators, AUDIENCE, groups), _shares(brands, BUYERS, groups)
        told = np.isfinite(buyers).astype(np.float64)
        return cls(np.nan_to_num(given), np.nan_to_num(buyers), told, _usual(given, lines))

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


@dataclass(frozen=True)
class Crowds:
    """Which part of each creator's audience buys a brand, against the part that usually does."""

    lift: Values
    """(creators, crowds): log of share / usual share; 0 where unknown, as if it were usual."""
    crowd: Positions
    """(brands,): the place of the brand's crowd; -1 where the source tells of none."""

    @classmethod
    def of(cls, creators: pd.DataFrame, brand_ids: pd.Index, lines: Values) -> Self:
        told = pd.Index(sorted(_named(creators, AUDIENCE + CROWD)), dtype="str")
        given = _shares(creators, AUDIENCE + CROWD, list(told))
        lift = np.log(np.maximum(given / _usual(given, lines), LEAST_LIFT))
        return cls(np.nan_to_num(lift), np.asarray(told.get_indexer(brand_ids), dtype=np.int64))

    def met(self, creators: Positions, brands: Positions) -> Values:
        """(pairs,): of pairs of a creator's and a brand's place; nan where no crowd is told."""
        if not self.lift.shape[1]:
            return np.full(len(creators), np.nan)
        crowd = np.where(brands >= 0, self.crowd[brands], -1)
        return np.where(crowd >= 0, self.lift[creators, crowd], 0.0)


def shared_groups(frame: pd.DataFrame, side: str) -> set[str]:
    """The groups of one side that are parts of a whole: all that are told but crowds."""
    return {group for group in _named(frame, side) if not group.startswith(CROWD)}


def _named(frame: pd.DataFrame, prefix: str) -> set[str]:
    return {
        str(name).removeprefix(prefix) for name in frame.columns if str(name).startswith(prefix)
    }


def _shares(frame: pd.DataFrame, prefix: str, groups: Sequence[str]) -> Values:
    names = [f"{prefix}{group}" for group in groups]
    return frame[names].to_numpy(dtype=np.float64, na_value=np.nan)


def _usual(given: Values, lines: Values) -> Values:
    """(groups,): of all audiences together; at least LEAST_SHARE, nan where nobody tells it."""
    weight = np.where(np.isfinite(given), lines[:, None], 0.0)
    with np.errstate(invalid="ignore"):
        usual = (weight * np.nan_to_num(given)).sum(axis=0) / weight.sum(axis=0)
    return np.asarray(np.maximum(usual, LEAST_SHARE))
