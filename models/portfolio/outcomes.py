"""Outcomes: what a portfolio may bring when creators decline and sessions vary."""

from dataclasses import dataclass

import numpy as np

from models.portfolio.candidates import Candidates, Floats, Positions
from models.portfolio.explore import Z80
from models.portfolio.settings import PortfolioSettings
from models.portfolio.value import SetValue

DRAWS = 4_000


@dataclass(frozen=True)
class Outcomes:
    """The spread of a portfolio's result, from draws."""

    lo80: float
    hi80: float
    p_loss: float
    """Probability that fees and samples are not earned back."""
    p_over_budget: float | None
    """Probability that more than the budget is spent; None without a budget."""


def outcomes(
    some: Candidates,
    value: SetValue,
    order: Positions,
    settings: PortfolioSettings,
    budget: float | None,
) -> Outcomes:
    """Draws of who accepts, who goes live and what one session brings, independent of each other.

    A session's worth is lognormal around its mean with `session_spread`; where that is unknown it
    varies as its 80 % interval does, which knows nothing of one evening's luck. Pairs lose what
    `SetValue` takes off, when both are live. Seeded.
    """
    m, random = len(order), np.random.default_rng(settings.random_state)
    if not m:
        return Outcomes(0.0, 0.0, 0.0, None if budget is None else 0.0)
    yes = random.random((DRAWS, m)) < some.accept[order]
    live = yes & (random.random((DRAWS, m)) < settings.fulfilment)
    sold = _sessions(some, order, random.standard_normal((DRAWS, m)))
    both = np.outer(some.accept[order], some.accept[order]) * settings.fulfilment**2
    lost = value.losses[np.ix_(order, order)] / np.where(both > 0, both, 1.0)
    shared = ((live @ lost) * live).sum(axis=1) / 2
    spent = live @ some.slot_fee[order] + yes @ some.sample_cost[order]
    result = (live * sold).sum(axis=1) - shared - spent
    low, high = np.quantile(result, [0.1, 0.9])
    over = None if budget is None else float(np.mean(spent > budget + 1e-6))
    return Outcomes(float(low), float(high), float(np.mean(result < 0)), over)


def _sessions(some: Candidates, order: Positions, z: Floats) -> Floats:
    """(draws, m): what one session of each brings."""
    mean, spread = some.worth[order], some.session_spread[order]
    up = np.nan_to_num(some.worth_hi80[order] - mean) / Z80
    down = np.nan_to_num(mean - some.worth_lo80[order]) / Z80
    told = mean + z * np.where(z > 0, up, down)
    one = mean * np.exp(np.nan_to_num(spread) * z - np.nan_to_num(spread) ** 2 / 2)
    return np.where(np.isnan(spread), told, one)
