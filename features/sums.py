"""What every level (creator, item, brand, category, peer group, pair) had summed up by a date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis.expr.types as ir

from features.daily import DailyTables
from features.plan import Plan, as_of_day
from features.rates import share
from features.settings import FeatureSettings
from features.windows import Measures, in_units, regrouped, window_sums

RATES: Measures = {
    "converted": ("30", "90", "decayed"),
    "denominator": ("30", "90", "decayed"),
    "counted": ("decayed",),
    "clicks": ("decayed",),
    "clicked_impressions": ("decayed",),
    "impressions": ("30", "90", "decayed"),
    "shown": ("30", "90", "decayed"),
    "orders": ("90", "all", "mature"),
    "returned": ("mature",),
    "lines": ("90", "all", "decayed"),
    "gmv": ("90", "all"),
}
"""Summed at the level of creators and of items (and of what items add up to)."""

ITEM: Measures = {
    **RATES,
    "paid_views": ("90",),
    "paid_known_views": ("90",),
}
PAIR: Measures = {
    "converted": ("90", "decayed"),
    "denominator": ("90", "all", "decayed"),
    "counted": ("decayed",),
    "clicks": ("decayed",),
    "clicked_impressions": ("decayed",),
    "impressions": ("decayed",),
    "shown": ("decayed",),
    "orders": ("all", "mature"),
    "returned": ("mature",),
    "lines": ("90", "all", "decayed"),
}
SESSIONS: Measures = {
    "sessions": ("30", "90", "all", "decayed"),
    "viewed": ("30", "90"),
    "session_views": ("30", "90"),
    "session_paid_views": ("90",),
    "session_paid_known_views": ("90",),
    "session_counted": ("decayed",),
    "session_denominator": ("30", "90", "decayed"),
}
PRIORS = ("overall_conversion", "overall_click_through", "overall_return_rate")
"""The rates of everything, which thin histories are pulled to."""
LOG_UNITS = 1_000_000
"""Parts of one in sums of log prices: whole numbers add up the same in any order."""
TRIAL_WINDOWS = ("30", "90", "decayed")


@dataclass(frozen=True)
class Sums:
    """Sums as of the plan's date, whole numbers still (`in_units` of windows: floats)."""

    daily: DailyTables
    plan: Plan
    settings: FeatureSettings
    creators: ir.Table
    items: ir.Table
    pairs: ir.Table
    sessions: ir.Table
    creator_brand_sessions: ir.Table


def sums_as_of(daily: DailyTables, plan: Plan, settings: FeatureSettings) -> Sums:
    """Every level's sums over what was known before the date began, computed once."""

    def summed(days: ir.Table, keys: Sequence[str], measures: Measures) -> ir.Table:
        return window_sums(days, keys, measures, as_of_day(), settings, daily.unknown)

    together: Measures = {"sessions": ("90", "all")}
    return Sums(
        daily=daily,
        plan=plan,
        settings=settings,
        creators=plan.keep(
            "creator_sums", summed(daily.creators, ["creator"], RATES).drop("last_day")
        ),
        items=plan.keep("item_sums", _sold(summed(daily.items, ["item"], ITEM))),
        pairs=_kept(plan, "pair_sums", summed(daily.pairs, ["creator", "item"], PAIR), daily.twins),
        sessions=plan.keep("session_sums", summed(daily.sessions, ["creator"], SESSIONS)),
        creator_brand_sessions=plan.keep(
            "together", summed(daily.creator_brands, ["creator", "brand"], together)
        ),
    )


def _kept(plan: Plan, name: str, sums: ir.Table, twins: Mapping[str, str]) -> ir.Table:
    """The sums, kept without those of measures whose twin has the same sums."""
    again = {
        f"{measure}_{window}": f"{twin}_{window}"
        for measure, twin in twins.items()
        for window in ("30", "90", "all", "decayed", "mature")
        if {f"{measure}_{window}", f"{twin}_{window}"} <= set(sums.columns)
    }
    kept = plan.keep(name, sums.drop(*again))
    return kept.select(**{name: kept[again.get(name, name)] for name in sums.columns})


