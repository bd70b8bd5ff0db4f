"""How much a pair's observed rate moves from line to line without the pair changing."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from models.links import Link
from models.prediction import Floats, Lines, PairRows

FEWEST_REPEATS = 30
"""Repeated windows (pairs with repeated lines) below which the default noise is kept."""
START = 0.2
STEPS = 10
LEAST_REST = 0.3
LARGEST_LINE_NOISE = 4.0
SAME_SESSION = 0.5
"""Part of a line's noise that is its session's: all lines of the session have it (not sourced)."""


@dataclass(frozen=True)
class Noise:
    """How an outcome varies around its pair's true rate.

    A share: binomial (`per_trial` times the binomial's variance), and the rates of single lines
    differ by a variance of `per_line` on the logit scale, as sessions do. A count: single lines
    differ by `per_line` on the log scale.
    """

    is_rate: bool
    per_trial: float
    per_line: float
    by_factors: bool = False
    """Shares that differ by factors, as conversion does: `per_line` is then a variance of their
    logarithms, which on the logit scale is larger the larger the share (see `steepening`)."""

    @classmethod
    def fit(cls, rows: PairRows, link: Link, by_factors: bool = False) -> Self:
        """From lines of the same pair and window; else, of shares, from windows of a pair."""
        if rows.lines is None:
            return replace(cls.of_trials(link, repeat_noise(rows, link)), by_factors=by_factors)
        found = _between_lines(rows, rows.lines, link, by_factors)
        if found is None:
            return replace(cls.unknown(link), by_factors=by_factors)
        return cls(link.is_rate, 1.0, float(np.clip(found, 0.0, LARGEST_LINE_NOISE)), by_factors)

    @classmethod
    def unknown(cls, link: Link) -> Self:
        """Where no line was seen twice: shares differ by .2, counts by a factor of e."""
        return cls(True, 1.0, START) if link.is_rate else cls(False, 1.0, 1.0)

    @classmethod
    def of_trials(cls, link: Link, noise: float) -> Self:
        """That of `repeat_noise`: of a share's trials alone, of a count's lines."""
        return cls(True, noise, 0.0) if link.is_rate else cls(False, 1.0, noise)

    def lines(self, rows: PairRows) -> Floats:
        """Effective lines of each outcome; of shares without end where that is not known."""
        if rows.lines is not None:
            return np.maximum(rows.lines.effective, 1.0)
        return np.full(len(rows), np.inf) if self.is_rate else rows.outcome()[1]

    def steepening(self, mean: Floats) -> Floats:
        """Variance of the logit for one of the logarithm: 1 / (1 - share)^2, to a share of .7."""
        if not self.by_factors:
            return np.ones_like(mean)
        return np.maximum(1 - mean, LEAST_REST) ** -2.0

    def of_lines(self, lines: Floats, mean: Floats) -> Floats:
        """Variance, on the link scale, of a mean of so many (effective) lines, chance aside."""
        if self.is_rate:
            return self.per_line * self.steepening(mean) / np.maximum(lines, 1.0)
        return self.per_line / np.maximum(Link(False).certainty(lines, lines), 1e-12)

    def information(self, trials: Floats, lines: Floats | None, mean: Floats) -> Floats:
        """One over the variance of a rate seen over these trials and lines; 0 without trials.

        Of the logarithm where shares differ by factors, else on the link scale.
        """
        certainty = Link(self.is_rate).certainty(trials, mean) * self.steepening(mean)
        if not self.is_rate:
            return certainty / self.per_line
        told = certainty / self.per_trial
        if lines is None or self.per_line == 0:
            return told
        return told / (1 + self.per_line * told / np.maximum(lines, 1e-3))


def _between_lines(rows: PairRows, lines: Lines, link: Link, by_factors: bool) -> float | None:
    """Variance between lines of one pair and window beyond chance; None with too few of them.

    Of shares by moments: the scatter sum n (r - mean r)^2 of L lines over N trials is expected at
    (L - 1) p q + v (p q)^2 N (1 - 1 / effective), pairs weighed by what their scatter tells of v
    and by how many others their creator sold in the same sessions.
    """
    several = lines.count > 1
    if several.sum() < FEWEST_REPEATS:
        return None
    part, own = rows.take(several), lines.take(several)
    if not link.is_rate:
        return float(part.weight @ own.scatter / (part.weight @ (own.count - 1)))
    k, n = part.outcome()
    share = np.minimum(k / n, 1)
    chance = share * (1 - share)
    smooth = (k + 1) / (n + (n.sum() + 1) / (k.sum() + 1))
    square = share**2 if by_factors else chance**2
    excess = own.scatter - (own.count - 1) * chance
    once = part.weight / _told_together(part)
    less = _scatter_missed(own)
    found = START
    for _ in range(STEPS):
        sure = (own.count - 1) * (smooth * (1 + found * smooth * n / own.count)) ** 2
        per_unit = square * n * (1 - 1 / own.effective) / (1 + found * less)
        w = once * per_unit / np.maximum(sure, 1e-12)
        possible = float(w @ per_unit)
        found = max(float(w @ excess) / possible, 0.0) if possible > 0 else 0.0
    return float(np.log1p(found))  # of the rates' logarithms


def _scatter_missed(lines: Lines) -> Floats:
    """c, when scatter over the squared mean of the same lines is v (1 - 1 / effective) / (1 + c v).

    Where one line lies far above, the mean that scatter is held against does too: of two lines
    with v = .4 a fifth of the scatter would be missed. To second order in v, for lognormal lines
    with the parts w of the trials, c = 6 (s + s^2 - 2 sum w^3) / (1 - s) - 3 s with s = sum w^2:
    3 / L for L equal lines. The sum of cubes is that of one large line and equal others.
    """
    count, s = np.maximum(lines.count, 2.0), np.minimum(1 / lines.effective, 1.0)
    s = np.clip(s, 1 / count, 1 - 1e-6)
    large = (1 + np.sqrt((count - 1) * (count * s - 1))) / count
    cubes = large**3 + (1 - large) ** 3 / (count - 1) ** 2
    return np.asarray(np.maximum(6 * (s + s**2 - 2 * cubes) / (1 - s) - 3 * s, 0.0))


def of_sessions(lines: Floats, sessions: Floats) -> Floats:
    """Lines apart that would tell as much of a creator as these, sold in so many sessions.

    Half of a line's noise is its session's, and all lines of the session have it.
    """
    once = SAME_SESSION / np.maximum(np.minimum(sessions, lines), 1e-9)
    return np.asarray(1 / (once + (1 - SAME_SESSION) / np.maximum(lines, 1e-9)))


def _told_together(rows: PairRows) -> Floats:
    """How many times a row's sessions are told: the creator's products share most of their luck."""
    window = rows.as_of.astype("datetime64[D]").astype(np.int64)
    creator = np.unique(rows.creator_id, return_inverse=True)[1].ravel()
    _, place = np.unique(np.stack([creator, window]), axis=1, return_inverse=True)
    place = place.ravel()
    return np.asarray(1 + SAME_SESSION * (np.bincount(place)[place] - 1))


def repeat_noise(rows: PairRows, link: Link) -> float:
    """Noise of one trial, in multiples of the binomial's (shares) or in squared logs (counts).

    Read from pairs seen in several windows: their squared deviation from their own mean, in
    units of certainty, is noise, plus drift times certainty. The intercept is the noise; drift
    is left to the width of the interval. Windows that overlap make it too small: hence the floor.

    A share's noise is at least 1 (binomial) and at most 20; a count's between .05 and 4, and 1
    (a factor of 2.7 from session to session) with fewer than 30 repeats.
    """
    successes, trials = rows.outcome()
    seen = trials > 0
    pair = (
        np.unique(
            np.stack([rows.creator_id[seen], rows.item_id[seen]]), axis=1, return_inverse=True
        )[1].ravel()
        if seen.any()
        else np.empty(0, dtype=np.intp)
    )
    windows = np.bincount(pair)
    repeats = int(np.sum(windows[windows > 1] - 1))
    if repeats < FEWEST_REPEATS:
        return 1.0
    deviation, drift, certainty = _deviations(pair, successes[seen], trials[seen], link)
    usable = certainty > 0.1
    if usable.sum() < FEWEST_REPEATS:
        return 1.0
    low, high = (1.0, 20.0) if link.is_rate else (0.05, 4.0)
    weight = (rows.weight[seen] * certainty)[usable]
    return float(np.clip(_intercept(deviation[usable], drift[usable], weight), low, high))


def _deviations(
    pair: npt.NDArray[np.intp], k: Floats, n: Floats, link: Link
) -> tuple[Floats, Floats, Floats]:
    """Of each row: squared deviation, what drift adds to it, and the share of it that is free.

    `share` is a row's part of its pair's certainty, by which it pulls the pair's mean to itself.
    """
    total = np.bincount(pair, n)[pair]
    if link.is_rate:
        own = np.bincount(pair, k)[pair] / total
        squared = ((k / n - own) / np.maximum(link.steepness(own), 1e-12)) ** 2
    else:
        seen = np.log((k + 0.5) / n)
        certain = link.certainty(n, seen)
        own = (np.bincount(pair, certain * seen) / np.bincount(pair, certain))[pair]
        squared = (seen - own) ** 2
    certainty = link.certainty(n, own)
    share = certainty / np.maximum(np.bincount(pair, certainty)[pair], 1e-12)
    free = np.maximum(1 - share, 1e-12)
    spread_of_shares = np.bincount(pair, share**2)[pair]
    drift = certainty * (1 - 2 * share + spread_of_shares) / free
    return squared * certainty / free, drift, np.where(certainty > 0, 1 - share, 0.0)


def _intercept(deviation: Floats, drift: Floats, weight: Floats) -> float:
    """Of the line deviation = intercept + slope * drift, slope >= 0, by weighted squares."""
    intercept, slope = float(np.average(deviation, weights=weight)), 0.0
    for _ in range(5):
        w = weight / (intercept + slope * drift) ** 2
        x = drift - np.average(drift, weights=w)
        y = deviation - np.average(deviation, weights=w)
        slope = max(float(np.sum(w * x * y) / max(np.sum(w * x * x), 1e-12)), 0.0)
        intercept = float(np.average(deviation - slope * drift, weights=w))
        intercept = max(intercept, 0.01)
    return intercept
