"""The calendar of a world: platform campaigns, weekends, and what they do to traffic."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from experiments.world.randomness import Floats, Ints
from experiments.world.settings import WorldSettings

_YEARLY = (
    ("年货节", (1, 2), (1, 20), 0.25),
    ("38好物节", (3, 1), (3, 8), 0.25),
    ("618", (6, 1), (6, 18), 0.45),
    ("818", (8, 8), (8, 18), 0.30),
    ("双11", (10, 31), (11, 11), 0.50),
    ("双12", (12, 5), (12, 12), 0.25),
)
"""Name, first day, last day, lift of log views. The dates are the platforms'; lifts not sourced."""

_COMING_DAYS = 75
"""Campaigns that begin this soon after the history are listed as coming."""


@dataclass(frozen=True)
class Calendar:
    """Every campaign that touches the history or comes soon, and each day's traffic."""

    campaigns: pd.DataFrame
    """The contract's table."""
    day_campaign: Ints
    """For each day of the history the row of its campaign; -1 outside of any."""
    day_lift: Floats
    """For each day what the campaign adds to log views."""
    day_weight: Floats
    """For each day how likely a session falls on it, relative."""


def calendar(settings: WorldSettings) -> Calendar:
    """The campaigns between the first day and a while after the last one."""
    last = settings.end + timedelta(days=_COMING_DAYS)
    rows, lifts = [], []
    for year in range(settings.start.year, last.year + 1):
        for name, first_day, last_day, lift in _YEARLY:
            begins, ends = date(year, *first_day), date(year, *last_day)
            if ends >= settings.start and begins < last:
                rows.append((f"k{year}{begins:%m%d}", f"{year} {name}", begins, ends))
                lifts.append(lift)
    days = pd.date_range(settings.start, periods=settings.days)
    of_day = np.full(settings.days, -1)
    lift_of_day = np.zeros(settings.days)
    for i, (_, _, begins, ends) in enumerate(rows):
        inside = (days >= pd.Timestamp(begins)) & (days <= pd.Timestamp(ends))
        of_day[inside], lift_of_day[inside] = i, lifts[i]
    weight = (1 + 0.15 * (days.day_of_week >= 5)) * (1 + lift_of_day)
    table = pd.DataFrame(rows, columns=["campaign_id", "name", "starts_at", "ends_at"])
    table["starts_at"] = pd.to_datetime(table["starts_at"]).astype("datetime64[us]")
    ends_at = pd.to_datetime(table["ends_at"]) + pd.Timedelta(days=1) - pd.Timedelta(seconds=1)
    table["ends_at"] = ends_at.astype("datetime64[us]")
    return Calendar(table, of_day, lift_of_day, np.asarray(weight, dtype=np.float64))
