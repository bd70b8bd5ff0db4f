"""Logistic regression on the usual as-of rates (scikit-learn)."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from benchmarks.quality.peers.history import History
from benchmarks.quality.peers.rates import Lessons, as_of_rates
from models.prediction import Floats


def logistic(
    history: History, *, strength: float, half_life: float | None, inverse_ridge: float
) -> Floats:
    """Each pair of each window once for its sales and once for its baskets without."""
    lessons = Lessons.of(history, strength=strength, half_life=half_life)
    scaler = StandardScaler().fit(lessons.rates)
    rates = scaler.transform(lessons.rates)
    sold = np.repeat([1, 0], len(rates))
    baskets = np.concatenate([lessons.k, lessons.n - lessons.k])
    model = LogisticRegression(C=inverse_ridge, solver="newton-cholesky", max_iter=100, tol=1e-8)
    model.fit(np.concatenate([rates, rates]), sold, sample_weight=baskets)
    now = as_of_rates(history, strength=strength, half_life=half_life)
    p = model.predict_proba(scaler.transform(now.reshape(-1, now.shape[-1])))[:, 1]
    return np.asarray(p).reshape(now.shape[:2])
