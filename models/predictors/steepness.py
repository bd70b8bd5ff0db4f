"""What trees left of the rows that they learned from, where no later rows can tell it."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from threadpoolctl import threadpool_limits

from models.links import Link
from models.prediction import Floats
from models.predictors.known import Marks

STEPS: Final = 30
LARGEST_STEP: Final = 1.0
LIKE_A_PRIOR: Final = 16.0
"""Certainty of the prior on each number (0, sd .25)."""
LOGIT: Final = Link(is_rate=True)


@dataclass(frozen=True)
class Steepness:
    """Logits made as steep as the rows learned from ask.

        steep = raw + offset + above x max(raw - at, 0) + unsold x added, of pairs never sold

    `added` is what the features say beside the start. They stop short: small steps never quite
    reach what the rows say, and what is taken for a deviation of one window (`ErrTogether`) is
    reached more slowly still. So the rates that are high lie too close together, on rows learned
    from and on later ones alike. Pairs without a sale tell trees so little that their part stops
    a quarter or more short. (Of pairs that sold, rows of overlapping windows ask for more as
    well, and later weeks do not: a window's sales are the next one's history.)
    """

    at: float = 0.0
    offset: float = 0.0
    above: float = 0.0
    unsold: float = 0.0

    @classmethod
    def fit(
        cls,
        raw: Floats,
        added: Floats,
        never_sold: Marks,
        labels: Floats,
        weight: Floats,
    ) -> Self:
        """The numbers under which these shares are most likely, each row by its weight.

        On rows learned from it is also how far the trees took chance for a fact, so it serves
        many rows and few trees. Without rows nothing changes.
        """
        if not weight.sum() > 0:
            return cls()
        at = float(LOGIT.forward(np.array(np.average(labels, weights=weight))))
        columns = np.stack([np.ones_like(raw), np.maximum(raw - at, 0), added * never_sold])
        found = np.zeros(len(columns))
        with threadpool_limits(1):  # sums in one order, whatever the machine
            for _ in range(STEPS):
                share = LOGIT.inverse(raw + found @ columns)
                gradient = columns @ (weight * (labels - share)) - LIKE_A_PRIOR * found
                curvature = (columns * (weight * share * (1 - share))) @ columns.T
                step = np.linalg.solve(curvature + LIKE_A_PRIOR * np.eye(len(found)), gradient)
                step = np.clip(step, -LARGEST_STEP, LARGEST_STEP)
                found = found + step
                if np.abs(step).max() < 1e-9:
                    break
        return cls(at, *found.tolist())

    def __call__(self, raw: Floats, added: Floats, never_sold: Marks) -> Floats:
        above = self.above * np.maximum(raw - self.at, 0)
        return np.asarray(raw + self.offset + above + self.unsold * added * never_sold)

    def of_parts(self, parts: Floats, added: Floats, never_sold: Marks) -> Floats:
        """The same of parts that sum to raw and to added, (n, features + 1), the base last."""
        slope = 1 + self.above * (parts.sum(axis=1) > self.at)
        steep = slope[:, None] * parts + self.unsold * never_sold[:, None] * added
        steep[:, -1] += self.offset - (slope - 1) * self.at
        return np.asarray(steep)
