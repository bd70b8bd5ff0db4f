"""Levels of sessions: log of who came, less what moved the whole market that week."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.prediction import Floats

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LEAST_MINUTES = 20.0
"""A shorter broadcast is a test or was cut short: it tells nothing of the creator's draw."""
STILL_SESSIONS = 1.0
"""A week's movement is held back as if so many more of its sessions had not moved."""
ROUNDS = 6


@dataclass(frozen=True)
class SessionLevels:
    """Sessions that count, grouped by creator, oldest first: creator r has starts[r]:starts[r+1].

    `level` is on the log scale; only differences within a creator have a meaning.
    """

    starts: Ints
    day: Ints
    level: Floats

    def of(self, creator: int) -> slice:
        return slice(int(self.starts[creator]), int(self.starts[creator + 1]))

    @property
    def counts(self) -> Ints:
        return np.diff(self.starts)


def session_levels(
    creator: Ints, day: Ints, came: Floats, minutes: Floats, campaign: Flags, creators: int
) -> SessionLevels:
    """The levels of these sessions (all arrays of one length; `creator` from 0 to creators - 1).

    Sessions that are too short, or of which nobody knows who came, are left out. The market's
    movement is a median polish: each week (its campaign days apart) moves everybody by as much.
    """
    kept = (came > 0) & ~(minutes < LEAST_MINUTES)
    order = np.flatnonzero(kept)[np.lexsort((day[kept], creator[kept]))]
    creator, day = creator[order], day[order]
    level = np.log(came[order])
    week = np.unique(2 * (day // 7) + campaign[order], return_inverse=True)[1]
    many = np.bincount(week)
    moved = np.zeros(len(many))
    for _ in range(ROUNDS if len(level) else 0):
        own = _medians(level - moved[week], creator, creators)
        moved = _medians(level - own[creator], week, len(many)) * many / (many + STILL_SESSIONS)
    starts = np.searchsorted(creator, np.arange(creators + 1)).astype(np.int64)
    return SessionLevels(starts, day, level - moved[week])


def _medians(values: Floats, group: Ints, groups: int) -> Floats:
    """Median of each group; 0 of an empty one."""
    order = np.lexsort((values, group))
    counts = np.bincount(group, minlength=groups)
    first = np.cumsum(counts) - counts
    sorted_values = np.append(values[order], 0.0)
    low = sorted_values[np.minimum(first + np.maximum(counts - 1, 0) // 2, len(values))]
    high = sorted_values[np.minimum(first + counts // 2, len(values))]
    return np.where(counts > 0, (low + high) / 2, 0.0)
