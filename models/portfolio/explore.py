"""Exploration: who is not proven yet and still likely to be among the best."""

import numpy as np

from models.portfolio.candidates import Candidates, Floats, Mask, Positions
from models.portfolio.settings import PortfolioSettings

Z80 = 1.2815515655446004


def unproven(some: Candidates, settings: PortfolioSettings) -> Mask:
    """Creators with few sessions for the brand, and those whom the diagnosis calls rising."""
    return np.asarray((some.sessions < settings.proven_sessions) | some.rising)


def p_among_best(some: Candidates, k: int, settings: PortfolioSettings) -> Floats:
    """(n,): how often each is among the k most worth asking, over draws from the forecasts.

    A draw of a session's worth lies above its mean by the upper half of the 80 % interval, below
    by the lower, normal on both sides; creators are drawn independently. Seeded: the same
    candidates give the same numbers. Ties go to the earlier candidate.
    """
    n = len(some)
    if n <= k:
        return np.ones(n)
    z = np.random.default_rng(settings.random_state).standard_normal((settings.draws, n))
    up = np.nan_to_num(some.worth_hi80 - some.worth) / Z80
    down = np.nan_to_num(some.worth - some.worth_lo80) / Z80
    drawn = some.worth + z * np.where(z > 0, up, down)
    live = some.accept * settings.fulfilment
    asked = live * (drawn - some.slot_fee) - some.accept * some.sample_cost
    among = np.argsort(-asked, axis=1, kind="stable")[:, :k]
    return np.bincount(among.ravel(), minlength=n) / settings.draws


def likeliest(chance: Floats, who: Mask) -> Positions:
    """Those of `who` that were among the best in any draw, the likeliest first."""
    some = np.flatnonzero(who & (chance > 0))
    return some[np.argsort(-chance[some], kind="stable")]
