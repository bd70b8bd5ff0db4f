"""Correction of a predictor's level and steepness on weeks it has not learned from."""

from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from models.links import Link
from models.prediction import Floats, PairRows
from models.uncertainty.noise import Noise

OFFSET_SD: Final = 1.0
SLOPE_SD: Final = 0.25
"""How far level and slope may be expected off, on the link scale, before any row is seen."""
TOGETHER: Final = 0.3
"""Part of a row's variance that it shares with the other rows of its creator: they were sold in
the same sessions. So no creator counts for more than three or four rows."""
STEPS: Final = 50


@dataclass(frozen=True)
class Recalibration:
    """`calibrated = centre + offset + slope * (raw - centre)` on the link scale."""

    centre: float = 0.0
    offset: float = 0.0
    slope: float = 1.0

    def __call__(self, eta: Floats) -> Floats:
        return self.centre + self.offset + self.slope * (eta - self.centre)

    @classmethod
    def fit(cls, eta: Floats, rows: PairRows, link: Link, noise: Noise, variance: Floats) -> Self:
        """Offset and slope by penalised (quasi-)likelihood; the identity without trials.

        A row counts by what it tells: one over the variance of its outcome, which is chance and
        the `variance` of true rates around the forecast. Rows of one creator err together (they
        share its sessions), so each creator's rows count together by what they tell of all.
        The prior is offset 0, sd 1, and slope 1, sd .25.
        """
        trials = rows.outcome()[1]
        seen = trials > 0
        if not seen.any():
            return cls()
        rows, eta, variance = rows.take(seen), eta[seen], variance[seen]
        creator = np.unique(rows.creator_id, return_inverse=True)[1]
        lines = noise.of_lines(noise.lines(rows), link.inverse(eta))
        total = _residuals(eta, rows, link, noise, variance + lines)[1]
        centre = float(np.average(eta, weights=_weights(rows.weight, total, creator)))
        precision = np.array([OFFSET_SD**-2.0, SLOPE_SD**-2.0])
        columns = np.stack([np.ones_like(eta), eta - centre])
        found = np.array([0.0, 1.0])
        for _ in range(STEPS):
            now = centre + found @ columns
            residual, total = _residuals(now, rows, link, noise, variance + lines)
            w = _weights(rows.weight, total, creator)
            gradient = columns @ (w * residual) - precision * (found - [0.0, 1.0])
            curvature = (columns * w) @ columns.T + np.diag(precision)
            step = np.clip(np.linalg.solve(curvature, gradient), -1.0, 1.0)
            found = found + step
            if np.abs(step).max() < 1e-9:
                break
        return cls(centre, float(found[0]), float(np.clip(found[1], 0.05, 3.0)))


def _residuals(
    eta: Floats, rows: PairRows, link: Link, noise: Noise, variance: Floats
) -> tuple[Floats, Floats]:
    """How far outcomes lie from their means on the link scale, and the variance of that.

    Of counts the logarithm is compared, with half its variance added: a mean of relative errors
    would hang on the largest.
    """
    k, n = rows.outcome()
    mean = link.inverse(eta)
    if not link.is_rate:
        return np.log((k + 0.5) / n) - np.log(mean) + variance / 2, variance
    steep = np.maximum(link.steepness(mean), 1e-12)
    return (k / n - mean) / steep, variance + noise.per_trial / np.maximum(n * steep, 1e-12)


def _weights(weight: Floats, total: Floats, group: npt.NDArray[Any]) -> Floats:
    """Least-squares weights of rows whose groups share a part of their variance."""
    own = weight / np.maximum(total * (1 - TOGETHER), 1e-12)
    return np.asarray(own / (1 + TOGETHER * np.bincount(group, own * total)[group]))
