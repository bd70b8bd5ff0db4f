"""Rows that contradict themselves: what cannot be larger, or earlier, than something else."""

import numpy as np
import pandas as pd

from pipelines.sources.checks import Finding, TableCheck

AT_MOST = {
    "sessions": (("paid_views", "views"),),
    "session_products": (
        ("orders", "clicks"),
        ("clicks", "impressions"),
        ("repeat_buyers", "buyers"),
    ),
}
"""(smaller, larger): the first may not exceed the second where both are given."""

NOT_BEFORE = {
    "sessions": (("ended_at", "started_at"),),
    "campaigns": (("ends_at", "starts_at"),),
    "event_creators": (("leaves_at", "arrives_at"),),
}
"""(later, earlier): the first may not come before the second."""


def check_rows(check: TableCheck) -> None:
    """Flag every row that contradicts itself; rows with a null in either column pass."""
    for smaller, larger in AT_MOST.get(check.contract.name, ()):
        _flag_above(check, smaller, larger)
    if check.contract.name == "session_products" and "clicks" in check.frame:
        _flag_above(check, "orders", "impressions", check.frame["clicks"].isna())
    elif check.contract.name == "session_products":
        _flag_above(check, "orders", "impressions")
    for later, earlier in NOT_BEFORE.get(check.contract.name, ()):
        _flag_before(check, later, earlier)


def _flag_above(
    check: TableCheck, smaller: str, larger: str, where: pd.Series | None = None
) -> None:
    frame = check.frame
    if smaller not in frame or larger not in frame:
        return
    above = (frame[smaller] > frame[larger]).fillna(False).to_numpy(dtype=bool)
    if where is not None:
        above = above & where.to_numpy(dtype=bool)
    at = np.flatnonzero(above)
    pairs = zip(frame[smaller].iloc[at], frame[larger].iloc[at], strict=True)
    found = [f"{small} {smaller} but {large} {larger}" for small, large in pairs]
    check.flag(Finding(at, smaller, found, f"{smaller} at most {larger}"))


def _flag_before(check: TableCheck, later: str, earlier: str) -> None:
    frame = check.frame
    if later not in frame or earlier not in frame:
        return
    at = np.flatnonzero((frame[later] < frame[earlier]).to_numpy())
    pairs = zip(frame[later].iloc[at], frame[earlier].iloc[at], strict=True)
    found = [f"{end} is before {earlier} {start} (both UTC)" for end, start in pairs]
    check.flag(Finding(at, later, found, f"{later} not before {earlier}"))
