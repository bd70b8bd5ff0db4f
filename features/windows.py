"""Sums over the days before a date: the last 30, the last 90, all of them, decayed by age."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Literal, TypeAlias

import ibis
import ibis.expr.types as ir

from features.daily import MONEY_UNITS
from features.settings import LONG_DAYS, SHORT_DAYS, FeatureSettings

Window = Literal["30", "90", "all", "decayed", "mature"]
"""mature: decayed, over days old enough for their returns to be known."""
Measures = Mapping[str, Sequence[Window]]
Day: TypeAlias = int | ir.IntegerValue
"""Whole days from 1970-01-01."""

WEIGHT_UNITS = 2**24
"""Decay weights are whole multiples of 1 / WEIGHT_UNITS, so that decayed sums are exact too."""


def day_number(day: date) -> int:
    """Whole days from 1970-01-01 to that day."""
    return (day - date(1970, 1, 1)).days


def known_days(days: ir.Table, now: Day) -> ir.Table:
    """Only what was known before the day `now` began."""
    known = days.filter(days.day < now)
    return known.filter(known.known_day < now) if "known_day" in known.columns else known


def decay_weight(day: ir.IntegerValue, now: Day, half_life_days: float) -> ir.IntegerValue:
    """0.5 ** (days before the day `now` / half-life), in WEIGHT_UNITS."""
    halvings = (now - day).cast("float64") / float(half_life_days)
    weight = ibis.literal(0.5, "float64") ** halvings
    return (weight * WEIGHT_UNITS).round().cast("int64")


def window_sums(
    days: ir.Table,
    keys: Sequence[str],
    measures: Measures,
    as_of: date | ir.IntegerValue,
    settings: FeatureSettings,
    unknown: Collection[str] = (),
) -> ir.Table:
    """Per key: `<measure>_<window>` for every measure and window asked for, and `last_day`.

    Whole numbers still (see `in_units`); null where nothing was known. A window of n days holds
    the n days before the as-of date. Measures named `unknown` are null without looking.
    """
    now: Day = day_number(as_of) if isinstance(as_of, date) else as_of
    known = known_days(days, now)
    weight = decay_weight(known.day, now, settings.half_life_days)
    within = {
        "30": known.day >= now - SHORT_DAYS,
        "90": known.day >= now - LONG_DAYS,
        "mature": known.day <= now - settings.return_days,
    }
    sums = {"last_day": known.day.max()}
    for measure, windows in measures.items():
        for window in windows:
            name = f"{measure}_{window}"
            if measure in unknown:
                sums[name] = ibis.null("int64")
                continue
            values = known[measure]
            if window in ("decayed", "mature"):
                values = values * weight
            sums[name] = values.sum(where=within.get(window))
    return known.group_by(*keys).aggregate(**sums)


def regrouped(sums: ir.Table, keys: Sequence[str]) -> ir.Table:
    """The same sums for wider keys: sums add up, last days take the latest."""
    wider = {
        name: sums[name].max() if name == "last_day" else sums[name].sum()
        for name in sums.columns
        if name == "last_day" or _is_sum(name)
    }
    return sums.group_by(*keys).aggregate(**wider) if keys else sums.aggregate(**wider)


def in_units(sums: ir.Table, kind: str = "float64") -> ir.Table:
    """The sums as floats in their own units: money in major units, decayed sums in counts."""
    columns = {}
    for name in sums.columns:
        if _is_sum(name):
            columns[name] = (sums[name].cast("float64") / _unit(name)).cast(kind)
        else:
            columns[name] = sums[name]
    return sums.select(**columns)


def _is_sum(name: str) -> bool:
    return name.rpartition("_")[2] in ("30", "90", "all", "decayed", "mature")


def _unit(name: str) -> float:
    measure, _, window = name.rpartition("_")
    unit = WEIGHT_UNITS if window in ("decayed", "mature") else 1
    return float(unit * (MONEY_UNITS if measure == "gmv" else 1))
