"""How likely an outcome is when true rates spread around a forecast: chance and doubt together."""

from typing import Final

import numpy as np

from models.links import Link
from models.prediction import Floats

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(7)
_LOG_WEIGHTS: Final = np.log(_WEIGHTS) - np.log(np.sqrt(2 * np.pi))
_STEPS: Final = 8


def centre(mean: Floats, variance: Floats, link: Link) -> Floats:
    """Middle, on the link scale, of the normal whose rates have this mean.

    It lies variance / 2 below the mean's log; variance / 2 * (1 - 2 mean) below its logit, which
    keeps the mean within a few percent.
    """
    skew = 1 - 2 * mean if link.is_rate else np.ones_like(mean)
    return np.asarray(link.forward(mean) - variance / 2 * skew)


def log_likelihood_of_spread(
    k: Floats, n: Floats, mean: Floats, variance: Floats, link: Link
) -> Floats:
    """Of k successes in n > 0 trials, up to a constant of k and n.

    Shares: binomial, its logit normal with this variance; integrated by seven nodes around the
    most likely logit. Counts: the log of k / n is normal with this variance.
    """
    middle = centre(mean, variance, link)
    if not link.is_rate:
        off = np.log((k + 0.5) / n) - middle
        return np.asarray(-0.5 * (off**2 / variance + np.log(variance)))
    mode = _most_likely_logit(k, n, middle, variance)
    share = link.inverse(mode)
    width = 1 / np.sqrt(n * share * (1 - share) + 1 / variance)
    logit = mode + _NODES[:, None] * width
    value = k * logit - n * np.logaddexp(0, logit) - (logit - middle) ** 2 / (2 * variance)
    value += (_NODES**2 / 2 + _LOG_WEIGHTS)[:, None]
    most = value.max(axis=0)
    total = most + np.log(np.exp(value - most).sum(axis=0))
    return np.asarray(total + np.log(width) - 0.5 * np.log(variance))


def _most_likely_logit(k: Floats, n: Floats, middle: Floats, variance: Floats) -> Floats:
    """Where binomial likelihood and normal prior together are highest, by damped Newton steps."""
    seen = np.log((k + 0.5) / (np.maximum(n - k, 0) + 0.5))
    told = (k + 0.5) * (np.maximum(n - k, 0) + 0.5) / (n + 1)
    logit = (told * seen + middle / variance) / (told + 1 / variance)
    for _ in range(_STEPS):
        share = 1 / (1 + np.exp(-np.clip(logit, -30, 30)))
        slope = k - n * share - (logit - middle) / variance
        step = slope / (n * share * (1 - share) + 1 / variance)
        logit = logit + np.clip(step, -1.0, 1.0)
    return np.asarray(logit)
