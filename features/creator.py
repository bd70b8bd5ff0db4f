"""Features of a creator: what it sells, to how many, how fast that moves."""

from collections.abc import Mapping

import ibis.expr.types as ir

from features.joins import beside
from features.plan import as_of_day
from features.rates import log_ratio, share, shrunken
from features.settings import TIERS, FeatureSettings
from features.sums import Sums, creator_items, with_priors, with_trials
from features.windows import in_units


def creator_table(sums: Sums, creators: ir.Table, items: ir.Table, overall: ir.Table) -> ir.Table:
    """Candidates with their sums in units, their trials, and the overall rates."""
    known = [
        in_units(sums.creators),
        in_units(sums.sessions),
        creator_items(sums, items.select("item", "price")),
    ]
    table = beside(creators, known, ["creator"])
    table = with_priors(table, overall).cross_join(overall.select(items_offered="items"))
    return with_trials(table, sums.daily.absent_is_zero, table.items_offered)


def creator_features(t: ir.Table, settings: FeatureSettings) -> Mapping[str, ir.Value]:
    """Every creator_ feature, from a `creator_table`."""
    return {**_activity(t), **_rates(t, settings), **_traffic(t), **_terms(t)}


def _activity(t: ir.Table) -> Mapping[str, ir.Value]:
    return {
        "creator_sessions_30": t.sessions_30.fill_null(0.0),
        "creator_sessions_90": t.sessions_90.fill_null(0.0),
        "creator_sessions_all": t.sessions_all.fill_null(0.0),
        "creator_sessions_trend": log_ratio(t.sessions_30 / 30.0, t.sessions_90 / 90.0),
        "creator_lines_90": t.lines_90.fill_null(0.0),
        "creator_orders_90": t.orders_90.fill_null(0.0),
        "creator_trials_decayed": t.trials_decayed,
        "creator_items": t.items_sold.fill_null(0.0),
        "creator_days_since_session": (as_of_day() - t.last_day).cast("float64"),
        "creator_price_level": t.mean_log_price,
    }


def _rates(t: ir.Table, settings: FeatureSettings) -> Mapping[str, ir.Value]:
    strength, prior = settings.prior_orders, t.overall_conversion
    level = {
        window: shrunken(
            t[f"converted_{window}"].fill_null(0.0), t[f"trials_{window}"], prior, strength
        )
        for window in ("30", "90", "decayed")
    }
    return {
        "creator_conversion_30": share(t.converted_30.fill_null(0.0), t.trials_30),
        "creator_conversion_90": share(t.converted_90.fill_null(0.0), t.trials_90),
        "creator_conversion": level["decayed"],
        "creator_conversion_trend": log_ratio(level["30"], level["90"]),
        "creator_click_through": shrunken(
            t.clicks_decayed.fill_null(0.0),
            t.clicked_impressions_decayed.fill_null(0.0),
            t.overall_click_through,
            strength,
        ),
        "creator_return_rate": shrunken(
            t.returned_mature.fill_null(0.0),
            t.orders_mature.fill_null(0.0),
            t.overall_return_rate,
            strength,
        ),
        "creator_gmv_per_order": share(t.gmv_90, t.orders_90),
    }


def _traffic(t: ir.Table) -> Mapping[str, ir.Value]:
    recent, level = share(t.session_views_30, t.viewed_30), share(t.session_views_90, t.viewed_90)
    shown_30, shown_90 = share(t.impressions_30, t.shown_30), share(t.impressions_90, t.shown_90)
    return {
        "creator_views_per_session": level,
        "creator_views_trend": log_ratio(recent, level),
        "creator_impressions_per_line": shown_90,
        "creator_impressions_trend": log_ratio(shown_30, shown_90),
        "creator_gmv_per_session": share(t.gmv_90, t.sessions_90),
        "creator_paid_share": share(t.session_paid_views_90, t.session_paid_known_views_90),
    }


def _terms(t: ir.Table) -> Mapping[str, ir.Value]:
    ranks = t.tier.cases(*((tier, float(rank)) for rank, tier in enumerate(TIERS)), else_=None)
    return {
        "creator_followers": (t.followers.cast("float64") + 1.0).ln(),
        "creator_followers_trend": log_ratio(
            t.followers.cast("float64"), t.followers_before.cast("float64")
        ),
        "creator_tier": ranks,
        "creator_slot_fee": t.slot_fee,
        "creator_commission_rate": t.commission_rate,
    }
