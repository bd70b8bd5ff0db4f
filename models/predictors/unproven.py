"""Pairs without a sale whose creator is hardly known: how far they may lie above the brand."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from models.links import Link
from models.prediction import Floats, PairRows
from models.predictors.steepness import unsold

HALF_PROVEN: Final = 10.0
"""Trials at which half of what lies above the brand's rate counts. Chosen on five splits of
Complete Journey's weeks before those reported: 3 to 30 rank about as well."""
LOGIT: Final = Link(is_rate=True)


@dataclass(frozen=True)
class Unproven:
    """Forecasts of pairs without a sale, drawn to their brand's rate where they lie above it.

        drawn = brand + trials / (trials + HALF_PROVEN) x (eta - brand)

    Of creators with a few dozen trials it is one or two shoppers that tell features what such a
    creator sells. Who is put at the head of a list for a brand it never sold, on so little, sells
    half of what is said; the same said of creators well known holds.
    """

    brand: Floats
    """(n,), on logits: the rate of each row's brand, with one success at the pooled rate more."""
    proven: Floats
    """(n,): the share of what lies above it that counts; 1 of rows that are left as they are."""

    @classmethod
    def of(cls, rows: PairRows, eta: Floats, pooled: float) -> Self:
        """Which of these forecasts, (n,) on logits, are drawn, and how far."""
        if "item" not in rows.counts or "pair" not in rows.counts:
            return cls(np.zeros(len(rows)), np.ones(len(rows)))
        sold, tried = rows.counts["item"]
        brand = LOGIT.forward((sold + 1) / (tried + 1 / pooled))
        trials = rows.counts["pair"][1]
        above = unsold(rows) & (eta > brand)
        return cls(brand, np.where(above, trials / (trials + HALF_PROVEN), 1.0))

    def __call__(self, eta: Floats) -> Floats:
        drawn = self.brand + self.proven * (eta - self.brand)
        return np.where(self.proven < 1, drawn, eta)

    def of_parts(self, parts: Floats, at: int) -> Floats:
        """The same of parts that sum to eta, (n, features + 1); the brand's rate goes to `at`."""
        drawn = parts * self.proven[:, None]
        drawn[:, at] += (1 - self.proven) * self.brand
        return np.asarray(drawn)
