"""History as of a date: who offered and sold what, and how invitations went."""

from datetime import date
from math import log

import pandas as pd

from features.daily import DailyFacts
from features.facts import Facts, midnight

HALF_LIFE_DAYS = 120.0
"""Age at which a line counts half in the decayed columns: tastes outlive sales levels."""
WEIGHT_UNITS = 1 << 20
"""Decay weights are whole numbers of this many parts: sums do not depend on their order."""


def creator_item_history(
    daily: DailyFacts, as_of: date, half_life_days: float = HALF_LIFE_DAYS
) -> pd.DataFrame:
    """Pairs that were ever offered in sessions known strictly before the day `as_of` (UTC).

    One row per creator and item, sorted by both; field sessions are left out. Columns:
    creator_id, item_id, lines, orders, and decayed_lines, decayed_orders, decayed_denominator,
    in which a line of `half_life_days` before the last day counts half. decayed_denominator is
    nan where lines do not tell the exposure of a pair: no denominator known, or a source in
    which an absent line means no sale.
    """
    today = (as_of - date(1970, 1, 1)).days
    table = daily.pairs
    known = table.filter((table.day < today) & (table.lines > 0))
    age = (today - 1 - known.day).cast("float64")
    weight = (WEIGHT_UNITS * (age * (-log(2) / half_life_days)).exp()).round().cast("int64")
    known = known.mutate(weight=weight)
    measures = ("lines", "orders", "denominator")
    sums = known.group_by("creator", "item").aggregate(
        lines=known.lines.sum().cast("float64"),
        orders=known.orders.sum().cast("float64"),
        **{
            f"decayed_{name}": (known.weight * known[name]).sum().cast("float64")
            for name in measures
        },
    )
    history = sums.order_by("creator", "item").to_pandas()
    history.insert(0, "creator_id", daily.creator_ids[history.pop("creator")])
    history.insert(1, "item_id", daily.item_ids[history.pop("item")])
    for name in measures:
        history[f"decayed_{name}"] /= WEIGHT_UNITS
    if daily.absent_is_zero:
        history["decayed_denominator"] = float("nan")
    return history


def collaboration_history(facts: Facts, as_of: date) -> pd.DataFrame:
    """Every status of every collaboration recorded strictly before the day `as_of` (UTC).

    collaboration_id, status, at, brand_id, creator_id, in the order of `at`, then of ids.
    """
    table = facts["collaborations"]
    known = table.filter(table["at"] < midnight(as_of))
    columns = ("collaboration_id", "status", "at", "brand_id", "creator_id")
    return known.select(*columns).order_by("at", "collaboration_id", "status").to_pandas()
