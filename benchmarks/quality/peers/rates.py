"""The usual rates as of a date, for peers that regress: one row a pair, and the rows to learn."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from scipy.special import logit

from benchmarks.quality.peers.history import History
from models.prediction import Floats

Positions = npt.NDArray[np.intp]

NAMES: Final = ("pair", "category in store", "store", "brand", "baskets of store", "met")
FEWEST_BASKETS: Final = 10
"""Of a store in the outcome weeks, for its pairs to be learned from."""


def as_of_rates(history: History, *, strength: float, half_life: float | None) -> Floats:
    """Logs and logits of past rates, (brands, stores, 6).

    The pair's rate over the brand's, the category's rate in the store over its rate everywhere,
    the store's baskets with any of the brands over the usual (all shrunk), the brand's rate, the
    store's baskets, and whether the pair ever sold.
    """
    k, n = history.counts(half_life)
    brand = (k.sum(axis=1, keepdims=True) + 0.5) / (n.sum() + 1)
    pair = (k + strength * brand) / (n + strength)
    sold = history.of_category(k)
    category = (sold.sum(axis=1, keepdims=True) + 0.5) / (n.sum() + 1)
    in_store = (sold + 1000 * category) / (n + 1000)
    total = k.sum(axis=0)
    store = (total + 200 * total.sum() / n.sum()) / (n + 200)
    columns = [
        np.log(pair / brand),
        np.log(in_store / category),
        np.log(store / store.mean()),
        logit(brand),
        np.log1p(n),
        k > 0,
    ]
    return np.stack([np.broadcast_to(column, k.shape) for column in columns], axis=-1, dtype=float)


@dataclass(frozen=True)
class Lessons:
    """Pairs of every learnable window with their rates before it and what happened in it."""

    rates: Floats  # (rows, 6)
    brand: Positions
    store: Positions
    k: Floats
    n: Floats

    @classmethod
    def of(cls, history: History, *, strength: float, half_life: float | None) -> Self:
        parts = []
        for as_of, last_week in history.windows():
            k, n = history.after(as_of, last_week)
            before = as_of_rates(history.before(as_of), strength=strength, half_life=half_life)
            brand, store = np.nonzero(np.broadcast_to(n >= FEWEST_BASKETS, k.shape))
            parts.append((before[brand, store], brand, store, k[brand, store], n[store]))
        return cls(*(np.concatenate(column) for column in zip(*parts, strict=True)))
