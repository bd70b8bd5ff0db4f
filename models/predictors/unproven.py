"""Pairs without a sale whose creator is hardly known: how far they may lie above the brand."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from models.links import Link
from models.prediction import Floats, PairRows
from models.predictors.known import never_sold

HALF_PROVEN: Final = 10.0
"""Trials at which half of what lies above the brand's rate counts. Chosen on five splits of
Complete Journey's weeks before those reported: 3 to 30 rank about as well."""
UNTRIED_COUNTS: Final = 0.25
"""Of what lies above the rate of a brand that nobody tried: enough to tell creators apart. On 16
simulated worlds that told brands' orders alone most of it did not come true; all of it would double
the loss on new pairs of one."""
LOGIT: Final = Link(is_rate=True)


@dataclass(frozen=True)
class Unproven:
    """Forecasts of pairs without a sale, drawn to their brand's rate where they lie above it.

        drawn = brand + trials / (trials + HALF_PROVEN) x (eta - brand)

    Of creators with a few dozen trials it is one or two shoppers that tell features what such a
    creator sells. Who is put at the head of a list for a brand it never sold, on so little, sells
    half of what is said; the same said of creators well known holds.

    `trials` are the pair's. A brand that nobody ever sold, or one that this creator never showed
    where only what is shown is counted, has none: there they are the creator's, over all its
    brands, and what they prove counts UNTRIED_COUNTS times. Of creators without a trial the brand's
    rate is said.
    """

    brand: Floats
    """(n,), on logits: the rate of each row's brand, with one success at the pooled rate more."""
    proven: Floats
    """(n,): the share of what lies above it that counts; 1 of rows that are left as they are."""

    @classmethod
    def of(cls, rows: PairRows, eta: Floats, pooled: float) -> Self:
        """Which of these forecasts, (n,) on logits, are drawn, and how far."""
        if not {"item", "creator", "pair"} <= set(rows.counts):
            return cls(np.zeros(len(rows)), np.ones(len(rows)))
        sold, tried = rows.counts["item"]
        brand = LOGIT.forward((sold + 1) / (tried + 1 / pooled))
        of_pair, of_creator = rows.counts["pair"][1], rows.counts["creator"][1]
        trials = np.where(of_pair > 0, of_pair, of_creator)
        proven = np.where(of_pair > 0, 1.0, UNTRIED_COUNTS) * trials / (trials + HALF_PROVEN)
        above = never_sold(rows) & (eta > brand)
        return cls(brand, np.where(above, proven, 1.0))

    def __call__(self, eta: Floats) -> Floats:
        drawn = self.brand + self.proven * (eta - self.brand)
        return np.where(self.proven < 1, drawn, eta)

    def of_parts(self, parts: Floats, at: int) -> Floats:
        """The same of parts that sum to eta, (n, features + 1), the base last; changed in place.

        The base stays; what the brand's rate adds to it where a forecast is drawn goes to `at`.
        """
        parts[:, :-1] *= self.proven[:, None]
        parts[:, at] += (1 - self.proven) * (self.brand - parts[:, -1])
        return parts
