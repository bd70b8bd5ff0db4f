"""Retention: who begins to follow in a session, and who among its buyers buys again."""

from datetime import date

import numpy as np
import pandas as pd

from features.facts import Facts
from features.lines import sessions
from features.windows import day_number


def follower_sessions(facts: Facts, before: date) -> pd.DataFrame:
    """Sessions known before the date that tell how many began to follow, in the order of ids.

    creator_id, day, new_followers, views (nan where unknown). Field sessions are left out.
    """
    told = facts["sessions"].select("session_id", "new_followers")
    table = sessions(facts).join(told, "session_id")
    kept = table.filter(
        table.new_followers.notnull() & ~table.is_field & (table.day < day_number(before))
    )
    names = ("creator_id", "day", "new_followers", "views")
    frame = kept.order_by("session_id").select(*names).to_pandas()
    return frame.astype({"new_followers": "float64", "views": "float64"})


def buyer_days(facts: Facts, before: date) -> pd.DataFrame:
    """Buyers of each creator, product and day known before the date, and how many bought again.

    creator_id, item_id, day, buyers, repeat_buyers, sorted by the first three. Lines that tell
    only one of the two, and those of field sessions, are left out.
    """
    lines = facts["session_products"].select("session_id", "product_id", "buyers", "repeat_buyers")
    table = lines.join(sessions(facts), "session_id")
    known = (table.buyers > 0) & table.repeat_buyers.notnull()
    kept = table.filter(known & ~table.is_field & (table.day < day_number(before)))
    sums = kept.group_by("creator_id", "day", item_id=kept.product_id).aggregate(
        buyers=kept.buyers.sum(), repeat_buyers=kept.repeat_buyers.sum()
    )
    frame = sums.order_by("creator_id", "item_id", "day").to_pandas()
    again = np.minimum(frame["repeat_buyers"], frame["buyers"])
    return frame.assign(repeat_buyers=again).astype(
        {"buyers": "float64", "repeat_buyers": "float64"}
    )


def followers_as_of(facts: Facts, day: date, creator_ids: pd.Index) -> "pd.Series[float]":
    """Followers of these creators by the row that held when the day began; nan where unknown."""
    rows = facts["creators"].select("creator_id", "valid_from", "followers").to_pandas()
    held = rows[rows["valid_from"].isna() | (rows["valid_from"] <= pd.Timestamp(day))]
    last = held.sort_values("valid_from", na_position="first").groupby("creator_id")["followers"]
    return last.last(skipna=False).astype("float64").reindex(creator_ids)
