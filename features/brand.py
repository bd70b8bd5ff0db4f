"""Features of what items add up to: their brand, their category, their brand's peer group."""

from collections.abc import Mapping, Sequence

import ibis.expr.types as ir

from features.joins import beside
from features.plan import as_of_day
from features.rates import share, shrunken
from features.settings import FeatureSettings
from features.sums import Sums, brand_sessions, with_priors, with_trials
from features.windows import Measures, in_units, regrouped, window_sums

PEERS = ("industry", "brand_tier")
RATES = ("conversion", "click_through", "return_rate")
"""The shrunken rates of a group: those of all items where it has no history."""


def members(sums: Sums, items: ir.Table) -> ir.Table:
    """Items with a history, and what they add up to; computed once for all groups."""
    wide = items.select("item", "category", "brand", *PEERS).join(sums.items, "item")
    return sums.plan.keep("members", wide)


def wider_sums(sums: Sums, members: ir.Table, overall: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Sums of the `members` that share `keys`, in units, with trials and the overall rates.

    `items` counts those ever sold among them.
    """
    known = members.filter([members[key].notnull() for key in keys])
    wide = in_units(regrouped(known, keys)).drop("last_day").rename(items="sold_all")
    implicit = sums.daily.absent_is_zero
    table = with_priors(wide, overall, sessions=implicit)
    return with_trials(table, implicit, table.items)


def group_features(t: ir.Table, prefix: str, settings: FeatureSettings) -> Mapping[str, ir.Value]:
    """Rates of a group of items, from its `wider_sums`; shrunken ones to the overall rates."""
    strength = settings.prior_orders
    return {
        f"{prefix}_conversion_90": share(t.converted_90.fill_null(0.0), t.trials_90),
        f"{prefix}_conversion": shrunken(
            t.converted_decayed.fill_null(0.0),
            t.trials_decayed,
            t.overall_conversion,
            strength,
        ),
        f"{prefix}_click_through": shrunken(
            t.clicks_decayed.fill_null(0.0),
            t.clicked_impressions_decayed.fill_null(0.0),
            t.overall_click_through,
            strength,
        ),
        f"{prefix}_return_rate": shrunken(
            t.returned_mature.fill_null(0.0),
            t.orders_mature.fill_null(0.0),
            t.overall_return_rate,
            strength,
        ),
        f"{prefix}_impressions_per_line": share(t.impressions_90, t.shown_90),
    }


def brand_activity(sums: Sums) -> ir.Table:
    """Per brand: sessions and creators that had it, and its own field sessions of 90 days."""
    names = ("sessions", "orders", "gmv", "converted", "denominator", "impressions", "shown")
    windows: Measures = dict.fromkeys(names, ("90",))
    field = in_units(
        window_sums(sums.daily.field, ["brand"], windows, as_of_day(), sums.settings)
    ).drop("last_day")
    field = field.rename(**{f"field_{name}": f"{name}_90" for name in names})
    brands = sums.daily.codes["brand"].select("brand")
    return beside(brands, [brand_sessions(sums), field], ["brand"])


def brand_features(t: ir.Table) -> Mapping[str, ir.Value]:
    """How much a brand is on air, elsewhere and in its own field sessions."""
    return {
        "brand_sessions_90": t.sessions_90.fill_null(0.0),
        "brand_creators": t.creators_met.fill_null(0.0),
        "brand_field_sessions_90": t.field_sessions.fill_null(0.0),
        "brand_field_conversion_90": share(t.field_converted, t.field_denominator),
        "brand_field_gmv_90": (t.field_gmv.fill_null(0.0) + 1.0).ln(),
        "brand_field_impressions_per_line": share(t.field_impressions, t.field_shown),
    }
