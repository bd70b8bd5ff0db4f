"""How far a pair's true rate may lie from its forecast, given the evidence there is about it."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, ndtri

from models.links import Link
from models.prediction import Floats, PairRows

SOURCES: Final = ("creator", "item", "pair")
"""Levels whose missing evidence widens the interval."""

Z80: Final = float(ndtri(0.9))
ROWS_AT_MOST: Final = 10_000
NARROWEST, WIDEST = 0.02, 2.5


@dataclass(frozen=True)
class Width:
    """Variance on the link scale: a constant, and a part for each source that is unknown.

    `variance = constant + sum_source part * unknown(source)`, where unknown is 1 without a
    trial and falls as prior noise / (prior noise + evidence).
    """

    is_rate: bool
    noise: float
    constant: float
    parts: tuple[float, ...]

    @classmethod
    def prior(cls, link: Link, noise: float) -> Self:
        """Before any calibration: sd .7 for a new pair's logit, 1.2 for a new pair's log."""
        if link.is_rate:
            return cls(True, noise, 0.05, (0.25, 0.1, 0.1))
        return cls(False, noise, 0.1, (0.8, 0.2, 0.3))

    @classmethod
    def ignorance(cls, link: Link) -> Self:
        """Nothing was ever observed: sd 1.2 for a logit, 2 for a log."""
        return cls(link.is_rate, 1.0, 1.44 if link.is_rate else 4.0, (0.0, 0.0, 0.0))

    def unknown(self, mean: Floats, rows: PairRows) -> Floats:
        """How unknown each source still is, (n, sources), between 0 and 1."""
        per_trial = Link(self.is_rate).information(mean) / self.noise
        prior_variance = 0.25 if self.is_rate else 1.0
        nothing = np.zeros(len(rows))
        evidence = [rows.counts.get(level, (nothing, nothing))[1] for level in SOURCES]
        return np.column_stack([1 / (1 + prior_variance * n * per_trial) for n in evidence])

    def spread(self, mean: Floats, rows: PairRows) -> Floats:
        """Standard deviation of the true rate on the link scale, (n,)."""
        variance = self.constant + self.unknown(mean, rows) @ np.asarray(self.parts)
        return np.clip(np.sqrt(variance), NARROWEST, WIDEST)

    def fit(self, mean: Floats, rows: PairRows) -> "Width":
        """The same form with the parts under which these outcomes are most likely.

        Starts from, and is pulled to, this one by a normal prior of sd 1 on the log of each
        part, so that few rows change little. At most 10,000 rows, evenly spaced, are read.
        """
        successes, trials = rows.outcome()
        seen = np.flatnonzero(trials > 0)
        if len(seen) == 0:
            return self
        seen = seen[:: max(1, -(-len(seen) // ROWS_AT_MOST))]
        k, n, mean, weight = successes[seen], trials[seen], mean[seen], rows.weight[seen]
        unknown = self.unknown(mean, rows.take(seen))
        start = np.log(np.maximum([self.constant, *self.parts], 1e-4))
        link = Link(self.is_rate)

        def cost(logs: Floats) -> float:
            parts = np.exp(logs)
            variance = parts[0] + unknown @ parts[1:]
            fit = weight @ log_likelihood(k, n, mean, variance, link, self.noise)
            return float(np.sum((logs - start) ** 2) / 2 - fit)

        bounds = [(np.log(1e-4), np.log(6.0))] * len(start)
        found = np.exp(minimize(cost, start, method="L-BFGS-B", bounds=bounds).x)
        return Width(self.is_rate, self.noise, float(found[0]), tuple(found[1:].tolist()))


def interval80(mean: Floats, spread: Floats, link: Link) -> tuple[Floats, Floats]:
    """Ends of the central 80 % of a logit-normal (lognormal) of this mean and link-scale sd.

    The centre lies spread^2 / 2 * (1 - 2 mean) below the mean's logit (spread^2 / 2 below its
    log), which keeps the mean; the ends never cross it.
    """
    skew = 1 - 2 * mean if link.is_rate else np.ones_like(mean)
    centre = link.forward(mean) - spread**2 / 2 * skew
    low = np.minimum(link.inverse(centre - Z80 * spread), mean)
    return low, np.maximum(link.inverse(centre + Z80 * spread), mean)


def log_likelihood(
    k: Floats, n: Floats, mean: Floats, variance: Floats, link: Link, noise: float
) -> Floats:
    """Of k successes in n > 0 trials, up to a constant, when true rates spread around `mean`.

    Shares: beta-binomial with trials divided by the noise, its beta the one that lies nearest
    (in likelihood) to a lognormal of this variance: shape a with 1/a + 1/(6 a^2) = variance.
    Counts: lognormal, variance + noise / n, of the given mean.
    """
    if link.is_rate:
        pq = mean * (1 - mean)
        strength = 1 / np.maximum(3 * pq * (np.sqrt(1 + variance / 1.5) - 1), 1e-9)
        a, b = mean * strength, (1 - mean) * strength
        hits, misses = k / noise, np.maximum(n - k, 0) / noise
        likelihood: Floats = betaln(hits + a, misses + b) - betaln(a, b)
        return likelihood
    total = variance + noise / n
    off = np.log((k + 0.5) / n) - np.log(mean) + total / 2
    return -0.5 * (off**2 / total + np.log(total))
