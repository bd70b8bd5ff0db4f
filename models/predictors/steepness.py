"""How steep forecasts should be: level and slope that the rows learned from agree with best."""

from typing import Final

import numpy as np

from models.links import Link
from models.prediction import Floats
from models.uncertainty.calibration import Recalibration

STEPS: Final = 30
LARGEST_STEP: Final = 1.0
LIKE_A_PRIOR: Final = 16.0
"""Certainty of the prior on level and slope (0 and 1, sd .25)."""
LOGIT: Final = Link(is_rate=True)


def steepness(eta: Floats, labels: Floats, weights: Floats) -> Recalibration:
    """Level and slope of logits under which these shares are most likely, each by its weight.

    Trees stop short: small steps never quite reach what the rows say, and what is taken for a
    deviation of one window (`ErrTogether`) is reached more slowly still. So their forecasts
    lie too close together, on rows learned from and on later ones alike. On rows learned from it
    is also how far the trees took chance for a fact, so it serves many rows and few trees where no
    later window is left to tell; `calibrate`, on later rows, takes its place.
    """
    centre = float(np.average(eta, weights=weights)) if weights.sum() > 0 else 0.0
    columns = np.stack([np.ones_like(eta), eta - centre])
    found, prior = np.array([0.0, 1.0]), np.array([0.0, 1.0])
    for _ in range(STEPS):
        share = LOGIT.inverse(centre + found @ columns)
        gradient = columns @ (weights * (labels - share)) - LIKE_A_PRIOR * (found - prior)
        curvature = (columns * (weights * share * (1 - share))) @ columns.T
        step = np.linalg.solve(curvature + LIKE_A_PRIOR * np.eye(2), gradient)
        step = np.clip(step, -LARGEST_STEP, LARGEST_STEP)
        found = found + step
        if np.abs(step).max() < 1e-9:
            break
    return Recalibration(centre, float(found[0]), float(found[1]))
