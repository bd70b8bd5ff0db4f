"""What the lines of a pair tell about its rate: a value on the link scale, and its weight."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

Floats = npt.NDArray[np.float64]

LARGEST_STEP = 1.0
"""Of Newton's search for the logit of one pair: keeps the first steps from overshooting."""
NEWTON_STEPS = 4
LEAST_INFORMATION = 1e-9


@dataclass(frozen=True)
class Told:
    """Row by row: `value` lies around what is expected of the pair with variance 1 / `weight`."""

    value: Floats
    weight: Floats
    chance: Floats
    """The part of that variance that comes from counting, without the pair's and lines' noise."""
    latent: Floats
    """The pair's own logit (log), its noise included: where the next search starts."""


def told_by_shares(
    successes: Floats, trials: Floats, expected: Floats, noise: Floats, latent: Floats
) -> Told:
    """Of successes in trials when a pair's logit is normal around `expected` with this variance.

    The binomial is taken at its mode (Laplace's approximation).
    """
    for _ in range(NEWTON_STEPS):
        share = expit(latent)
        slope = successes - trials * share - (latent - expected) / noise
        curvature = trials * share * (1 - share) + 1 / noise
        latent = latent + np.clip(slope / curvature, -LARGEST_STEP, LARGEST_STEP)
    share = expit(latent)
    information = np.maximum(trials * share * (1 - share), LEAST_INFORMATION)
    weight = information / (1 + information * noise)
    value = expected + (latent - expected) / (noise * weight)
    return Told(value, weight, 1 / information, latent)


def told_by_counts(successes: Floats, trials: Floats, noise: Floats) -> Told:
    """Of a mean count (successes / trials) whose log has this variance."""
    value = np.log((successes + 0.5) / trials)
    return Told(value, 1 / noise, np.zeros_like(value), value)
