"""How far a pair's true rate may lie from its forecast, given the evidence there is about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, ndtri

from models.links import SMALLEST_SHARE, Link
from models.prediction import Floats, PairRows

SOURCES: Final = ("creator", "item", "pair")
"""Levels whose evidence narrows the interval."""

Z80: Final = float(ndtri(0.9))
ROWS_AT_MOST: Final = 10_000
POWER_SD: Final = 0.2
OWN_SHARE: Final = 0.5
"""How much of what a row tells is its own: rows share creators and items."""
NARROWEST, WIDEST = 0.03, 2.5


@dataclass(frozen=True)
class Width:
    """Variance on the link scale of a pair nobody knows, and how evidence narrows it.

    `variance = unseen * product over sources of (1 + evidence) ** -power`, where evidence is a
    source's certainty from trials known as of the date, over what a new one lacks.
    """

    is_rate: bool
    noise: float
    unseen: float
    powers: tuple[float, ...]
    doubt: tuple[tuple[float, ...], ...] = ()
    """Covariance of (log unseen, powers); where few rows tell the width, the mean of what it may
    be is larger than what it most likely is."""

    @classmethod
    def prior(cls, link: Link, noise: float) -> Self:
        """Before any calibration: sd .8 for a new pair's logit, 1.2 for a new pair's log."""
        return cls(link.is_rate, noise, 0.6 if link.is_rate else 1.4, (0.2, 0.1, 0.3))

    @classmethod
    def ignorance(cls, link: Link) -> Self:
        """Nothing was ever observed: sd 1.2 for a logit, 2 for a log."""
        return cls(link.is_rate, 1.0, 1.44 if link.is_rate else 4.0, (0.0, 0.0, 0.0))

    def evidence(self, mean: Floats, rows: PairRows) -> Floats:
        """Log of 1 + evidence about each source, (n, sources); 0 without a trial."""
        link = Link(self.is_rate)
        lacking = 4.0 if self.is_rate else 1.0
        nothing = np.zeros(len(rows))
        trials = [rows.counts.get(level, (nothing, nothing))[1] for level in SOURCES]
        certainties = [link.certainty(n, mean) / self.noise for n in trials]
        return np.column_stack([np.log1p(certainty / lacking) for certainty in certainties])

    def spread(self, mean: Floats, rows: PairRows) -> Floats:
        """Standard deviation of the true rate on the link scale, (n,)."""
        evidence = self.evidence(mean, rows)
        variance = self.unseen * np.exp(-(evidence @ np.asarray(self.powers)))
        if self.doubt:
            known = np.column_stack([np.ones(len(rows)), -evidence])
            variance = variance * np.exp(((known @ np.asarray(self.doubt)) * known).sum(axis=1) / 2)
        return np.clip(np.sqrt(variance), NARROWEST, WIDEST)

    def fit(self, mean: Floats, rows: PairRows) -> "Width":
        """The same form with the numbers under which these outcomes are most likely.

        Starts from, and is pulled to, this one by a normal prior (sd 1 on the log of `unseen`,
        .2 on the powers), so that few rows change little. At most 10,000 rows are read.
        """
        successes, trials = rows.outcome()
        seen = np.flatnonzero(trials > 0)
        if len(seen) == 0:
            return self
        seen = seen[:: max(1, -(-len(seen) // ROWS_AT_MOST))]
        k, n, mean, weight = successes[seen], trials[seen], mean[seen], rows.weight[seen]
        evidence = self.evidence(mean, rows.take(seen))
        start = np.array([np.log(self.unseen), *self.powers])
        sd = np.array([1.0] + [POWER_SD] * len(SOURCES))
        link = Link(self.is_rate)

        def cost(numbers: Floats) -> float:
            variance = np.maximum(np.exp(numbers[0] - evidence @ numbers[1:]), NARROWEST**2)
            fit = log_likelihood(k, n, mean, variance, link, self.noise)
            return float(np.sum(((numbers - start) / sd) ** 2) / 2 - weight @ fit)

        bounds = [(np.log(1e-3), np.log(WIDEST**2))] + [(0.0, 1.0)] * len(SOURCES)
        found = minimize(cost, start, method="L-BFGS-B", bounds=bounds).x
        doubt = np.linalg.inv(_curvature(cost, found) * OWN_SHARE + np.diag(sd**-2) / 2)
        return Width(
            self.is_rate,
            self.noise,
            float(np.exp(found[0])),
            tuple(found[1:].tolist()),
            tuple(tuple(row) for row in doubt.tolist()),
        )


def _curvature(cost: Callable[[Floats], float], at: Floats) -> Floats:
    """Second derivatives, with negative directions taken as flat."""
    step = 0.02 * np.eye(len(at))
    pairs = [
        [cost(at + a + b) - cost(at + a - b) - cost(at - a + b) + cost(at - a - b) for b in step]
        for a in step
    ]
    values, vectors = np.linalg.eigh(np.array(pairs) / (4 * 0.02**2))
    return np.asarray((vectors * np.maximum(values, 0)) @ vectors.T)


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
    Counts: lognormal, variance + noise / certainty, of the given mean.
    """
    if link.is_rate:
        mean = np.clip(mean, SMALLEST_SHARE, 1 - SMALLEST_SHARE)  # at 0 or 1 a beta has no shape
        pq = mean * (1 - mean)
        strength = 1 / np.maximum(3 * pq * (np.sqrt(1 + variance / 1.5) - 1), 1e-9)
        a, b = mean * strength, (1 - mean) * strength
        hits, misses = k / noise, np.maximum(n - k, 0) / noise
        likelihood: Floats = betaln(hits + a, misses + b) - betaln(a, b)
        return likelihood
    total = variance + noise / link.certainty(n, mean)
    off = np.log((k + 0.5) / n) - np.log(mean) + total / 2
    return -0.5 * (off**2 / total + np.log(total))
