"""Session views: how many came to each session, without those that were paid for."""

from datetime import date

import ibis
import pandas as pd

from features.facts import Facts, midnight
from features.lines import day_of

COUNTED = ("views", "viewers", "impressions")
"""What tells how many came: the first of these that the source supplies."""


def counted_by(facts: Facts) -> str | None:
    """Which of `COUNTED` the source supplies; None where it supplies none."""
    tables = {"views": "sessions", "viewers": "sessions", "impressions": "session_products"}
    return next((name for name in COUNTED if facts.has(tables[name], name)), None)


def session_views(facts: Facts, as_of: date) -> pd.DataFrame:
    """One row per session (no field sessions) known before the date, oldest first.

    creator_id, day (from 1970-01-01, UTC), minutes (nan where the end is unknown), came (float:
    views less paid ones, else viewers, else impressions of its products; nan where unknown),
    campaign (whether a campaign of the source covers the day).
    """
    table, counted = facts["sessions"], counted_by(facts)
    known = ibis.coalesce(table.ended_at, table.started_at) < ibis.literal(midnight(as_of))
    rows = table.filter(known & ~(table.format == "field").fill_null(False))
    came: ibis.Value = ibis.null("float64")
    if counted == "views":
        came = rows.views - rows.paid_views.fill_null(0)
    elif counted == "viewers":
        came = rows.viewers
    elif counted == "impressions":
        lines = facts["session_products"]
        sums = lines.group_by("session_id").aggregate(shown=lines.impressions.sum())
        rows = rows.left_join(sums, "session_id")
        came = rows.shown
    length = rows.ended_at.epoch_seconds() - rows.started_at.epoch_seconds()
    told = rows.select(
        "session_id",
        "creator_id",
        day=day_of(ibis.coalesce(rows.ended_at, rows.started_at)),
        minutes=length.cast("float64") / 60.0,
        came=came.cast("float64"),
    )
    frame = told.order_by("day", "session_id").to_pandas().drop(columns="session_id")
    return frame.assign(campaign=_in_campaigns(facts, frame["day"]))


def _in_campaigns(facts: Facts, days: "pd.Series[int]") -> "pd.Series[bool]":
    table = facts["campaigns"]
    campaigns = table.select(first=day_of(table.starts_at), last=day_of(table.ends_at)).to_pandas()
    covered = pd.Series(False, index=days.index)
    for first, last in zip(campaigns["first"], campaigns["last"], strict=True):
        covered |= (days >= first) & (days <= last)
    return covered
