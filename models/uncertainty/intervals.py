"""How far a pair's true rate may lie from its forecast, given the evidence there is about it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln

from models.links import SMALLEST_SHARE, Link
from models.prediction import Floats, PairRows
from models.uncertainty.likelihood import centre, log_likelihood_of_spread
from models.uncertainty.noise import Noise, of_sessions
from models.uncertainty.tails import WILD, quantile, split

SOURCES: Final = ("creator", "item", "pair")
"""Levels whose evidence narrows the interval."""

ROWS_AT_MOST: Final = 12_000
OWN_SHARE: Final = 0.5
"""How much of what a row tells is its own: rows share creators and items."""
NARROWEST, WIDEST = 0.03, 2.5

UNSEEN: Final = {True: (0.15, 0.3, 0.15), False: (0.5, 0.3, 0.2)}
TRUST: Final = (0.3, 0.3, 0.5)
LASTING: Final = {True: 0.04, False: 0.1}
"""What is expected of a width before any calibration; see `Width`."""
OF_A_KIND: Final = 2 / 3
IGNORANCE: Final = {True: 1.44, False: 4.0}
PRIOR_SD: Final = 1.0
"""Of the logarithm of each number, when a width is fitted on one window."""
WILD_SHARE: Final = 0.01
WILD_LEAST, WILD_MOST = 1e-4, 0.1
ODD: Final = 0.03
"""Share of outcomes from lines that err three times as far, as in sessions that were tests or cut
short (6 % of sessions, with few products each: domain notes); taken for the pair's own they would
widen what is said of its true rate. Of shares: the scatter of counts holds such lines already."""
FURTHEST: Final = 4.0
STEP: Final = 1e-4


@dataclass(frozen=True)
class Width:
    """Variance on the link scale of a pair's true rate, and how evidence narrows it.

    What is not known of creator and item adds up, each v / (1 + v t I) with the variance v of one
    never seen, its information I (one over the variance of what its past lines showed) and how
    far that is to be trusted, t. With the variance of the pair itself it makes W; the pair's own
    past leaves W / (1 + W t I) of it, and `lasting` is never removed.
    """

    is_rate: bool
    noise: Noise
    unseen: tuple[float, ...]
    """v of creator, item and pair."""
    trust: tuple[float, ...]
    """t of creator, item and pair."""
    lasting: float
    wild: float
    """Share of pairs whose true rate lies three times as far from its forecast as that of the
    others (see `models.uncertainty.tails`); the variances are those of all pairs together."""
    doubt: float = 0.0
    """Variance of the logarithm of all this: where few rows tell the width, the mean of what it
    may be is larger than what it most likely is."""

    @classmethod
    def prior(cls, link: Link, noise: Noise, of_pair: float | None = None) -> Self:
        """Before any calibration: a new pair's sd is .8 on the logit scale, 1.05 on the log.

        `of_pair`: variance of what is a pair's own, where the past told it
        (`models.uncertainty.repeats`).
        """
        rate = link.is_rate
        creator, item, usual = UNSEEN[rate]
        unseen = (creator, item, usual if of_pair is None else of_pair)
        return cls(rate, noise, unseen, TRUST, LASTING[rate], WILD_SHARE)

    @classmethod
    def ignorance(cls, link: Link) -> Self:
        """Nothing was ever observed: sd 1.2 for a logit, 2 for a log."""
        nothing = (0.0, 0.0, 0.0)
        lasting = IGNORANCE[link.is_rate]
        return cls(link.is_rate, Noise.unknown(link), nothing, nothing, lasting, WILD_SHARE)

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Self:
        """What `dataclasses.asdict` gave."""
        numbers = {name: tuple(read[name]) for name in ("unseen", "trust")}
        return cls(**{**read, **numbers, "noise": Noise(**read["noise"])})

    def information(self, mean: Floats, rows: PairRows) -> Floats:
        """What the past told about creator, item and pair, (n, 3); 0 without a trial."""
        nothing = np.zeros(len(rows))
        told = []
        for level in SOURCES:
            trials = rows.counts.get(level, (nothing, nothing))[1]
            lines = rows.past_lines.get(level)
            if level == "creator" and lines is not None and "session" in rows.past_lines:
                lines = of_sessions(lines, rows.past_lines["session"])
            told.append(self.noise.information(trials, lines, mean))
        return np.column_stack(told)

    def parts(self, information: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Variance that comes from creator, item, pair, and the lasting one, (n,) each."""
        creator, item = (
            v / (1 + v * t * known)
            for v, t, known in zip(self.unseen[:2], self.trust[:2], information.T[:2], strict=True)
        )
        before = creator + item + self.unseen[2]
        left = 1 / (1 + before * self.trust[2] * information[:, 2])
        return creator * left, item * left, self.unseen[2] * left, np.full_like(left, self.lasting)

    def variance(self, information: Floats) -> Floats:
        return np.clip(np.sum(self.parts(information), axis=0), NARROWEST**2, WIDEST**2)

    def shared(self, information: Floats) -> Floats:
        """Part of the variance that products of one creator and brand share, (n,).

        All of the creator's, none of the item's; of what is the pair's own and of what lasts two
        thirds, as fit and drift are mostly the creator's with a kind of goods.
        """
        creator, item, pair, lasting = self.parts(information)
        total = np.maximum(creator + item + pair + lasting, 1e-12)
        return np.asarray((creator + OF_A_KIND * (pair + lasting)) / total)

    def spread(self, mean: Floats, rows: PairRows) -> Floats:
        """Standard deviation of the true rate on the link scale, (n,)."""
        return self.spread_of(mean, self.information(mean, rows))

    def spread_of(self, mean: Floats, information: Floats) -> Floats:
        """The same of what the past told."""
        variance = self.variance(information) * self._scale(mean)
        return np.clip(np.sqrt(variance), NARROWEST, WIDEST)

    def lasting_of(self, mean: Floats, products: Floats) -> Floats:
        """Variance that no session removes, of a mean of so many products, (n,)."""
        alike = OF_A_KIND + (1 - OF_A_KIND) / np.maximum(products, 1.0)
        return self.lasting * alike * self._scale(mean)

    def told_by(self, trials: Floats, lines: Floats, mean: Floats) -> Floats:
        """What further trials of the pair over these lines tell, as far as they are to be trusted.

        t: evidence leaves V / (1 + V t) of the variance V that evidence removes.
        """
        return self.trust[2] * self.noise.information(trials, lines, mean) / self._scale(mean)

    def _scale(self, mean: Floats) -> Floats:
        """What turns variances as they are fitted into those of the link scale."""
        return np.exp(self.doubt / 2) * self.noise.steepening(mean)

    def fit(self, mean: Floats, rows: PairRows, prior_sd: float = PRIOR_SD) -> "Width":
        """The same form with the numbers under which these outcomes are most likely.

        Starts from, and is pulled to, this one by a normal prior (`prior_sd` on all logarithms),
        so that few rows change little. At most 12,000 rows are read.
        """
        trials = rows.outcome()[1]
        seen = np.flatnonzero(trials > 0)
        if len(seen) == 0:
            return self
        seen = seen[:: max(1, -(-len(seen) // ROWS_AT_MOST))]
        rows, mean = rows.take(seen), mean[seen]
        k, n = (x / self.noise.per_trial if self.is_rate else x for x in rows.outcome())
        link = Link(self.is_rate)
        chance = self.noise.of_lines(self.noise.lines(rows), mean)
        steep = self.noise.steepening(mean)
        information = self.information(mean, rows)
        start = np.log([*self.unseen, *self.trust, self.lasting, self.wild])

        def of_spread(own: Floats) -> Floats:
            value = log_likelihood_of_spread(k, n, mean, own + chance, link)
            if not self.is_rate:
                return value
            odd = log_likelihood_of_spread(k, n, mean, own + WILD**2 * chance, link)
            return np.asarray(np.logaddexp(np.log1p(-ODD) + value, np.log(ODD) + odd))

        def likelihood(variance: Floats, wild: float) -> Floats:
            usual, strange = (of_spread(own * steep) for own in split(variance, wild))
            return np.logaddexp(np.log1p(-wild) + usual, np.log(wild) + strange)

        def cost(numbers: Floats) -> tuple[float, Floats]:
            variance, wild = self._with(numbers).variance(information), float(np.exp(numbers[-1]))
            value = likelihood(variance, wild)
            slope = (likelihood(variance * 1.01, wild) - value) / (0.01 * variance) * rows.weight
            gradient = (numbers - start) / prior_sd**2
            for place, step in enumerate(np.eye(len(numbers))[:-1] * STEP):
                moved = self._with(numbers + step).variance(information)
                gradient[place] -= slope @ (moved - variance) / STEP
            gradient[-1] -= rows.weight @ (likelihood(variance, wild * 1.01) - value) / 0.01
            off = float(np.sum((numbers - start) ** 2)) / 2 / prior_sd**2
            return off - float(rows.weight @ value), gradient

        bounds = [(number - FURTHEST, number + FURTHEST) for number in start[:-1]]
        bounds.append((np.log(WILD_LEAST), np.log(WILD_MOST)))
        found = minimize(cost, start, jac=True, method="L-BFGS-B", bounds=bounds).x
        width = self._with(found)
        variance = width.variance(information)
        less, here, more = (
            rows.weight @ likelihood(variance * factor, width.wild)
            for factor in np.exp([-0.1, 0.0, 0.1])
        )
        told = max(float(2 * here - less - more) / 0.1**2, 0.0) * OWN_SHARE
        return replace(width, doubt=1 / (told + prior_sd**-2))

    def _with(self, numbers: Floats) -> "Width":
        """With other numbers, given as logarithms."""
        v = np.exp(numbers).tolist()
        return replace(self, unseen=tuple(v[:3]), trust=tuple(v[3:6]), lasting=v[6], wild=v[7])


def interval(
    mean: Floats, spread: Floats, link: Link, level: float = 0.8, wild: float = 0.0
) -> tuple[Floats, Floats]:
    """Ends of the central interval of a logit-normal (lognormal) of this mean and link-scale sd.

    `wild`: share of errors three times as large (see `models.uncertainty.tails`). The ends never
    cross the mean, however skewed.
    """
    z = quantile((1 + level) / 2, wild)
    middle = centre(mean, spread**2, link)
    low = np.minimum(link.inverse(middle - z * spread), mean)
    return low, np.maximum(link.inverse(middle + z * spread), mean)


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
