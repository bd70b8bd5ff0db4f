"""Habits as of a date: in which formats a creator goes live."""

from datetime import date

import ibis
import pandas as pd

from features.facts import Facts
from features.lines import day_of
from features.settings import LONG_DAYS
from features.windows import day_number


def dedicated_shares(facts: Facts, as_of: date) -> "pd.Series[float]":
    """creator_id -> share of dedicated sessions among those of known format, of the last 90 days.

    Of sessions known strictly before the date, without field sessions; creators without one are
    not there.
    """
    table = facts["sessions"]
    day = day_of(ibis.coalesce(table.ended_at, table.started_at))
    today = day_number(as_of)
    known = (day < today) & (day >= today - LONG_DAYS) & table.format.isin(("mixed", "dedicated"))
    lately = table.filter(known)
    counts = lately.group_by("creator_id").aggregate(
        dedicated=(lately.format == "dedicated").sum(), sessions=lately.count()
    )
    frame = counts.order_by("creator_id").to_pandas().set_index("creator_id")
    return (frame["dedicated"] / frame["sessions"]).astype("float64").rename("dedicated_share")
