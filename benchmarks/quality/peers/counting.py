"""Peers that count: popularity of a store, of a store in the brand's category, rate of a pair."""

import numpy as np

from benchmarks.quality.peers.history import History
from models.prediction import Floats


def popularity(history: History, *, per_basket: bool) -> Floats:
    """Sales of a store over all brands, or those per basket: the same list for every brand."""
    k, n = history.counts()
    total = k.sum(axis=0) / (n + 1 if per_basket else 1.0)
    return np.broadcast_to(total, k.shape).astype(float)


def category_popularity(
    history: History, *, per_basket: bool, strength: float, half_life: float | None
) -> Floats:
    """Sales of a store in the brand's category, or those per basket shrunk to all stores' rate."""
    k, n = history.counts(half_life)
    sold = history.of_category(k)
    if not per_basket:
        return sold
    rate = sold.sum(axis=1, keepdims=True) / n.sum()
    return np.asarray((sold + strength * rate) / (n + strength))


def pair_rate(history: History, *, strength: float, half_life: float | None) -> Floats:
    """Empirical Bayes: a pair's own rate, shrunk to the brand's as by `strength` baskets."""
    k, n = history.counts(half_life)
    rate = (k.sum(axis=1, keepdims=True) + 0.5) / (n.sum() + 1)
    return np.asarray((k + strength * rate) / (n + strength))
