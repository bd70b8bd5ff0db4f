"""When to look again after a rung was tried."""

from typing import Final

LOOK_AFTER_SESSIONS: Final = 2
SOONEST_DAYS, LATEST_DAYS = 14, 90
OTHERWISE_DAYS: Final = 30
"""When to look again after a rung: after two more sessions at the pair's pace of the last 90 days,
in no less than two weeks and no more than 90 days; after 30 where the pace is not known."""


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


def pace(sessions_90: float | None, days: int) -> str:
    if sessions_90 is None:
        return f"look again in {days} days: how often they go live is not known"
    return f"look again in {days} days: {sessions_90:.0f} sessions together in the last 90"
