"""Every peer by name: what it reads, whether it says a probability, the settings tried."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from benchmarks.quality.peers.counting import category_popularity, pair_rate, popularity
from benchmarks.quality.peers.factors import als, bpr
from benchmarks.quality.peers.neighbours import ease, item_knn
from benchmarks.quality.peers.outsiders import (
    factorisation_machine,
    mixed_model,
    rectools_als,
    rectools_svd,
)
from benchmarks.quality.peers.regression import logistic
from models.prediction import Floats

Settings = Mapping[str, Any]


@dataclass(frozen=True)
class Peer:
    """`score(history, **settings)` is (brands, stores): higher sells better.

    Unless `is_probability`, what it says is a ranking, and probabilities are made of it as for
    every other such peer (`calibrated`).
    """

    name: str
    reads: str
    score: Callable[..., Floats]
    tried: Sequence[Settings]
    is_probability: bool = False
    is_apart: bool = False


def every(**values: Sequence[Any]) -> list[Settings]:
    """All combinations, the last name turning fastest."""
    return [dict(zip(values, chosen, strict=True)) for chosen in product(*values.values())]


COVARIATES: Final = (
    ["pair", "category in store"],
    ["pair", "category in store", "store", "brand", "baskets of store"],
    ["pair", "category in store", "store", "brand", "baskets of store", "met"],
)
"""Of the mixed model, beside its crossed effects."""

PEERS: Final = (
    Peer(
        "popularity",
        "sales of each store",
        popularity,
        every(per_basket=[False, True]),
    ),
    Peer(
        "category popularity",
        "sales of each store in the brand's category",
        category_popularity,
        every(per_basket=[False], strength=[0], half_life=[15, None])
        + every(per_basket=[True], strength=[200, 800], half_life=[15, None]),
    ),
    Peer(
        "empirical-Bayes pair rate",
        "baskets with the brand and baskets",
        pair_rate,
        every(strength=[100, 200, 300, 400], half_life=[15, 25, None]),
        is_probability=True,
    ),
    Peer(
        "implicit ALS",
        "past interactions",
        als,
        [
            {**first, **second}
            for first in every(weighting=["log", "rate"], half_life=[None], factors=[32, 128])
            for second in (
                {"alpha": 1.0, "regularization": 0.1},
                {"alpha": 0.1, "regularization": 1.0},
                {"alpha": 0.1, "regularization": 10.0},
            )
        ],
    ),
    Peer(
        "implicit BPR",
        "past interactions",
        bpr,
        every(
            factors=[32, 64],
            learning_rate=[0.05, 0.1],
            regularization=[0.01],
            iterations=[50, 200],
        ),
    ),
    Peer(
        "item-kNN",
        "past interactions",
        item_knn,
        every(
            alike=["brands"],
            weighting=["rate", "lift"],
            likeness=["cosine"],
            neighbours=[3, 5, 20],
            half_life=[15],
        )
        + every(
            alike=["stores"],
            weighting=["rate", "log"],
            likeness=["cosine", "bm25"],
            neighbours=[3],
            half_life=[15],
        )
        + every(
            alike=["brands"],
            weighting=["rate"],
            likeness=["tfidf", "bm25"],
            neighbours=[3],
            half_life=[15],
        ),
    ),
    Peer(
        "EASE",
        "past interactions",
        ease,
        every(
            alike=["brands"],
            weighting=["log", "rate", "lift"],
            ridge=[0.01, 0.1, 1.0],
            half_life=[15],
        )
        + every(alike=["stores"], weighting=["log", "rate", "lift"], ridge=[0.01], half_life=[15]),
    ),
    Peer(
        "factorisation machine (myFM)",
        "past interactions, the brand's category",
        factorisation_machine,
        every(strength=[100], half_life=[15], rank=[8, 32, 64, 128], iterations=[60])
        + every(strength=[300], half_life=[15], rank=[8, 64], iterations=[60]),
        is_apart=True,
    ),
    Peer(
        "RecTools pure SVD",
        "past interactions",
        rectools_svd,
        every(weighting=["log", "rate", "lift"], half_life=[15], factors=[16, 64, 128]),
        is_apart=True,
    ),
    Peer(
        "RecTools ALS",
        "past interactions, the brand's category",
        rectools_als,
        every(
            weighting=["rate", "lift"],
            half_life=[15],
            factors=[32, 128],
            alpha=[0.1, 0.3],
            regularization=[3.0, 30.0],
        ),
        is_apart=True,
    ),
    Peer(
        "logistic regression",
        "as-of rates of pair, brand, store, category",
        logistic,
        every(strength=[100, 300], half_life=[15, 25], inverse_ridge=[1e-4, 1.0]),
        is_probability=True,
    ),
    Peer(
        "GPBoost, crossed effects",
        "as-of rates of pair, brand, store, category",
        mixed_model,
        every(strength=[100, 300], half_life=[15], covariates=COVARIATES),
        is_probability=True,
        is_apart=True,
    ),
)
