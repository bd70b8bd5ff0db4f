"""Features of an item: how it sells wherever it is shown, and what it costs."""

from collections.abc import Mapping

import ibis.expr.types as ir

from features.joins import beside
from features.plan import as_of_day
from features.rates import log_ratio, share, shrunken
from features.settings import FeatureSettings
from features.sums import Sums, item_creators, with_priors, with_trials
from features.windows import in_units


def item_table(sums: Sums, items: ir.Table, overall: ir.Table) -> ir.Table:
    """Items with their sums in units and their trials; `sold` is 1 for those with any line."""
    table = beside(items, [in_units(sums.items), item_creators(sums)], ["item"])
    table = table.mutate(sold=table.sold_all.fill_null(0.0))
    implicit = sums.daily.absent_is_zero
    return with_trials(with_priors(table, overall, sessions=implicit), implicit, table.sold)


def item_features(t: ir.Table, settings: FeatureSettings) -> Mapping[str, ir.Value]:
    """Every item_ feature, from an `item_table` joined with its category's rates."""
    return {**_rates(t, settings), **_activity(t), **_terms(t)}


def _rates(t: ir.Table, settings: FeatureSettings) -> Mapping[str, ir.Value]:
    strength, prior = settings.prior_orders, t.category_conversion
    level = {
        window: shrunken(
            t[f"converted_{window}"].fill_null(0.0), t[f"trials_{window}"], prior, strength
        )
        for window in ("30", "90", "decayed")
    }
    return {
        "item_conversion_90": share(t.converted_90.fill_null(0.0), t.trials_90),
        "item_conversion": level["decayed"],
        "item_conversion_trend": log_ratio(level["30"], level["90"]),
        "item_click_through": shrunken(
            t.clicks_decayed.fill_null(0.0),
            t.clicked_impressions_decayed.fill_null(0.0),
            t.category_click_through,
            strength,
        ),
        "item_return_rate": shrunken(
            t.returned_mature.fill_null(0.0),
            t.orders_mature.fill_null(0.0),
            t.category_return_rate,
            strength,
        ),
        "item_gmv_per_order": share(t.gmv_90, t.orders_90),
    }


def _activity(t: ir.Table) -> Mapping[str, ir.Value]:
    today = as_of_day()
    return {
        "item_lines_90": t.lines_90.fill_null(0.0),
        "item_orders_90": t.orders_90.fill_null(0.0),
        "item_trials_decayed": t.trials_decayed,
        "item_creators": t.creators_sold.fill_null(0.0),
        "item_impressions_per_line": share(t.impressions_90, t.shown_90),
        "item_paid_share": share(t.paid_views_90, t.paid_known_views_90),
        "item_days_since_line": (today - t.last_day).cast("float64"),
        "item_days_since_launch": (today - t.launch_day).cast("float64"),
    }


def _terms(t: ir.Table) -> Mapping[str, ir.Value]:
    price = t.price.nullif(0).ln()
    return {
        "item_price": price,
        "item_price_to_category": price - t.category_log_price,
        "item_commission_rate": t.commission_rate,
        "item_margin_rate": t.margin_rate,
    }
