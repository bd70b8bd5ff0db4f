"""How far true rates lie around a forecast, told by what happened later."""

import numpy as np
from scipy.optimize import minimize_scalar

from models.links import Link
from models.prediction import Floats, PairRows
from models.uncertainty.intervals import log_likelihood


def pair_variance(mean: Floats, rows: PairRows, link: Link, noise: float) -> float:
    """The one variance of true rates around `mean` under which the outcomes are most likely."""
    successes, trials = rows.outcome()

    def cost(log_variance: float) -> float:
        variance = np.full(len(rows), np.exp(log_variance))
        fit = log_likelihood(successes, trials, mean, variance, link, noise)
        return -float(rows.weight @ fit)

    found = minimize_scalar(cost, bounds=(np.log(1e-3), np.log(4.0)), method="bounded")
    return float(np.exp(found.x))
