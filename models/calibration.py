"""Correction of a predictor's level and steepness on weeks it has not learned from."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from models.links import Link
from models.prediction import Floats, PairRows

OFFSET_SD: Final = 1.0
SLOPE_SD: Final = 0.25
"""How far level and slope may be expected off, on the link scale, before any row is seen."""


@dataclass(frozen=True)
class Recalibration:
    """`calibrated = centre + offset + slope * (raw - centre)` on the link scale."""

    centre: float = 0.0
    offset: float = 0.0
    slope: float = 1.0

    def __call__(self, eta: Floats) -> Floats:
        return self.centre + self.offset + self.slope * (eta - self.centre)

    @classmethod
    def fit(cls, eta: Floats, rows: PairRows, link: Link, noise: float, variance: Floats) -> Self:
        """Offset and slope by penalised (quasi-)likelihood; the identity without trials.

        A row counts by its trials, so that totals come out right; but all rows together carry
        only the information of trials that share their pair's `variance`, so that a few large
        pairs cannot overrule the prior (offset 0 sd 1, slope 1 sd .25).
        """
        successes, trials = rows.outcome()
        seen = trials > 0
        if not seen.any():
            return cls()
        eta, k, n, weight = eta[seen], successes[seen], trials[seen], rows.weight[seen]
        observed = k / n
        by_trials = weight * n * _per_trial(link, link.inverse(eta))
        if by_trials.sum() <= 0:
            return cls()
        centre = float(np.average(eta, weights=by_trials))
        precision = np.array([OFFSET_SD**-2.0, SLOPE_SD**-2.0])
        found = np.array([0.0, 1.0])
        columns = np.stack([np.ones_like(eta), eta - centre])
        for _ in range(50):
            now = centre + found @ columns
            mean = link.inverse(now)
            certainty = np.maximum(link.certainty(n, mean), 1e-12)
            w = weight * n * _per_trial(link, mean)
            honest = float(np.sum(weight / (noise / certainty + variance[seen])))
            w *= honest / max(float(w.sum()), 1e-12)
            residual = (observed - mean) / np.maximum(link.steepness(mean), 1e-12)
            gradient = columns @ (w * residual) - precision * (found - [0.0, 1.0])
            curvature = (columns * w) @ columns.T + np.diag(precision)
            step = np.clip(np.linalg.solve(curvature, gradient), -1.0, 1.0)
            found = found + step
            if np.abs(step).max() < 1e-9:
                break
        return cls(centre, float(found[0]), float(np.clip(found[1], 0.05, 3.0)))


def _per_trial(link: Link, mean: Floats) -> Floats:
    """Weights of a trial under which fitted totals equal observed ones."""
    return link.steepness(mean) if link.is_rate else np.ones_like(mean)
