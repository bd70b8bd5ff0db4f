"""The moves that a matrix makes by itself: low opens a remedy, high resolves it."""

from dataclasses import replace
from datetime import timedelta

from models.diagnoses.remedies.looking import days_to_look
from models.diagnoses.remedies.remedy import (
    DIAGNOSED_LOW,
    GAVE_UP,
    HIGH_AGAIN,
    ITSELF,
    MEND,
    MISMATCH,
    NOT_SETTLED,
    NOW_HIGH,
    REOPENED,
    RESOLVED,
    STILL_LOW,
    TRIED,
    WAITING,
    Move,
    Remedy,
    Seen,
)


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
