"""Peers that factorise past interactions: ALS and BPR, as the library implicit has them."""

from typing import Any

import numpy as np
from implicit.als import AlternatingLeastSquares
from implicit.bpr import BayesianPersonalizedRanking
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from benchmarks.quality.peers.history import History
from benchmarks.quality.peers.interactions import Weighting, interactions
from models.prediction import Floats


def als(
    history: History,
    *,
    weighting: Weighting,
    half_life: float | None,
    factors: int,
    regularization: float,
    alpha: float,
    random_state: int = 0,
) -> Floats:
    """Implicit ALS; confidence is 1 + alpha times the interaction."""
    with threadpool_limits(1, "blas"):  # the library warns of more
        model = AlternatingLeastSquares(
            factors=factors,
            regularization=regularization,
            alpha=alpha,
            iterations=20,
            use_gpu=False,
            num_threads=1,
            random_state=random_state,
        )
        return _scores(model, interactions(history, weighting, half_life))


def bpr(
    history: History,
    *,
    factors: int,
    learning_rate: float,
    regularization: float,
    iterations: int,
    random_state: int = 0,
) -> Floats:
    """Bayesian personalised ranking of stores that sold the brand above those that did not."""
    model = BayesianPersonalizedRanking(
        factors=factors,
        learning_rate=learning_rate,
        regularization=regularization,
        iterations=iterations,
        use_gpu=False,
        num_threads=1,
        random_state=random_state,
    )
    return _scores(model, interactions(history, "binary"))


def _scores(model: Any, met: Floats) -> Floats:
    model.fit(csr_matrix(met.astype(np.float32)), show_progress=False)
    return np.asarray(model.user_factors @ model.item_factors.T, dtype=float)
