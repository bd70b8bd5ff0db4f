"""Posterior of growth: each creator's contrasts, weighed against how creators grow in general."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from models.prediction import Floats
from models.rising.levels import Flags, Ints

SPREADS = np.array([0.03, 0.1, 0.2, 0.4, 0.8, 1.6])
"""Growth is drawn from normal laws around none with these spreads (log scale), mixed."""
STEADY_PRIOR = 10.0
"""So many imagined creators of the narrowest law keep the mixture from seeing growth in noise."""
ROUNDS = 60
LEVEL = 0.8


@dataclass(frozen=True)
class Posterior:
    """Of log growth, one entry per creator; nan where no window could be tried.

    The interval holds the mean too, which a few windows far off can pull out of it.
    """

    mean: Floats
    lo80: Floats
    hi80: Floats
    p_above: Floats
    """Probability that the growth is above the least that counts."""
    window: Ints
    """The likeliest window; 0 where none could be tried."""


def posterior(difference: Floats, error: Floats, least: float) -> Posterior:
    """Mixture of normal laws fitted to all creators (adaptive shrinkage, Stephens 2017).

    Every window that could be tried is as likely beforehand, and is weighed by how much better a
    change there explains the sessions than none does: so the choice among windows is paid for.
    """
    tried = ~np.isnan(difference)
    some: Flags = np.asarray(tried.any(axis=1))
    d, e = np.where(tried, difference, 0.0)[some], np.where(tried, error, 1.0)[some]
    wide = e[:, :, None] ** 2 + SPREADS**2  # creator x window x law
    with np.errstate(divide="ignore"):
        prior = np.log(tried[some] / tried[some].sum(axis=1, keepdims=True))
    better = 0.5 * (
        np.log(e[:, :, None] ** 2 / wide) + d[:, :, None] ** 2 * (1 / e[:, :, None] ** 2 - 1 / wide)
    )
    told = better + prior[:, :, None]
    weights = _weighed(told, _shares(told))
    pulled = SPREADS**2 / wide
    means, sds = pulled * d[:, :, None], np.sqrt(pulled) * e[:, :, None]
    flat = (len(d), d.shape[1] * len(SPREADS))
    laws = (weights.reshape(flat), means.reshape(flat), sds.reshape(flat))

    def whole(values: Floats) -> Floats:
        full = np.full(len(some), np.nan)
        full[some] = values
        return full

    window = np.zeros(len(some), np.int64)
    window[some] = weights[:, :, 1:].sum(axis=2).argmax(axis=1)
    mean = (laws[0] * laws[1]).sum(axis=1)
    return Posterior(
        whole(mean),
        whole(np.minimum(_quantile((1 - LEVEL) / 2, *laws), mean)),
        whole(np.maximum(_quantile((1 + LEVEL) / 2, *laws), mean)),
        whole(1 - _below(np.full(len(d), least), *laws)),
        window,
    )


def _shares(told: Floats) -> Floats:
    """Shares of the laws under which all creators' contrasts are likeliest, steadiness favoured."""
    shares = np.full(len(SPREADS), 1 / len(SPREADS))
    for _ in range(ROUNDS):
        counts = _weighed(told, shares).sum(axis=(0, 1))
        counts[0] += STEADY_PRIOR
        shares = counts / counts.sum()
    return shares


def _weighed(told: Floats, shares: Floats) -> Floats:
    """Posterior weight of each window and law; sums to 1 for each creator."""
    with np.errstate(divide="ignore"):
        logs = told + np.log(shares)
    weights = np.exp(logs - logs.max(axis=(1, 2), keepdims=True))
    return np.asarray(weights / weights.sum(axis=(1, 2), keepdims=True))


def _below(at: Floats, weights: Floats, means: Floats, sds: Floats) -> Floats:
    """Distribution function of each creator's mixture."""
    return np.asarray((weights * ndtr((at[:, None] - means) / sds)).sum(axis=1))


def _quantile(share: float, weights: Floats, means: Floats, sds: Floats) -> Floats:
    """By halving: 50 steps from well outside."""
    low = np.full(len(weights), -20.0)
    high = np.full(len(weights), 20.0)
    for _ in range(50):
        middle = (low + high) / 2
        under = _below(middle, weights, means, sds) < share
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return (low + high) / 2
