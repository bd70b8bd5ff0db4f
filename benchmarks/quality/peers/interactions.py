"""Past interactions of brands with stores as recommenders take them: one weight a pair."""

from typing import Final, Literal

import numpy as np

from benchmarks.quality.peers.history import History
from models.prediction import Floats

Weighting = Literal["binary", "count", "log", "rate", "lift"]
STRENGTH: Final = 200.0
"""Baskets that the brand's rate counts for where a rate is the weight."""


def interactions(history: History, weighting: Weighting, half_life: float | None = None) -> Floats:
    """(brands, stores), 0 where they never met.

    `count` are baskets with the brand, `log` their log(1 + count), `rate` those per basket of
    the store in units of the mean pair, `lift` the shrunken rate over the brand's own.
    """
    k, n = history.counts(half_life)
    if weighting == "binary":
        return (k > 0).astype(float)
    if weighting == "count":
        return k
    if weighting == "log":
        return np.log1p(k)
    shrunken = k / (n + STRENGTH)
    if weighting == "rate":
        return np.asarray(shrunken / max(shrunken[k > 0].mean(), 1e-12))
    return np.asarray(shrunken / ((k.sum(axis=1, keepdims=True) + 0.5) / (n.sum() + 1)))
