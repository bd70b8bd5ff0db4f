"""Rows that err together: what is taken out of their residuals before a tree is grown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import lightgbm
import numpy as np
import numpy.typing as npt
import pandas as pd

from models.links import Link
from models.prediction import Floats, PairRows

ITEM_VARIANCE: Final = 0.03
"""On logits, of what all pairs of an item deviate by in a window: it sells better or worse than
it did, with everybody."""
CREATOR_VARIANCE: Final = 0.003
"""The same of a creator of whom a window tells everything."""
CLUMP: Final = 3.0
"""Variance that one trial more divides: those who buy from a creator in a window are few, and buy
several brands each, so all brands of a creator tried little rise and fall with them. Chosen on five
splits of Complete Journey's weeks before those reported."""
PASSES: Final = 2
"""Over the groupings; what one more would change is below what a tree corrects."""
LOGIT: Final = Link(is_rate=True)


@dataclass(frozen=True)
class Grouping:
    """Rows that share a deviation: `group` of each row, (n,), and each group's `variance`."""

    group: npt.NDArray[np.integer]
    variance: Floats

    @classmethod
    def items(cls, rows: PairRows) -> "Grouping":
        """All rows of an item in a window."""
        group = _in_windows(rows.item_id, rows.as_of)
        return cls(group, np.full(group.max(initial=-1) + 1, ITEM_VARIANCE))

    @classmethod
    def creators(cls, rows: PairRows) -> "Grouping":
        """All rows of a creator in a window; the fewer trials it had, the further they deviate."""
        group = _in_windows(rows.creator_id, rows.as_of)
        return cls(group, CREATOR_VARIANCE + CLUMP / trials_of(group, rows))


def trials_of(group: npt.NDArray[np.integer], rows: PairRows) -> Floats:
    """Of each group: the most trials a row of it had, (groups,)."""
    most = np.zeros(group.max(initial=-1) + 1)
    np.maximum.at(most, group, rows.outcome()[1])
    return most


def _in_windows(ids: npt.NDArray[Any], as_of: npt.NDArray[Any]) -> npt.NDArray[np.integer]:
    """Number of each row's id and window, counted from 0 in order of appearance."""
    of_id, window = pd.factorize(ids)[0].astype(np.int64), pd.factorize(as_of)[0]
    return np.asarray(pd.factorize(of_id * (window.max(initial=0) + 1) + window)[0])


class ErrTogether:
    """Cross-entropy of shares where rows of a group deviate by one number more.

    That number is normal with the group's variance on the logit scale. What it is expected to be
    (its best linear prediction, given the trees so far) is taken out of the residuals before a
    tree is grown: with weight w, label y, share p and h = w p (1 - p) of each row,

        deviation of a group = sum of w (y - p) / (sum of h + 1 / variance)
        gradient = w (p - y) + h x deviation.

    With several groupings a row deviates by the sum of its groups' numbers, and each is what it is
    expected to be given the others. So what many rows of few items say counts as what those items
    say, and a deviation of the windows learned from is not carried on into later ones.
    """

    def __init__(self, groupings: Sequence[Grouping]) -> None:
        self.groupings = tuple(groupings)

    def __call__(self, raw: Floats, data: lightgbm.Dataset) -> tuple[Floats, Floats]:
        """Gradient and curvature of the rows learned from, (n,) each."""
        weight, p = np.asarray(data.get_weight()), LOGIT.inverse(raw)
        short = weight * (np.asarray(data.get_label()) - p)
        curvature = weight * p * (1 - p)
        return curvature * self._deviation(short, curvature) - short, curvature

    def _deviation(self, short: Floats, curvature: Floats) -> Floats:
        """What each row deviates by, all its groups together, (n,)."""
        known = [np.bincount(of.group, curvature) + 1 / of.variance for of in self.groupings]
        parts = [np.zeros(len(short)) for _ in self.groupings]
        for _ in range(PASSES if len(parts) > 1 else 1):
            for at, of in enumerate(self.groupings):
                others = sum(part for other, part in enumerate(parts) if other != at)
                left = np.bincount(of.group, short - curvature * others)
                parts[at] = (left / known[at])[of.group]
        return np.asarray(np.sum(parts, axis=0))

    @staticmethod
    def loss(raw: Floats, data: lightgbm.Dataset) -> tuple[str, float, bool]:
        """Mean cross-entropy of held-out rows, of which no deviation is known."""
        weight, label = np.asarray(data.get_weight()), np.asarray(data.get_label())
        each = np.logaddexp(0, raw) - label * raw
        return "cross_entropy", float(np.average(each, weights=weight)), False
