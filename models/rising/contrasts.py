"""Contrasts: a creator's recent sessions against the own past, in every window that is tried."""

from dataclasses import dataclass

import numpy as np

from models.prediction import Floats
from models.rising.levels import Ints, SessionLevels

WINDOWS = (30, 60, 90, 180)
"""Days that may be `recent`; all are tried, and what trying them costs is paid for."""
PAST_DAYS = 365
"""How long before the recent window the own past reaches."""
LEAST_SESSIONS = 3
"""In the recent window and in the past; with fewer the window is not tried."""
ACTIVE_DAYS = 90
"""Who has not been live for longer is not rising now, and is not tested."""
LEAST_GROWTH = float(np.log(1.1))
"""A creator who draws up to a tenth more than before is not rising: nobody is wholly steady."""
PRIOR_FREEDOM = 20.0
"""The spread common to all creators counts as much as so many of the creator's own sessions."""
STRETCH = 3.5
"""A session further than so many spreads from the creator's middle counts as no further."""
MANY_SESSIONS = 8
"""With fewer a creator's sessions do not tell how sessions spread."""


@dataclass(frozen=True)
class Contrasts:
    """Recent less past mean level, creator x window; nan where the window cannot be tried."""

    difference: Floats
    error: Floats
    """Standard error of each."""
    recent: Ints
    """Sessions in the recent window, and in the past it is held against."""
    before: Ints

    @property
    def standing(self) -> Floats:
        """Largest difference beyond LEAST_GROWTH, in standard errors; nan where none is tried."""
        beyond = (self.difference - LEAST_GROWTH) / self.error
        tried = ~np.isnan(beyond).all(axis=1)
        return np.where(tried, np.max(np.nan_to_num(beyond, nan=-np.inf), axis=1), np.nan)


def contrasts(
    levels: SessionLevels, middled: Floats, weights: list[Floats], spread: float
) -> Contrasts:
    """Of every creator; `middled` and `spread` from `middled_levels`."""
    shape = (len(weights), len(WINDOWS))
    difference, error = np.full(shape, np.nan), np.full(shape, np.nan)
    recent, before = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for creator, of_windows in enumerate(weights):
        if of_windows.any():
            own = middled[levels.of(creator)][None, :]
            told, errs = differences(own, of_windows, spread)
            difference[creator], error[creator] = told[0], errs[0]
            recent[creator] = (of_windows > 0).sum(axis=0)
            before[creator] = (of_windows < 0).sum(axis=0)
    return Contrasts(difference, error, recent, before)


def differences(draws: Floats, weights: Floats, spread: float) -> tuple[Floats, Floats]:
    """Differences and their errors, (draws, windows), of levels (draws, sessions).

    The error pools how sessions spread within the two sides with the common spread, as a t-test
    moderated by a prior does (Smyth 2004, doi 10.2202/1544-6115.1027).
    """
    recent, past = (weights > 0).astype(float), (weights < 0).astype(float)
    n, m = recent.sum(axis=0), past.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        above, below = draws @ recent / n, draws @ past / m
        inside = draws**2 @ (recent + past) - n * above**2 - m * below**2
        variance = (PRIOR_FREEDOM * spread**2 + np.maximum(inside, 0.0)) / (
            PRIOR_FREEDOM + n + m - 2
        )
        error = np.sqrt(variance * (1 / n + 1 / m))
    return np.where(n > 0, above - below, np.nan), np.where(n > 0, error, np.nan)


def window_weights(levels: SessionLevels, as_of_day: int) -> list[Floats]:
    """Per creator (sessions, windows): 1 in the recent window, -1 in the past, 0 in neither.

    A column is all 0 where its window cannot be tried.
    """
    ago = as_of_day - levels.day
    recent = np.stack([ago <= days for days in WINDOWS], axis=1)
    past = np.stack([(ago > days) & (ago <= days + PAST_DAYS) for days in WINDOWS], axis=1)
    weights = recent.astype(float) - past
    made = []
    for creator in range(len(levels.counts)):
        of = levels.of(creator)
        enough = (recent[of].sum(0) >= LEAST_SESSIONS) & (past[of].sum(0) >= LEAST_SESSIONS)
        live = (ago[of] <= ACTIVE_DAYS).any()
        made.append(weights[of] * (enough & live))
    return made


def middled_levels(levels: SessionLevels) -> tuple[Floats, float]:
    """Levels less their creator's middle, stretched ones drawn in; and the common spread."""
    middled = np.empty(len(levels.level))
    spreads = []
    for creator, many in enumerate(levels.counts):
        of = levels.of(creator)
        own = levels.level[of] - (np.median(levels.level[of]) if many else 0.0)
        middled[of] = own
        if many >= MANY_SESSIONS:
            spreads.append(1.4826 * np.median(np.abs(own)) * np.sqrt(many / (many - 1)))
    spread = float(np.median(spreads or np.abs(np.append(middled, 1.0)))) or 1.0
    return np.clip(middled, -STRETCH * spread, STRETCH * spread), spread
