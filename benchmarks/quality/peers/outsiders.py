"""Peers of the environment apart, given what they need of the history."""

import numpy as np

from benchmarks.quality.peers.apart import apart
from benchmarks.quality.peers.history import History
from benchmarks.quality.peers.interactions import Weighting, interactions
from benchmarks.quality.peers.rates import FEWEST_BASKETS, NAMES, Lessons, as_of_rates
from models.prediction import Floats


def mixed_model(
    history: History, *, strength: float, half_life: float | None, covariates: list[str]
) -> Floats:
    """GPBoost with crossed effects of brand and store, learned on earlier windows."""
    lessons = Lessons.of(history, strength=strength, half_life=half_life)
    return apart(
        "mixed_model",
        {"covariates": [NAMES.index(name) for name in covariates]},
        {
            **vars(lessons),
            "now": as_of_rates(history, strength=strength, half_life=half_life),
        },
    )


def factorisation_machine(
    history: History, *, strength: float, half_life: float | None, rank: int, iterations: int
) -> Floats:
    """myFM on brand, store and category; it learns the log of each pair's shrunken lift."""
    k, n = history.counts(half_life)
    rate = (k.sum(axis=1, keepdims=True) + 0.5) / (n.sum() + 1)
    return apart(
        "factorisation_machine",
        {"rank": rank, "iterations": iterations},
        {
            "lift": np.log((k + strength * rate) / (n + strength) / rate),
            "known": n >= FEWEST_BASKETS,
            "category": history.category,
        },
    )


def rectools_svd(
    history: History, *, weighting: Weighting, half_life: float | None, factors: int
) -> Floats:
    """RecTools: pure SVD of past interactions."""
    return apart(
        "recommenders",
        {"model": "pure SVD", "factors": factors},
        {
            "interactions": interactions(history, weighting, half_life),
            "category": history.category,
        },
    )


def rectools_als(
    history: History,
    *,
    weighting: Weighting,
    half_life: float | None,
    factors: int,
    alpha: float,
    regularization: float,
) -> Floats:
    """RecTools: ALS of past interactions and of the brands' categories."""
    return apart(
        "recommenders",
        {
            "model": "ALS",
            "factors": factors,
            "alpha": alpha,
            "regularization": regularization,
        },
        {
            "interactions": interactions(history, weighting, half_life),
            "category": history.category,
        },
    )
