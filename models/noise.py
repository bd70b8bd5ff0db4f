"""How much a pair's observed rate moves from window to window without the pair changing."""

import numpy as np

from models.links import Link
from models.prediction import Floats, PairRows

FEWEST_REPEATS = 30
"""Repeated windows below which the default noise is kept."""


def repeat_noise(rows: PairRows, link: Link) -> float:
    """Noise of one trial, in multiples of the binomial's (shares) or in squared logs (counts).

    Read from pairs seen in several windows: their squared deviation from their own mean, in
    units of information, is `noise + drift * information`. The intercept is the noise; drift is
    left to the width of the interval. Windows that overlap make it too small, hence the floor.

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
    k, n = successes[seen], trials[seen]
    windows = np.bincount(pair)
    repeated = windows[pair] > 1
    repeats = float(repeated.sum() - np.sum(windows > 1))
    if repeats < FEWEST_REPEATS:
        return 1.0
    deviation, information = _squared_deviations(pair, k, n, link)
    usable = repeated & (information > 0)
    if usable.sum() < FEWEST_REPEATS:
        return 1.0
    low, high = (1.0, 20.0) if link.is_rate else (0.05, 4.0)
    intercept = _intercept(deviation[usable], information[usable], rows.weight[seen][usable])
    return float(np.clip(intercept, low, high))


def _squared_deviations(
    pair: np.ndarray, k: Floats, n: Floats, link: Link
) -> tuple[Floats, Floats]:
    """Of each row from its pair's mean, times its information; and the information."""
    windows = np.bincount(pair)[pair]
    correction = windows / np.maximum(windows - 1, 1)
    if link.is_rate:
        own = (np.bincount(pair, k) / np.bincount(pair, n))[pair]
        unit = link.information(own)
        information = n * unit
        squared = (k / n - own) ** 2 / np.maximum(unit, 1e-12) ** 2
    else:
        seen = np.log((k + 0.5) / n)
        own = (np.bincount(pair, n * seen) / np.bincount(pair, n))[pair]
        information = n
        squared = (seen - own) ** 2
    return squared * information * correction, information


def _intercept(deviation: Floats, information: Floats, weight: Floats) -> float:
    """Of the line deviation = intercept + slope * information, slope >= 0, by weighted squares."""
    intercept, slope = float(np.average(deviation, weights=weight)), 0.0
    for _ in range(5):
        w = weight / (intercept + slope * information) ** 2
        x = information - np.average(information, weights=w)
        y = deviation - np.average(deviation, weights=w)
        slope = max(float(np.sum(w * x * y) / max(np.sum(w * x * x), 1e-12)), 0.0)
        intercept = float(np.average(deviation - slope * information, weights=w))
        intercept = max(intercept, 0.01)
    return intercept
