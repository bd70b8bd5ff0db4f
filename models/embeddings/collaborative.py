"""Creators and items as vectors, learned from who sold what: implicit ALS and BPR.

The only module that imports `implicit`. One thread and a given random state, so that the same
history gives the same vectors to the bit.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from threadpoolctl import threadpool_limits

from models.embeddings.settings import EmbeddingSettings

Vectors = npt.NDArray[np.float32]
Positions = npt.NDArray[np.intp]


def als_vectors(
    weights: sparse.csr_matrix, settings: EmbeddingSettings, random_state: int
) -> tuple[Vectors, Vectors]:
    """Vectors whose dot product says how surely a creator goes with an item.

    `weights` is creators x items, positive where there is history; the confidence in a pair is
    1 + `als_confidence` x weight (Hu, Koren, Volinsky 2008). Zeros without any history.
    """
    from implicit.cpu.als import AlternatingLeastSquares

    known = _positive(weights)
    if known.nnz == 0:
        return _zeros(weights.shape, settings.size)
    rounds = int(np.clip(settings.als_steps // known.nnz, 4, settings.als_iterations))
    known.data = 1 + settings.als_confidence * known.data
    with threadpool_limits(1):
        model = AlternatingLeastSquares(
            factors=settings.size,
            regularization=settings.als_regularization,
            iterations=rounds,
            num_threads=1,
            random_state=random_state,
        )
        model.fit(known, show_progress=False)
    return _vectors(model)


def bpr_vectors(
    weights: sparse.csr_matrix, settings: EmbeddingSettings, random_state: int
) -> tuple[Vectors, Vectors]:
    """Vectors that rank, for each creator, items with history above items without (Rendle 2009).

    Only whether a weight is positive counts. The last dimension is the item's own popularity
    (1 on the creators' side). Zeros without any history.
    """
    from implicit.cpu.bpr import BayesianPersonalizedRanking

    known = _positive(weights)
    if known.nnz == 0:
        return _zeros(weights.shape, settings.size + 1)
    rounds = int(np.clip(settings.bpr_steps // known.nnz, 3, settings.bpr_iterations))
    with threadpool_limits(1):
        model = BayesianPersonalizedRanking(
            factors=settings.size,
            learning_rate=settings.bpr_learning_rate,
            regularization=settings.bpr_regularization,
            iterations=rounds,
            num_threads=1,
            random_state=random_state,
        )
        model.fit(known, show_progress=False)
    return _vectors(model)


def largest_dots(queries: Vectors, vectors: Vectors, k: int) -> Positions:
    """For each query the positions of the k vectors with the largest dot product, best first.

    Exact, in blocks, (len(queries), min(k, len(vectors))). Ties are broken by position.
    """
    from implicit.cpu.topk import topk

    k = min(k, len(vectors))
    if k == 0 or len(queries) == 0:
        return np.empty((len(queries), k), np.intp)
    found, dots = topk(
        np.ascontiguousarray(vectors, np.float32),
        np.ascontiguousarray(queries, np.float32),
        k,
        num_threads=1,
    )
    order = np.lexsort((found, -dots), axis=1)
    return np.take_along_axis(found, order, axis=1).astype(np.intp)


def _positive(weights: sparse.csr_matrix) -> sparse.csr_matrix:
    known = sparse.csr_matrix(weights, dtype=np.float32, copy=True)
    known.data[~(known.data > 0)] = 0
    known.eliminate_zeros()
    known.sort_indices()
    return known


def _zeros(shape: tuple[int, int], size: int) -> tuple[Vectors, Vectors]:
    return np.zeros((shape[0], size), np.float32), np.zeros((shape[1], size), np.float32)


def _vectors(model: Any) -> tuple[Vectors, Vectors]:
    creators = np.asarray(model.user_factors, np.float32)
    items = np.asarray(model.item_factors, np.float32)
    return np.nan_to_num(creators), np.nan_to_num(items)
