"""A little journey whose truth is known: stores of two kinds, brands of two categories."""

import numpy as np

from benchmarks.quality.journey import Journey
from models.prediction import Floats

BRANDS, STORES, WEEKS = 24, 30, 54


def planted(random_state: int = 0) -> tuple[Journey, Floats]:
    """Weekly counts and the true rates (brands, stores): a category sells in its kind of store."""
    random = np.random.default_rng(random_state)
    kind = np.arange(STORES) % 2
    group = np.arange(BRANDS) % 2
    match = (group[:, None] == kind[None, :]) * 2.5
    own = random.normal(0, 0.4, (BRANDS, STORES))
    rate = 1 / (1 + np.exp(7.0 - random.normal(0, 0.5, (BRANDS, 1)) - match - own))
    n = random.poisson(30, (WEEKS, STORES))
    n[0] = 0
    k = random.binomial(n[:, None, :], rate)
    names = np.array([f"b{i:02d}" for i in range(BRANDS)])
    stores = np.array([f"s{i:02d}" for i in range(STORES)])
    category = np.array(["bread", "tea"])[group]
    return Journey(names, stores, category, k.astype(np.int32), n.astype(np.int32)), rate
