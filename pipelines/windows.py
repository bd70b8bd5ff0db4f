"""Which past dates a model learns from, is calibrated on and is judged on."""

import math
from dataclasses import dataclass
from datetime import date, timedelta

from features.errors import NotEnoughHistory

SHORTEST_WINDOW_DAYS = 7


@dataclass(frozen=True)
class Window:
    """Features as of `as_of`; outcomes of the days in [as_of, end)."""

    as_of: date
    end: date


@dataclass(frozen=True)
class WindowPlan:
    """Windows in order of time: learn on several, calibrate on a later one, judge on the last."""

    learn: tuple[Window, ...]
    calibrate: Window
    evaluate: Window


def window_plan(
    first_day: date, as_of: date, horizon_days: int, windows: int, delay_days: int = 0
) -> WindowPlan:
    """Back-to-back windows of `horizon_days` that end at `as_of` (or `delay_days` earlier).

    `delay_days` is how long an outcome takes to be known (returns); it is rounded up to whole
    windows, so that delayed targets share their as-of dates with the others. At least one window's
    length of history lies before the first as-of date. When the history is too short for that
    many windows there are fewer, never less than one to learn from, one to calibrate and one to
    judge; then windows get shorter, down to a week. Raises NotEnoughHistory below that.
    """
    days = (as_of - first_day).days
    length = min(horizon_days, days // (4 + math.ceil(delay_days / horizon_days)))
    if length < SHORTEST_WINDOW_DAYS:
        needed = SHORTEST_WINDOW_DAYS * (4 + math.ceil(delay_days / horizon_days))
        raise NotEnoughHistory(
            f"The facts span {days} days before {as_of}; at least {needed} are needed to learn, "
            "calibrate and judge on separate weeks. Ingest earlier sessions."
        )
    skipped = math.ceil(delay_days / length)
    available = days // length - 1 - skipped  # the oldest stretch is history only
    if available < 3:
        return window_plan(first_day, as_of, length - 1, windows, delay_days)
    count = min(windows, available - 2)
    ends = [as_of - timedelta(days=length * (skipped + j)) for j in range(count + 2)]
    newest_first = [Window(end - timedelta(days=length), end) for end in ends]
    return WindowPlan(
        learn=tuple(reversed(newest_first[2:])),
        calibrate=newest_first[1],
        evaluate=newest_first[0],
    )
