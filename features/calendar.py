"""What the calendar says on a date: the season, and the campaigns already announced."""

from datetime import date, timedelta
from math import cos, pi, sin

import pandas as pd

from features.facts import Facts, midnight

CAMPAIGN_DAYS = 30
"""How far ahead campaigns count; they are announced long before."""


def calendar_features(facts: Facts, as_of: date) -> dict[str, float]:
    """calendar_campaign_days: how many of the coming 30 days touch a campaign; the season."""
    turn = 2 * pi * as_of.timetuple().tm_yday / 365.25
    return {
        "calendar_campaign_days": float(campaign_days(facts, as_of)),
        "calendar_season_sin": sin(turn),
        "calendar_season_cos": cos(turn),
    }


def campaign_days(facts: Facts, as_of: date) -> int:
    """Days among the 30 from the date on during which some campaign runs."""
    first, last = midnight(as_of), midnight(as_of + timedelta(days=CAMPAIGN_DAYS))
    table = facts["campaigns"]
    near = table.filter((table.starts_at < last) & (table.ends_at > first))
    days: set[pd.Timestamp] = set()
    for begins, ends in near.select("starts_at", "ends_at").to_pandas().itertuples(index=False):
        until = min(ends, pd.Timestamp(last)) - pd.Timedelta(microseconds=1)
        days.update(pd.date_range(max(begins, pd.Timestamp(first)).normalize(), until, freq="D"))
    return len(days)
