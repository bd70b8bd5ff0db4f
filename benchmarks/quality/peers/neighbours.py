"""Peers that go by likeness of stores or of brands: item-kNN and EASE."""

from typing import Literal
from warnings import catch_warnings, simplefilter

import numpy as np
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender, TFIDFRecommender
from implicit.utils import ParameterWarning
from scipy.sparse import csr_matrix

from benchmarks.quality.peers.history import History
from benchmarks.quality.peers.interactions import Weighting, interactions
from models.prediction import Floats

Alike = Literal["stores", "brands"]
RECOMMENDERS = {
    "cosine": CosineRecommender,
    "tfidf": TFIDFRecommender,
    "bm25": BM25Recommender,
}


def item_knn(
    history: History,
    *,
    weighting: Weighting,
    alike: Alike,
    likeness: str,
    neighbours: int,
    half_life: float | None = None,
) -> Floats:
    """A pair's score: its brand's (store's) interactions with the nearest stores (brands)."""
    met = interactions(history, weighting, half_life)
    users_by_items = csr_matrix(met if alike == "stores" else met.T)
    model = RECOMMENDERS[likeness](K=neighbours, num_threads=1)
    with catch_warnings():
        simplefilter("ignore", ParameterWarning)  # the library's own matrices are not as it likes
        model.fit(users_by_items, show_progress=False)
    scores = (users_by_items @ model.similarity).toarray()
    return np.asarray(scores if alike == "stores" else scores.T, dtype=float)


def ease(
    history: History,
    *,
    weighting: Weighting,
    alike: Alike,
    ridge: float,
    half_life: float | None = None,
) -> Floats:
    """Shallow autoencoder in closed form: each column from all others, never from itself.

    B = I - P / diag(P) with P = (X'X + ridge I)^-1 (Steck, 2019).
    """
    met = interactions(history, weighting, half_life)
    users_by_items = met if alike == "stores" else met.T
    gram = users_by_items.T @ users_by_items
    inverse = np.linalg.inv(gram + ridge * np.trace(gram) / len(gram) * np.eye(len(gram)))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    scores = users_by_items @ weights
    return np.asarray(scores if alike == "stores" else scores.T)
