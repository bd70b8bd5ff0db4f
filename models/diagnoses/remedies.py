"""Remedies of a pair that sells below its benchmark: product, then pitch, then live offer, or stop.

A state machine without memory of its own: a `Remedy` is read from the moves that were stored, and
every function here returns the move to store next, with its reason.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Final, Literal

from features.errors import NothingToMend, RungOutOfOrder, UnknownRung

RUNGS: Final = ("product", "pitch", "live offer")
"""In this order: change the product, then how it is told, then what is offered live."""

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

LOOK_AFTER_SESSIONS: Final = 2
SOONEST_DAYS, LATEST_DAYS = 14, 90
OTHERWISE_DAYS: Final = 30
"""When to look again after a rung: after two more sessions at the pair's pace of the last 90 days,
in no less than two weeks and no more than 90 days; after 30 where the pace is not known."""

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


def moved_by(remedy: Remedy, seen: Seen) -> Move | None:
    """The move that this matrix makes by itself; None when there is none.

    A matrix older than the last one that moved the pair, or that moved it already, changes
    nothing, so that asking twice is asking once. Low opens a remedy for a pair that has met; a
    rung that was tried is judged from its day on, when the pair had a session since.
    """
    if _was_seen(remedy, seen):
        return None
    if seen.verdict == "high":
        return _on_high(remedy, seen)
    if seen.verdict == "low":
        return _on_low(remedy, seen)
    return _on_open(remedy, seen)


def _was_seen(remedy: Remedy, seen: Seen) -> bool:
    made = [move for move in remedy.moves if move.who == ITSELF]
    if any(move.matrix_version == seen.matrix_version for move in made):
        return True
    if made and seen.as_of < made[-1].matrix_as_of:
        return True
    return remedy.state == WAITING and seen.as_of <= remedy.moves[-1].on


def _on_high(remedy: Remedy, seen: Seen) -> Move | None:
    if remedy.state in (MEND, WAITING):
        after = f" after the {remedy.tried[-1]} was changed" if remedy.tried else ""
        return _automatic(NOW_HIGH, seen, f"conversion is high{after}")
    if remedy.state == MISMATCH:
        return _automatic(HIGH_AGAIN, seen, "conversion is high although it was given up")
    return None


def _on_low(remedy: Remedy, seen: Seen) -> Move | None:
    if remedy.state in (None, RESOLVED, REOPENED):
        if seen.sessions <= 0:
            return None
        return _automatic(DIAGNOSED_LOW, seen, "conversion is low")
    if remedy.state != WAITING:
        return None
    if not _is_due(remedy, seen):
        return None
    last, since = remedy.moves[-1], _since(remedy, seen)
    if remedy.next_rung is None:
        return _automatic(GAVE_UP, seen, f"still low, {since}, and every rung was tried", last.rung)
    return _automatic(STILL_LOW, seen, f"still low, {since}", last.rung)


def _on_open(remedy: Remedy, seen: Seen) -> Move | None:
    if remedy.state != WAITING or not _is_due(remedy, seen):
        return None
    days = days_to_look(seen.sessions_90)
    why = f"neither high nor low, {_since(remedy, seen)}, look again in {days} days"
    move = _automatic(NOT_SETTLED, seen, why, remedy.moves[-1].rung)
    return replace(move, look_on=seen.as_of + timedelta(days=days))


def _is_due(remedy: Remedy, seen: Seen) -> bool:
    """Whether the day to look again has come, and they had a session since the last look."""
    last = remedy.moves[-1]
    assert last.look_on is not None
    return seen.as_of >= last.look_on and seen.sessions > last.sessions


def _since(remedy: Remedy, seen: Seen) -> str:
    rung = next(move for move in reversed(remedy.moves) if move.kind == TRIED)
    return f"{seen.sessions - rung.sessions} sessions since the {rung.rung} was changed"


def _automatic(kind: str, seen: Seen, why: str, rung: str | None = None) -> Move:
    return Move(
        kind=kind,
        rung=rung,
        reason=f"{why}: P(above the benchmark) {seen.p_above:.2f}",
        on=seen.as_of,
        who=ITSELF,
        matrix_version=seen.matrix_version,
        matrix_as_of=seen.as_of,
        sessions=seen.sessions,
    )


def trying(
    remedy: Remedy, seen: Seen, rung: str, *, who: str, on: date | None = None, note: str = ""
) -> Move:
    """The move of a rung that somebody tried on that day (by default the matrix's `as_of`).

    The rung last tried may be tried again (another product), or the next one. Raises UnknownRung,
    RungOutOfOrder (naming the one that is due), and NothingToMend when conversion was not found
    low, when it is high by now, or when every rung was tried in vain.
    """
    rung = rung_named(rung)
    _refuse_unless_low(remedy, seen)
    legal = [*remedy.tried[-1:], *((remedy.next_rung,) if remedy.next_rung else ())]
    if rung not in legal:
        raise RungOutOfOrder(
            f"'{rung}' is not the next rung: {_told(remedy)}. "
            f"The order is {', '.join(RUNGS)}; log {' or '.join(repr(one) for one in legal)}."
        )
    day = on or seen.as_of
    if remedy.moves and day < remedy.round[0].on:
        raise RungOutOfOrder(
            f"{day} is before the pair was found low ({remedy.round[0].on}): a remedy comes after."
        )
    days = days_to_look(seen.sessions_90)
    return Move(
        kind=TRIED,
        rung=rung,
        reason=_pace(seen.sessions_90, days),
        on=day,
        who=who,
        matrix_version=seen.matrix_version,
        matrix_as_of=seen.as_of,
        sessions=seen.sessions,
        look_on=day + timedelta(days=days),
        note=note,
    )


def rung_named(name: str) -> str:
    """The rung of that name, however it is spelled ('live-offer', 'Pitch'); raises UnknownRung.

    >>> rung_named("Live-Offer")
    'live offer'
    """
    asked = " ".join(name.replace("-", " ").replace("_", " ").casefold().split())
    if asked in RUNGS:
        return asked
    close = get_close_matches(asked, RUNGS, n=1)
    hint = f" Did you mean '{close[0]}'?" if close else ""
    raise UnknownRung(f"no rung '{name}': the rungs are {', '.join(RUNGS)}, in this order.{hint}")


def days_to_look(sessions_90: float | None) -> int:
    """Days from a rung until it can be judged.

    >>> [days_to_look(sessions) for sessions in (None, 0, 1, 6, 90)]
    [30, 90, 90, 30, 14]
    """
    if sessions_90 is None:
        return OTHERWISE_DAYS
    if sessions_90 <= 0:
        return LATEST_DAYS
    days = round(LOOK_AFTER_SESSIONS * 90 / sessions_90)
    return min(max(days, SOONEST_DAYS), LATEST_DAYS)


def _pace(sessions_90: float | None, days: int) -> str:
    if sessions_90 is None:
        return f"look again in {days} days: how often they go live is not known"
    return f"look again in {days} days: {sessions_90:.0f} sessions together in the last 90"


def _refuse_unless_low(remedy: Remedy, seen: Seen) -> None:
    if remedy.state in (MEND, WAITING):
        return
    if remedy.state == MISMATCH:
        raise NothingToMend(
            f"every rung was tried by {remedy.moves[-1].on} and conversion stayed low: this is an "
            "audience mismatch, stop. It opens again by itself when a matrix finds it high."
        )
    if seen.verdict == "low" and seen.sessions <= 0:
        raise NothingToMend("they never worked together: there is nothing to mend yet.")
    raise NothingToMend(
        f"conversion was not found low (P(above the benchmark) {seen.p_above:.2f} in the matrix "
        f"{seen.matrix_version}; low is at most 0.20): there is nothing to mend."
    )


def _told(remedy: Remedy) -> str:
    if not remedy.tried:
        return "none was tried yet"
    return f"tried so far: {', '.join(remedy.tried)}"
