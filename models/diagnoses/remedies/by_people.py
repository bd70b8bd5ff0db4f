"""The moves that people make: a rung that was tried, and why one is refused."""

from datetime import date, timedelta

from features.errors import NothingToMend, RungOutOfOrder
from models.diagnoses.remedies.looking import days_to_look, pace
from models.diagnoses.remedies.remedy import MEND, MISMATCH, TRIED, WAITING, Move, Remedy, Seen
from models.diagnoses.remedies.rungs import RUNGS, rung_named


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
        reason=pace(seen.sessions_90, days),
        on=day,
        who=who,
        matrix_version=seen.matrix_version,
        matrix_as_of=seen.as_of,
        sessions=seen.sessions,
        look_on=day + timedelta(days=days),
        note=note,
    )


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
