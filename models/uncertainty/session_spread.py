"""How far the GMV of ONE session lies from what is expected of many: doubt, sessions, chance."""

from typing import Final

import numpy as np

from models.prediction import Floats
from models.uncertainty.noise import Noise
from models.uncertainty.predictive import UNITS_PER_ORDER

OF_AN_ORDER: Final = 1 + UNITS_PER_ORDER / (1 + UNITS_PER_ORDER) ** 2
"""Mean square of an order's money over the square of its mean: some have several units."""


def line_variance(noise: Noise, mean: Floats) -> Floats:
    """Variance of the logarithm of a share or a count in one line, chance aside."""
    variance = noise.of_lines(np.ones_like(mean), mean)
    return variance * (1 - mean) ** 2 if noise.is_rate else variance


def session_spread(doubt: Floats, lines: Floats, orders: Floats, per_trial: float = 1.0) -> Floats:
    """Standard deviation of the logarithm of one session's GMV, (n,).

    `doubt` is the spread of the expected GMV (sd, log scale), `lines` the variance by which
    sessions differ (the sum of `line_variance` over the factors), `orders` how many are expected,
    `per_trial` how many times the binomial's variance single clicks have. The lognormal with
    this spread and the expected GMV as its mean has the variance that GMV has:
    log(exp(doubt^2 + lines) + chance / orders), with chance = `per_trial` times `OF_AN_ORDER`. A
    session may also sell nothing at all, exp(-orders) and more, which a lognormal has not.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = per_trial * OF_AN_ORDER / orders
        return np.sqrt(np.log(np.exp(doubt**2 + lines) + chance))
