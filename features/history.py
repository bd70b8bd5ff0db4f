"""History as of a date: who offered and sold what, and how invitations went."""

from datetime import date
from math import log

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from features.daily import DailyFacts
from features.facts import Facts, midnight
from features.terms import TERMS

HALF_LIFE_DAYS = 120.0
"""Age at which a line counts half in the decayed columns: tastes outlive sales levels."""
WEIGHT_UNITS = 1 << 20
"""Decay weights are whole numbers of this many parts: sums do not depend on their order."""
MEASURES = (
    "lines",
    "orders",
    "converted",
    "denominator",
    "clicks",
    "clicked_impressions",
    "impressions",
    "shown",
)
TRIALS = ("denominator", "clicked_impressions", "shown")
"""What the successes of a rate are counted against."""


def creator_item_history(
    daily: DailyFacts, as_of: date, half_life_days: float = HALF_LIFE_DAYS
) -> pd.DataFrame:
    """Pairs that were ever offered in sessions known strictly before the day `as_of` (UTC).

    One row per creator and item, sorted by both; field sessions are left out. Columns:
    creator_id, item_id, lines, orders, and decayed_<measure> of MEASURES, in which a line of
    `half_life_days` before the last day counts half. For the trials of each rate (TRIALS) also
    effective_<trials>, how many trials of today tell as much as the decayed ones, and
    lines_of_<trials>, how many equally large lines they come from: (sum of w n)^2 over the sum
    of w^2 n and of (w n)^2. A day's lines of a pair count as one. decayed_denominator and what
    derives from it are nan where lines do not tell the exposure of a pair: no denominator known,
    or a source in which an absent line means no sale.
    """
    today = (as_of - date(1970, 1, 1)).days
    table = daily.pairs
    known = table.filter((table.day < today) & (table.lines > 0))
    age = (today - 1 - known.day).cast("float64")
    weight = (WEIGHT_UNITS * (age * (-log(2) / half_life_days)).exp()).round().cast("int64")
    known = known.mutate(weight=weight)
    sums = known.group_by("creator", "item").aggregate(
        lines=known.lines.sum().cast("float64"),
        orders=known.orders.sum().cast("float64"),
        **{
            f"decayed_{name}": (known.weight * known[name]).sum().cast("float64")
            for name in MEASURES
        },
        **{
            f"effective_{name}": _whole(known.weight, known.weight * known[name]) for name in TRIALS
        },
        **{
            f"lines_of_{name}": _whole(known.weight * known[name], known.weight * known[name])
            for name in TRIALS
        },
    )
    history = sums.order_by("creator", "item").to_pandas()
    history.insert(0, "creator_id", daily.creator_ids[history.pop("creator")])
    history.insert(1, "item_id", daily.item_ids[history.pop("item")])
    for name in MEASURES:
        history[f"decayed_{name}"] /= WEIGHT_UNITS
    for name in TRIALS:
        square = history[f"decayed_{name}"] ** 2 * float(WEIGHT_UNITS) ** 2
        for told in (f"effective_{name}", f"lines_of_{name}"):
            history[told] = square / history[told].where(history[told] > 0)
    if daily.absent_is_zero:
        history[["decayed_denominator", "effective_denominator", "lines_of_denominator"]] = np.nan
    return history


def creator_evenings(
    daily: DailyFacts, as_of: date, half_life_days: float = HALF_LIFE_DAYS
) -> pd.Series:
    """Evenings of each creator known strictly before the day `as_of` (UTC), by creator_id.

    How many evenings of today tell as much: (sum of w)^2 over the sum of w^2, one of
    `half_life_days` before the last day counting half. A day with any line is one evening; field
    sessions are left out, as are creators without a line.
    """
    today = (as_of - date(1970, 1, 1)).days
    table = daily.pairs
    known = table.filter((table.day < today) & (table.lines > 0)).select("creator", "day")
    evenings = known.distinct().order_by("creator", "day").to_pandas()
    weight = np.exp((today - 1 - evenings["day"]) * (-log(2) / half_life_days))
    total, squares = (w.groupby(evenings["creator"]).sum() for w in (weight, weight**2))
    return (total**2 / squares).rename(index=dict(enumerate(daily.creator_ids)))


def _whole(left: ir.Value, right: ir.Value) -> ir.Value:
    """The sum of products, added up as whole numbers of any size."""
    digits = "decimal(38, 0)"
    return (left.cast(digits) * right.cast(digits)).cast(digits).sum().cast("float64")


def collaboration_history(facts: Facts, as_of: date) -> pd.DataFrame:
    """Every status of every collaboration recorded strictly before the day `as_of` (UTC).

    collaboration_id, status, at, brand_id, creator_id, slot_fee, commission_rate, in the order
    of `at`, then of ids.
    """
    table = facts["collaborations"]
    known = table.filter(table["at"] < midnight(as_of))
    columns = ("collaboration_id", "status", "at", "brand_id", "creator_id", *TERMS)
    history = known.select(*columns).order_by("at", "collaboration_id", "status").to_pandas()
    return history.astype(dict.fromkeys(TERMS, "float64"))
