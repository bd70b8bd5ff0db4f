"""Luck: how far the sessions of steady creators rise by chance, whichever window is picked."""

from dataclasses import dataclass

import numpy as np

from models.prediction import Floats
from models.rising.contrasts import MANY_SESSIONS, Contrasts, differences
from models.rising.levels import Ints, SessionLevels

STEADY = 4.0
"""Creators whose windows differ by more (in standard errors) do not tell what luck alone does."""
DRAWS = (200, 5_000, 100_000)
"""How often luck is drawn: for everybody, then again for those whom fewer draws could not tell."""
UNTIL = (0.05, 0.002)
"""Whose p is above has been drawn often enough."""
AT_ONCE = 2_000_000
"""Sessions drawn at a time, to keep memory small."""


@dataclass(frozen=True)
class Luck:
    """Sessions of steady creators, to be dealt to others in any order."""

    middled: Floats
    starts: Ints
    counts: Ints
    spread: float

    def drawn(self, draws: int, sessions: int, random: np.random.Generator) -> Floats:
        """(draws, sessions): each row is dealt from the sessions of one steady creator."""
        donor = random.integers(len(self.counts), size=draws)
        place = random.random((draws, sessions)) * self.counts[donor][:, None]
        return self.middled[self.starts[donor][:, None] + place.astype(np.int64)]


def luck_of(levels: SessionLevels, middled: Floats, spread: float, seen: Contrasts) -> Luck | None:
    """From creators with sessions enough who show no great change; None without any."""
    changed = np.nan_to_num(np.abs(seen.difference / seen.error), nan=0.0).max(axis=1) >= STEADY
    donors = np.flatnonzero((levels.counts >= MANY_SESSIONS) & ~changed)
    if not len(donors):
        return None
    return Luck(middled, levels.starts[donors], levels.counts[donors], spread)


def p_values(standing: Floats, weights: list[Floats], luck: Luck, random_state: int = 0) -> Floats:
    """How often luck alone stands as high in the best of the same windows; nan where untried.

    (1 + draws at least as high) / (1 + draws), so never 0. `standing` is held beyond
    LEAST_GROWTH and luck is not: the p-value is of growing by no more than that.
    """
    random = np.random.default_rng(random_state)
    p = np.where(np.isnan(standing), np.nan, 1.0)
    for draws, until in zip(DRAWS, (1.0, *UNTIL), strict=True):
        for creator in np.flatnonzero((standing > 0) & (p <= until)):
            tried = weights[creator].any(axis=0)
            used = weights[creator].any(axis=1)
            of_windows = weights[creator][np.ix_(used, tried)]
            higher = _as_high(standing[creator], of_windows, luck, draws, random)
            p[creator] = (1 + higher) / (1 + draws)
    return p


def _as_high(
    standing: float, weights: Floats, luck: Luck, draws: int, random: np.random.Generator
) -> int:
    sessions, higher = len(weights), 0
    step = max(AT_ONCE // sessions, 1)
    for first in range(0, draws, step):
        dealt = luck.drawn(min(step, draws - first), sessions, random)
        difference, error = differences(dealt, weights, luck.spread)
        higher += int(((difference / error).max(axis=1) >= standing).sum())
    return higher
