"""Probabilities from scores that are none, in the same way for every peer.

logit p = logit(the brand's rate) + a + b * shape(score), with a and b learned on the last twelve
weeks that are known, from the scores as they were before them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from scipy.special import expit, logit, ndtri
from scipy.stats import rankdata

from models.prediction import Floats

Shape = Callable[[Floats], Floats]
SURE: Final = 1e-9


def _within(score: Floats) -> Floats:
    """Standard deviations from the brand's mean."""
    centred = score - score.mean(axis=1, keepdims=True)
    return np.asarray(centred / np.maximum(score.std(axis=1, keepdims=True), SURE))


def _rank(score: Floats) -> Floats:
    """Normal score of the store's rank for the brand."""
    return np.asarray(ndtri((rankdata(score, axis=1) - 0.5) / score.shape[1]))


def _ratio(score: Floats) -> Floats:
    """Log of one plus the score in units of the brand's mean; below 0 counts as 0."""
    positive = np.maximum(score, 0)
    return np.log1p(positive / np.maximum(positive.mean(axis=1, keepdims=True), SURE))


SCORE_SHAPES: Final[Mapping[str, Shape]] = {
    "raw": lambda score: score,
    "within": _within,
    "rank": _rank,
    "ratio": _ratio,
}


@dataclass(frozen=True)
class Calibrated:
    """Offset and slope of one shape of the scores."""

    shape: str
    centre: float
    offset: float
    slope: float

    @classmethod
    def fit(cls, shape: str, score: Floats, rate: Floats, k: Floats, n: Floats) -> Self:
        """The most likely offset and slope; `rate` (brands, 1) as known before the window."""
        x = SCORE_SHAPES[shape](score)[:, n > 0]
        k, n = k[:, n > 0], n[n > 0]
        centre, scale = float(x.mean()), float(max(x.std(), SURE))
        z = (x - centre) / scale
        found = np.zeros(2)
        for _ in range(50):
            p = expit(logit(rate) + found[0] + found[1] * z)
            residual, information = k - n * p, n * p * (1 - p)
            gradient = np.array([residual.sum(), (residual * z).sum()])
            cross = (information * z).sum()
            curvature = np.array([[information.sum(), cross], [cross, (information * z * z).sum()]])
            step = np.linalg.solve(curvature + 1e-6 * np.eye(2), gradient)
            step = np.clip(step, -1, 1)
            found = found + step
            if np.abs(step).max() < 1e-9:
                break
        return cls(shape, centre, float(found[0]), float(found[1] / scale))

    def __call__(self, score: Floats, rate: Floats) -> Floats:
        x = SCORE_SHAPES[self.shape](score)
        return np.asarray(expit(logit(rate) + self.offset + self.slope * (x - self.centre)))
