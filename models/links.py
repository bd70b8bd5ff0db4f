"""The scale on which effects add: logit for shares, log for numbers of times."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from models.prediction import Floats, PairRows, Target

PRIOR_MEANS: Final = {
    Target.CONVERSION: 0.05,
    Target.BRAND_CONVERSION: 0.05,
    Target.CLICK_THROUGH: 0.05,
    Target.RETURN: 0.2,
    Target.EXPOSURE: 1_000.0,
    Target.TRAFFIC: 5_000.0,
    Target.NEW_FOLLOWERS: 50.0,
    Target.REPURCHASE: 0.2,
}
"""What is forecast when nothing was ever observed (a share, or times a session)."""

LINES_POWER: Final = 0.83
"""The log of a mean of n lognormal lines of log sd 1 has variance n ** -.83, within 2 % for one
to six lines and 20 % for fifty (by simulation): slower than 1 / n, as the largest line rules."""

SMALLEST_SHARE: Final = 1e-7
SMALLEST_COUNT: Final = 1e-3


@dataclass(frozen=True)
class Link:
    """Means to the scale where effects add, and back.

    With `noise` 1 a rate seen over n trials has, on this scale, a variance of 1 / certainty: the
    binomial's for shares; for counts that of the log of a mean of n lines, each of which varies
    by a factor of e.
    """

    is_rate: bool

    def forward(self, mean: Floats) -> Floats:
        """Logit or log of means, kept finite at the ends."""
        if self.is_rate:
            share = np.clip(mean, SMALLEST_SHARE, 1 - SMALLEST_SHARE)
            return np.log(share / (1 - share))
        return np.log(np.maximum(mean, SMALLEST_COUNT))

    def inverse(self, eta: Floats) -> Floats:
        """Means of logits or logs."""
        if self.is_rate:
            return 1 / (1 + np.exp(-np.clip(eta, -16.0, 16.0)))
        return np.exp(np.clip(eta, -7.0, 30.0))

    def steepness(self, mean: Floats) -> Floats:
        """Change of the mean for a unit change on the link scale."""
        return mean * (1 - mean) if self.is_rate else mean

    def certainty(self, n: Floats, mean: Floats) -> Floats:
        """One over the variance, on the link scale, of a rate seen over n trials; 0 without."""
        if self.is_rate:
            return n * mean * (1 - mean)
        return np.maximum(n, 0.0) ** LINES_POWER


def link_of(target: Target) -> Link:
    return Link(target.is_rate)


def pooled_mean(rows: PairRows, target: Target) -> float:
    """Successes per trial of all rows together, each counted by its weight.

    Without a success half of one is assumed, so that nothing is ever impossible; without a
    trial it is the target's prior.
    """
    successes, trials = rows.outcome()
    k = float(np.sum(rows.weight * successes))
    n = float(np.sum(rows.weight * trials))
    if n <= 0:
        return PRIOR_MEANS[target]
    if k <= 0:
        return 0.5 / (n + 1)
    return min(k / n, (n + 0.5) / (n + 1)) if target.is_rate else k / n
