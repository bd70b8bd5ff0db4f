"""Exposure as of a date: how often each creator was given products to show, and was invited."""

from datetime import date

import ibis
import pandas as pd

from features.facts import Facts
from features.lines import day_of
from features.session_views import counted_by
from features.settings import LONG_DAYS
from features.windows import day_number

EXPOSURES = {
    "impressions": "times products were shown",
    "views": "views of sessions",
    "viewers": "viewers of sessions",
}
"""What exposure is counted in: the first of these that the source supplies."""


def exposed_by(facts: Facts) -> str | None:
    """Which of `EXPOSURES` the source supplies; None where it supplies none."""
    if facts.has("session_products", "impressions"):
        return "impressions"
    return counted_by(facts)


def exposure(facts: Facts, as_of: date) -> "pd.Series[float]":
    """creator_id -> exposure of the last 90 days, without field sessions and what is unknown.

    Of sessions known strictly before the date; creators without any are not there.
    """
    table = facts["sessions"]
    day = day_of(ibis.coalesce(table.ended_at, table.started_at))
    today = day_number(as_of)
    field = (table.format == "field").fill_null(False)
    lately = table.filter((day < today) & (day >= today - LONG_DAYS) & ~field)
    if exposed_by(facts) == "impressions":
        lately = facts["session_products"].join(
            lately.select("session_id", "creator_id"), "session_id"
        )
    return _sums(lately, exposed_by(facts))


def _sums(table: ibis.Table, counted: str | None) -> "pd.Series[float]":
    given = ibis.null("float64") if counted is None else table[counted].cast("float64")
    sums = table.mutate(given=given).group_by("creator_id").aggregate(shown=ibis._.given.sum())
    frame = sums.order_by("creator_id").to_pandas().set_index("creator_id")
    return frame["shown"].astype("float64").dropna()


def invitations(history: pd.DataFrame, as_of: date) -> "pd.Series[float]":
    """creator_id -> invitations of the last 90 days; `history` is `collaboration_history`."""
    since = pd.Timestamp(as_of) - pd.Timedelta(days=LONG_DAYS)
    lately = history[(history["status"] == "invited") & (history["at"] >= since)]
    return lately.groupby("creator_id").size().astype("float64")
