"""A remedy as the moves that were stored tell it: its state, what was tried, what comes next."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from models.diagnoses.remedies.rungs import RUNGS

MEND: Final = "mend"
WAITING: Final = "waiting"
RESOLVED: Final = "resolved"
MISMATCH: Final = "audience mismatch"
REOPENED: Final = "reopened"
STATES: Final = (MEND, WAITING, RESOLVED, MISMATCH, REOPENED)

DIAGNOSED_LOW: Final = "diagnosed low"
TRIED: Final = "tried"
STILL_LOW: Final = "still low"
NOT_SETTLED: Final = "not settled"
GAVE_UP: Final = "gave up"
NOW_HIGH: Final = "now high"
HIGH_AGAIN: Final = "high again"
LEADS_TO: Final = {
    DIAGNOSED_LOW: MEND,
    TRIED: WAITING,
    STILL_LOW: MEND,
    NOT_SETTLED: WAITING,
    GAVE_UP: MISMATCH,
    NOW_HIGH: RESOLVED,
    HIGH_AGAIN: REOPENED,
}
"""Each kind of move and the state after it."""

ITSELF: Final = "alliance"
"""Who made the moves that a matrix makes by itself."""

Verdict = Literal["high", "low", "open"]


@dataclass(frozen=True)
class Seen:
    """What one matrix says of a pair."""

    matrix_version: str
    as_of: date
    verdict: Verdict
    p_above: float
    sessions: int
    """That the pair had together, of all time."""
    sessions_90: float | None
    """The same of the last 90 days; None where not known."""


@dataclass(frozen=True)
class Move:
    """One step of a remedy, as it is stored: never changed, never removed."""

    kind: str
    rung: str | None
    reason: str
    on: date
    """The day it counts from: of a rung when it was tried, else the matrix's `as_of`."""
    who: str
    matrix_version: str
    matrix_as_of: date
    sessions: int
    look_on: date | None = None
    note: str = ""
    recorded_at: datetime | None = None
    """When it was stored; None before."""

    @property
    def state(self) -> str:
        return LEADS_TO[self.kind]


@dataclass(frozen=True)
class Remedy:
    """Where a pair stands, as its moves tell; `moves` in the order they were made."""

    moves: tuple[Move, ...] = ()

    @property
    def state(self) -> str | None:
        """None before anything was ever low."""
        return self.moves[-1].state if self.moves else None

    @property
    def round(self) -> tuple[Move, ...]:
        """The moves since the pair was last found low: what was tried before that is history."""
        starts = [i for i, move in enumerate(self.moves) if move.kind == DIAGNOSED_LOW]
        return self.moves[starts[-1] :] if starts else ()

    @property
    def tried(self) -> tuple[str, ...]:
        """Rungs of this round, each once, in order."""
        rungs = [move.rung for move in self.round if move.kind == TRIED]
        return tuple(rung for rung in RUNGS if rung in rungs)

    @property
    def next_rung(self) -> str | None:
        """What to try next; None where there is nothing to mend or every rung was tried."""
        if self.state not in (MEND, WAITING):
            return None
        return next((rung for rung in RUNGS if rung not in self.tried), None)

    @property
    def look_on(self) -> date | None:
        """From when on a matrix tells whether the last rung helped; None unless one is waited for.

        It also takes a session of the pair since then.
        """
        return self.moves[-1].look_on if self.state == WAITING else None

    def after(self, move: Move) -> "Remedy":
        return Remedy((*self.moves, move))
