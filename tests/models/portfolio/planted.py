"""Candidates made by hand or by chance, for the tests of portfolios."""

from typing import Any

import numpy as np

from models.portfolio.candidates import Candidates
from models.portfolio.overlap import market_of, overlap
from models.portfolio.settings import PortfolioSettings
from models.portfolio.value import SetValue


def some(worth: Any, **given: Any) -> Candidates:
    """Candidates of these worths who ask no fee, always accept and share no audience."""
    n = len(worth)
    values = {
        "ids": np.array([f"c{i}" for i in range(n)], object),
        "worth": np.array(worth, float),
        "worth_lo80": np.array(worth, float) * 0.5,
        "worth_hi80": np.array(worth, float) * 2.0,
        "session_spread": np.full(n, np.nan),
        "slot_fee": np.zeros(n),
        "sample_cost": np.zeros(n),
        "accept": np.ones(n),
        "accept_known": np.ones(n, bool),
        "sessions": np.full(n, 10.0),
        "rising": np.zeros(n, bool),
        "tier": np.array(["tail"] * n, object),
        "agency": np.array([None] * n, object),
        "followers": np.zeros(n),
        "audience": np.ones((n, 1)),
    }
    for name, column in given.items():
        values[name] = np.array(column, dtype=np.asarray(values[name]).dtype)
    return Candidates(**values)


def random_candidates(n: int, seed: int) -> Candidates:
    """Candidates of heavy-tailed followers, sales and fees, in tiers, agencies and audiences."""
    rng = np.random.default_rng(seed)
    followers = 1e5 * rng.random(n) ** (-1 / 0.95)
    worth = followers**0.8 * np.exp(rng.normal(0, 1, n))
    tiers = np.array(["tail", "waist", "shoulder", "head"], object)
    agencies = [None, *(f"agency {i}" for i in range(4))]
    return some(
        worth,
        slot_fee=np.where(rng.random(n) < 0.4, 0, 0.1 * worth * np.exp(rng.normal(0, 1, n))),
        sample_cost=rng.uniform(5, 100, n),
        accept=rng.uniform(0.05, 0.9, n),
        sessions=rng.integers(0, 8, n),
        tier=tiers[np.searchsorted([1e6, 5e6, 1e7], followers)],
        agency=[agencies[i] for i in rng.integers(0, 5, n)],
        followers=followers,
        audience=rng.dirichlet(np.full(8, 2.0), n),
    )


def value_of(candidates: Candidates, settings: PortfolioSettings) -> SetValue:
    """Their value in a market that holds nobody else."""
    market = market_of(candidates.followers, candidates.audience)
    shared = overlap(candidates.followers, candidates.audience, market, settings)
    return SetValue.of(candidates, shared, settings)
