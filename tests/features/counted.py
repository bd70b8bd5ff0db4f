"""Lines and sessions counted one by one: the sums and shares that slow features are made of."""

from collections.abc import Callable, Iterable
from functools import wraps
from math import log, nan
from types import SimpleNamespace
from typing import Any, TypeVar

import pandas as pd

P = 5.0  # orders a prior is worth
HALF_LIFE = 120.0
RETURN_DAYS = 30
Row = SimpleNamespace
Method = TypeVar("Method", bound=Callable[..., Any])


def rows_of(frame: pd.DataFrame | None) -> list[Row]:
    """The frame's rows with None for what is unknown."""
    if frame is None:
        return []
    return [
        Row(**{str(k): None if pd.isna(v) else v for k, v in row.items()})
        for row in frame.to_dict("records")
    ]


def over(top: float, bottom: float) -> float:
    return top / bottom if bottom else nan


def pulled(top: float, bottom: float, prior: float) -> float:
    if prior != prior:
        return nan
    return (top + P) / (bottom + P / prior) if prior else 0.0


def trend(recent: float, before: float) -> float:
    if recent != recent or before != before or recent == 0 or before == 0:
        return nan
    return log(recent / before)


def weight(age: int, window: str) -> float:
    if window == "all":
        return 1.0
    if window == "decayed":
        return 0.5 ** (age / HALF_LIFE)
    if window == "mature":
        return 0.5 ** (age / HALF_LIFE) if age >= RETURN_DAYS else 0.0
    return 1.0 if age <= int(window) else 0.0


def remembered(method: Method) -> Method:
    """The method's answers, kept on the object they are of."""

    @wraps(method)
    def found(self: Any, *args: Any, **keys: Any) -> Any:
        answers = self.__dict__.setdefault("answers", {})
        asked = (method.__name__, args, tuple(sorted(keys.items())))
        if asked not in answers:
            answers[asked] = method(self, *args, **keys)
        return answers[asked]

    return found  # type: ignore[return-value]  # it is called as the method is


class Group:
    """Some lines, and the sessions they could have been in."""

    def __init__(self, lines: list[Row], sessions: list[Row], offered: int, zero: bool) -> None:
        self.lines, self.sessions, self.offered, self.zero = lines, sessions, offered, zero

    def conversion(self, window: str) -> tuple[float, float]:
        known = [line for line in self.lines if line.den is not None]
        top = sum(weight(line.age, window) * line.orders for line in known)
        if not self.zero:
            return top, sum(weight(line.age, window) * line.den for line in known)
        seen = sum(weight(s.age, window) * s.den for s in self.sessions if s.den is not None)
        return top, seen * self.offered

    def click_through(self, window: str) -> tuple[float, float]:
        known = [li for li in self.lines if li.clicks is not None and li.impressions is not None]
        clicks = sum(weight(line.age, window) * line.clicks for line in known)
        return clicks, sum(weight(line.age, window) * line.impressions for line in known)

    def returns(self, window: str) -> tuple[float, float]:
        window = "mature"
        back = sum(weight(line.age, window) * line.returned for line in self.lines)
        return back, sum(weight(line.age, window) * line.orders for line in self.lines)

    def impressions(self, window: str) -> tuple[float, float]:
        known = [line for line in self.lines if line.impressions is not None]
        shown = sum(weight(line.age, window) * line.impressions for line in known)
        return shown, sum(weight(line.age, window) for line in known)

    def per_line(self, window: str = "90") -> float:
        return over(*self.impressions(window))

    def count(self, name: str, window: str) -> float:
        values = [(line.age, getattr(line, name)) for line in self.lines]
        return sum(weight(age, window) * value for age, value in values if value is not None)

    def number(self, window: str) -> float:
        return sum(weight(line.age, window) for line in self.lines)

    def sessions_in(self, window: str) -> float:
        return sum(weight(row.age, window) for row in self.sessions)

    def distinct_sessions(self, window: str) -> float:
        ages = {line.session.session_id: line.age for line in self.lines}
        return sum(weight(age, window) for age in ages.values())

    def views(self, window: str) -> float:
        known = [row for row in self.sessions if row.views is not None]
        seen = sum(weight(row.age, window) * row.views for row in known)
        return over(seen, sum(weight(row.age, window) for row in known))

    def days_since(self) -> float:
        return min((line.age for line in self.lines), default=nan)


def paid_share(sessions: list[Row]) -> float:
    known = [
        s for s in sessions if s.age <= 90 and s.views is not None and s.paid_views is not None
    ]
    return over(sum(s.paid_views for s in known), sum(s.views for s in known))


def total(values: Iterable[Any]) -> Any:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def unknown(value: float | None) -> float:
    return nan if value is None else value
