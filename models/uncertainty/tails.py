"""The shape of a forecast's errors: normal, but for a few pairs that err three times as far."""

from typing import Final

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from models.prediction import Floats

WILD: Final = 3.0


def split(variance: Floats, wild: float) -> tuple[Floats, Floats]:
    """Variances of the usual pairs and of the wild ones, which together have this variance."""
    usual = variance / (1 - wild + wild * WILD**2)
    return usual, WILD**2 * usual


def below(z: Floats, wild: float) -> Floats:
    """P(error < z), for errors of standard deviation 1 of which the share `wild` is wild.

    >>> below(np.array([0.0, 1.2815515655446004]), 0.0).round(3).tolist()
    [0.5, 0.9]
    """
    if wild == 0:
        return np.asarray(ndtr(z))
    stretch = float(np.sqrt(1 - wild + wild * WILD**2))
    return np.asarray((1 - wild) * ndtr(z * stretch) + wild * ndtr(z * stretch / WILD))


def quantile(p: float, wild: float) -> float:
    """The error, of standard deviation 1, below which a share `p` lies; 0 < p < 1.

    >>> round(quantile(0.9, 0.0), 4), round(quantile(0.9, 0.05), 4)
    (1.2816, 1.1431)
    """
    if wild == 0:
        return float(ndtri(p))
    return float(brentq(lambda z: float(below(np.array(z), wild)) - p, -40.0, 40.0))


def drawn(shape: tuple[int, ...], wild: float, random: np.random.Generator) -> Floats:
    """Errors of standard deviation 1, independent."""
    usual, far = split(np.array(1.0), wild)
    sd = np.where(random.random(shape) < wild, np.sqrt(far), np.sqrt(usual))
    return np.asarray(sd * random.standard_normal(shape))
