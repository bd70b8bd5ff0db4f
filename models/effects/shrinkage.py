"""What a part is worth given how little tells of it, and how much parts of a kind differ."""

from typing import Final

import numpy as np
from scipy.optimize import minimize

from models.effects.crossed import Positions
from models.effects.lines import Floats

RANGE: Final = (1e-5, 4.0)
"""Of a variance on the link scale."""
LEAST_FREE: Final = 0.02
"""Share of a block's effects that count as determined at least."""
EVENING_SD: Final = 0.5
"""Of the logarithm of what evenings differ by, around what is usual."""


def added(place: Positions, values: Floats, size: int) -> Floats:
    """Sums of the values by place, (size,)."""
    return np.bincount(place, values, size).astype(np.float64)


def ridge(design: Floats, weight: Floats, total: Floats, variance: float) -> tuple[Floats, float]:
    """Slopes of total / weight on the design, and how many of them the rows determine.

    `weight` is the certainty of each row, `variance` that of the slopes around 0.
    """
    size = design.shape[1]
    if not size:
        return np.zeros(0), 0.0
    gram = design.T @ (weight[:, None] * design)
    inverse = np.linalg.inv(gram + np.eye(size) / variance)
    return inverse @ (design.T @ total), float(size - np.trace(inverse) / variance)


def fixed_point(effects: Floats, doubt: Floats, variance: float) -> float:
    """The next value of a block's variance, from its effects and the variances left of them.

    MacKay's: their sum of squares over the number of effects that the rows determine.
    """
    if not len(effects):
        return variance
    free = max(float(np.sum(1 - doubt / variance)), LEAST_FREE * len(effects))
    return float(np.clip(effects @ effects / free, *RANGE))


def creators_and_evenings(
    beyond: Floats,
    chance: Floats,
    evenings: Floats,
    *,
    usual_evening: float,
    start: tuple[float, float],
) -> tuple[float, float]:
    """Variances of creators and of single evenings, most likely together.

    `beyond` (creators,) is what each showed beyond its prior mean, its variance

        creators + single evening / `evenings` + `chance`.

    Creators of few evenings differ by more than those of many: that tells the two apart. Where it
    tells little an evening's is near `usual_evening` (sd `EVENING_SD` of its logarithm).
    """
    squared = beyond**2

    def cost(logs: Floats) -> float:
        variance = np.exp(logs[0]) + np.exp(logs[1]) / evenings + chance
        unusual = (logs[1] - np.log(usual_evening)) / EVENING_SD
        return float(np.sum(squared / variance + np.log(variance)) + unusual**2) / 2

    found = minimize(cost, np.log(start), method="L-BFGS-B", bounds=[np.log(RANGE)] * 2).x
    creators, evening = np.exp(found).tolist()
    return creators, evening
