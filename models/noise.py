"""How much a pair's observed rate moves from window to window without the pair changing."""

import numpy as np
import numpy.typing as npt

from models.links import Link
from models.prediction import Floats, PairRows

FEWEST_REPEATS = 30
"""Repeated windows below which the default noise is kept."""


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
