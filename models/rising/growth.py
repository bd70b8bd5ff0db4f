"""Growth of each creator: how much more the recent sessions draw, and whether luck explains it."""

from dataclasses import dataclass

import numpy as np

from models.prediction import Floats
from models.rising.contrasts import (
    LEAST_GROWTH,
    WINDOWS,
    contrasts,
    middled_levels,
    window_weights,
)
from models.rising.levels import Ints, SessionLevels
from models.rising.luck import luck_of, p_values
from models.rising.posterior import Posterior, posterior


@dataclass(frozen=True)
class Growth:
    """One entry per creator; nan (0 for counts) where no window could be tried."""

    p: Floats
    """How often a creator who draws at most a tenth more would look as risen, by luck alone."""
    log_growth: Posterior
    """Of the log of the level now over the level before."""
    days: Floats
    """The recent window that the posterior finds likeliest."""
    recent: Ints
    """Sessions in that window."""
    before: Ints
    """Sessions in the past it is held against."""


def growth(levels: SessionLevels, as_of_day: int, random_state: int = 0) -> Growth:
    """Growth as of the day (counted as the days of the levels are), from sessions before it."""
    middled, spread = middled_levels(levels)
    weights = window_weights(levels, as_of_day)
    seen = contrasts(levels, middled, weights, spread)
    luck = luck_of(levels, middled, spread, seen)
    standing = seen.standing
    p = np.full(len(standing), np.nan)
    if luck is not None:
        p = p_values(standing, weights, luck, random_state)
    told = posterior(seen.difference, seen.error, LEAST_GROWTH)
    rows = np.arange(len(p))
    tried = ~np.isnan(standing)
    return Growth(
        p,
        told,
        np.where(tried, np.array(WINDOWS, dtype=float)[told.window], np.nan),
        seen.recent[rows, told.window],
        seen.before[rows, told.window],
    )
