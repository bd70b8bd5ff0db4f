"""The plan of all features: what is to be computed as of a date, whatever the date."""

import ibis
import ibis.expr.types as ir

from features.attributes import brands_as_of, items_as_of, shares_as_of
from features.audience import AUDIENCE, BUYERS
from features.brand import brand_activity
from features.daily import DAYS, DailyFacts, DailyTables
from features.plan import Plan, source
from features.settings import FeatureSettings
from features.sides import brand_rows, creator_rows, group_counts, group_tables, item_rows
from features.sums import Sums, overall_sums, sums_as_of
from features.windows import in_units, regrouped

ROWS = (
    "creators",
    "audiences",
    "items",
    "brands",
    "buyers",
    "overall",
    "category_counts",
    "brand_counts",
)
"""What the plan hands back row by row of a side."""
SHARES = (
    ("audiences", "creators", "creator_id", AUDIENCE),
    ("buyers", "brands", "brand_id", BUYERS),
)
"""What is handed back by id: name, table, key and how its columns begin. They may be thousands,
which the other steps would carry through every join."""
SPARSE = ("creator_categories", "creator_brands", "pairs")
"""What it hands back of pairs with history, keyed by codes."""
RATE_COLUMNS = (
    "converted_decayed",
    "denominator_decayed",
    "counted_decayed",
    "clicks_decayed",
    "clicked_impressions_decayed",
    "impressions_decayed",
    "shown_decayed",
    "orders_mature",
    "returned_mature",
    "last_day",
)
"""What wider sparse levels keep of the pairs' sums."""


_plans: dict[object, Plan] = {}


def feature_plan(daily: DailyFacts, settings: FeatureSettings) -> Plan:
    """The plan for facts of this shape, made once and used again for all alike."""
    shape = (
        daily.facts.connection.name,
        daily.grain,
        daily.absent_is_zero,
        daily.unknown,
        tuple(daily.twins.items()),
        tuple((name, table.schema()) for name, table in daily.tables.items()),
        settings,
    )
    if shape not in _plans:
        _plans[shape] = _new_plan(daily, settings)
    return _plans[shape]


def _new_plan(daily: DailyFacts, settings: FeatureSettings) -> Plan:
    plan, tables = Plan(daily.facts.connection.compiler), _stand_ins(daily)
    sums = sums_as_of(tables, plan, settings)
    overall = plan.keep("overall", overall_sums(sums))
    brands = plan.keep("brands_known", brands_as_of(tables, settings))
    items = plan.keep("items_known", items_as_of(tables, brands))
    groups = group_tables(sums, items, overall)
    activity = plan.keep("activity", brand_activity(sums))
    plan.hand_back("overall", overall)
    plan.hand_back("creators", creator_rows(sums, items, overall))
    plan.hand_back("items", item_rows(sums, items, groups, activity, overall))
    plan.hand_back("brands", brand_rows(brands, groups["brand"], activity))
    for name, side, key, prefix in SHARES:
        plan.hand_back(name, shares_as_of(tables.rows[side], key, prefix))
    for key in ("category", "brand"):
        plan.hand_back(f"{key}_counts", group_counts(groups[key], key))
    plan.hand_back("creator_categories", _creator_categories(sums, items))
    plan.hand_back("creator_brands", _creator_brands(sums, items))
    plan.hand_back("pairs", in_units(sums.pairs, "float32"))
    return plan


def _stand_ins(daily: DailyFacts) -> DailyTables:
    """The daily tables by name only: each run says which are meant."""
    tables = {name: source(name, table.schema()) for name, table in daily.tables.items()}
    return DailyTables(
        grain=daily.grain,
        absent_is_zero=daily.absent_is_zero,
        unknown=daily.unknown,
        twins=daily.twins,
        codes={name: tables[f"{name}_codes"] for name in daily.codes},
        rows={name: tables[f"{name}_rows"] for name in daily.rows},
        **{name: tables[name] for name in DAYS},
    )


def _creator_categories(sums: Sums, items: ir.Table) -> ir.Table:
    """Sums of the pairs of a category, by creator and by the category's place when sorted."""
    names = items.filter(items.category.notnull()).select("category").distinct()
    codes = names.mutate(code=ibis.row_number().over(order_by=names.category).cast("int32"))
    coded = items.select("item", "category").join(codes, "category")
    joined = sums.pairs.join(coded.select("item", category="code"), "item")
    kept = joined.select("creator", "category", *RATE_COLUMNS, "lines_90", "lines_decayed")
    return in_units(regrouped(kept, ["creator", "category"]), "float32")


def _creator_brands(sums: Sums, items: ir.Table) -> ir.Table:
    """Sums of the pairs of a brand (denominator_all: its evidence), and distinct sessions."""
    joined = sums.pairs.join(items.select("item", "brand"), "item")
    kept = joined.select("creator", "brand", *RATE_COLUMNS, "denominator_all")
    wide = in_units(regrouped(kept, ["creator", "brand"]), "float32")
    met = in_units(sums.creator_brand_sessions.drop("last_day"), "float32")
    return wide.left_join(met, ["creator", "brand"]).drop("creator_right", "brand_right")