def _sold(items: ir.Table) -> ir.Table:
    """Items with `sold_all`: 1 for each that ever had a line, to be counted in wider groups."""
    return items.mutate(sold_all=(items.lines_all > 0).fill_null(False).cast("int64"))


def overall_sums(sums: Sums) -> ir.Table:
    """One row: everything of all creators, in units; `items`: how many were ever sold; PRIORS."""
    whole = in_units(regrouped(sums.creators, []))
    shows = in_units(regrouped(sums.sessions, []).drop("last_day"))
    sold = sums.items.aggregate(items=sums.items.sold_all.sum().cast("float64").fill_null(0.0))
    table = whole.cross_join(shows).cross_join(sold)
    table = with_trials(table, sums.daily.absent_is_zero, table.items)
    return table.mutate(
        overall_conversion=share(table.converted_decayed.fill_null(0.0), table.trials_decayed),
        overall_click_through=share(table.clicks_decayed, table.clicked_impressions_decayed),
        overall_return_rate=share(table.returned_mature, table.orders_mature),
    )


def with_priors(table: ir.Table, overall: ir.Table, sessions: bool = False) -> ir.Table:
    """Every row with the overall rates it is pulled to; and everybody's sessions' sums."""
    shows = [f"session_denominator_{w}" for w in TRIAL_WINDOWS] + ["session_counted_decayed"]
    return table.cross_join(overall.select(*PRIORS, *(shows if sessions else ())))


def with_trials(table: ir.Table, implicit: bool, items: ir.Value | None = None) -> ir.Table:
    """The sums with `trials_<window>` and `offered_decayed`: what the orders are read against.

    trials: the denominators of the lines; offered: those lines. Where an absent line means zero
    (`implicit`), every session has a line of each of the level's `items`: sessions' denominators
    times items, so the table must hold the sessions' sums of whoever could have sold them.
    """
    if not implicit:
        trials = {f"trials_{w}": table[f"denominator_{w}"].fill_null(0.0) for w in TRIAL_WINDOWS}
        return table.mutate(
            **trials,
            offered_decayed=table.counted_decayed.fill_null(0.0),
            exposed_decayed=table.shown_decayed.fill_null(0.0),
        )
    assert items is not None
    trials = {
        f"trials_{w}": table[f"session_denominator_{w}"].fill_null(0.0) * items
        for w in TRIAL_WINDOWS
    }
    offered = table.session_counted_decayed.fill_null(0.0) * items
    return table.mutate(**trials, offered_decayed=offered, exposed_decayed=offered)


def creator_items(sums: Sums, items: ir.Table) -> ir.Table:
    """Per creator: how many different items it ever sold, and the mean log price of its orders."""
    sold = sums.pairs.filter(sums.pairs.orders_all > 0).join(items, "item")
    log_price = ((sold.price > 0).ifelse(sold.price, None).ln() * LOG_UNITS).round().cast("int64")
    spent = (log_price * sold.orders_all).sum().cast("float64") / LOG_UNITS
    return sold.group_by("creator").aggregate(
        items_sold=sold.count().cast("float64"),
        mean_log_price=share(spent, sold.orders_all.sum(where=sold.price > 0)),
    )


def item_creators(sums: Sums) -> ir.Table:
    """Per item: how many different creators ever sold it."""
    sold = sums.pairs.filter(sums.pairs.orders_all > 0)
    return sold.group_by("item").aggregate(creators_sold=sold.count().cast("float64"))


def brand_sessions(sums: Sums) -> ir.Table:
    """Per brand: distinct sessions with it, and with how many different creators."""
    together = sums.creator_brand_sessions
    return together.group_by("brand").aggregate(
        sessions_90=together.sessions_90.sum().cast("float64"),
        creators_met=together.count().cast("float64"),
    )
