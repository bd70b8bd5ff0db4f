"""The two sides as of a date: every candidate and every item, with its features."""

from collections.abc import Mapping, Sequence
from itertools import chain

import ibis
import ibis.expr.types as ir
import pandas as pd

from features.attributes import active_items, creators_as_of
from features.benchmark import SUMS, benchmarks
from features.brand import PEERS, RATES, brand_features, group_features, members, wider_sums
from features.creator import creator_features, creator_table
from features.item import item_features, item_table
from features.joins import beside
from features.rates import share
from features.settings import FeatureSettings
from features.sums import Sums

COUNTS = (
    "converted_decayed",
    "trials_decayed",
    "clicks_decayed",
    "clicked_impressions_decayed",
    "returned_mature",
    "orders_mature",
    "impressions_decayed",
    "exposed_decayed",
    "offered_decayed",
)
"""Successes and trials every level keeps for `level_counts`."""
SESSION_COUNTS = (
    "session_denominator_90",
    "session_denominator_decayed",
    "session_counted_decayed",
    "sessions_decayed",
)
GROUPS: Mapping[str, Sequence[str]] = {
    "category": ("category",),
    "brand": ("brand",),
    "peer": PEERS,
}
RECENT = {
    "converted_90": "converted",
    "trials_90": "denominator",
    "impressions_90": "impressions",
    "shown_90": "shown",
}
"""Sums of all other sessions that benchmarks pool with those of field sessions."""


def _floats(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    return frame[list(names)].astype("float64")


CREATOR_ATTRIBUTES = (
    "name",
    "main_category",
    "tier",
    "followers",
    "region",
    "agency",
    "level",
    "slot_fee",
    "commission_rate",
    "sample_limit",
    "flags",
)


CREATOR_COUNTS = (*COUNTS, *SESSION_COUNTS, "lines_decayed")


def creator_rows(sums: Sums, items: ir.Table, overall: ir.Table) -> ir.Table:
    """Candidates in the order of sorted ids: attributes, features, CREATOR_COUNTS."""
    known = creators_as_of(sums.daily, sums.settings)
    table = creator_table(sums, known, items, overall)
    columns = creator_features(table, sums.settings)
    names = ("creator_id", *CREATOR_ATTRIBUTES, *CREATOR_COUNTS)
    return table.order_by("creator").select(*names, **columns)


def creators_frame(
    rows: pd.DataFrame, audiences: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The candidates and their counts, from their `creator_rows` and shares by creator_id."""
    frame = rows.set_index("creator_id")
    kept = frame.drop(columns=list(CREATOR_COUNTS))
    features = [str(name) for name in kept.columns if str(name).startswith("creator_")]
    counts = _floats(frame, CREATOR_COUNTS).fillna(0.0)
    kept = kept.astype(dict.fromkeys(features, "float64"))
    return pd.concat([kept, _beside(frame.index, audiences)], axis=1), counts


def _beside(ids: pd.Index, shares: pd.DataFrame) -> pd.DataFrame:
    """The shares of these ids, by the first column; nan where unknown."""
    return shares.set_index(shares.columns[0]).reindex(ids)


ITEM_ATTRIBUTES = (
    "brand_id",
    "category",
    "price",
    "title",
    "margin_rate",
    "commission_rate",
    "sample_cost",
    "return_handling_rate",
)


def item_rows(
    sums: Sums,
    items: ir.Table,
    groups: Mapping[str, ir.Table],
    activity: ir.Table,
    overall: ir.Table,
) -> ir.Table:
    """Items in the order of sorted ids: attributes, features, COUNTS."""
    table = item_table(sums, items, overall)
    table = _with_groups(items, table, groups, activity)
    table = table.mutate(**item_features(table, sums.settings))
    value = ibis.coalesce(
        table.item_gmv_per_order, share(table.gmv_all, table.orders_all), table.price
    )
    table = table.mutate(order_value=value, is_active=active_items(table))
    features = [name for name in table.columns if _is_item_feature(name)]
    names = ("item_id", "brand", *ITEM_ATTRIBUTES, "is_active", "order_value", *features)
    return table.order_by("item").select(*names, *COUNTS, "sold")


def items_frame(
    rows: pd.DataFrame, groups: Mapping[str, pd.DataFrame]
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """The items and the counts of each level, from their `item_rows` and `group_counts`."""
    frame = rows.set_index("item_id")
    features = [str(name) for name in frame.columns if _is_item_feature(str(name))]
    kept = frame[[*ITEM_ATTRIBUTES, "is_active", "order_value", *features]]
    counts = {"item": _floats(frame, [*COUNTS, "sold"]).fillna(0.0)}
    for key, group in groups.items():
        found = group.set_index(key).reindex(frame[key]).set_axis(frame.index, axis=0)
        counts[key] = found.astype("float64").fillna(0.0)
    return kept.astype(dict.fromkeys(features, "float64")), counts


def _is_item_feature(name: str) -> bool:
    """Whether a column of the assembled items is a feature, not an attribute or a count."""
    prefixes = ("item_", "brand_", "category_", "peer_")
    others = ("item_id", "brand_id", "brand_tier", "category_log_price")
    return name.startswith(prefixes) and name not in others


def group_tables(sums: Sums, items: ir.Table, overall: ir.Table) -> Mapping[str, ir.Table]:
    """category, brand, peer -> their features, and their sums as `<group>__<name>`."""
    history = members(sums, items)
    tables = {}
    for prefix, keys in GROUPS.items():
        wide = wider_sums(sums, history, overall, keys)
        columns = group_features(wide, prefix, sums.settings)
        counts = {f"{prefix}__{name}": wide[name] for name in (*COUNTS, *RECENT, "items")}
        tables[prefix] = wide.select(*keys, **columns, **counts)
        tables[prefix] = sums.plan.keep(f"{prefix}_groups", tables[prefix])
    return tables


def _features(group: ir.Table) -> ir.Table:
    """A group's keys and features, without its sums."""
    return group.select(*(name for name in group.columns if "__" not in name))


def group_counts(group: ir.Table, key: str) -> ir.Table:
    """COUNTS and `items` of each group, by its key."""
    return group.select(key, **{name: f"{key}__{name}" for name in (*COUNTS, "items")})


def _with_groups(
    items: ir.Table,
    table: ir.Table,
    groups: Mapping[str, ir.Table],
    activity: ir.Table,
) -> ir.Table:
    """Items joined with what they belong to; groups without history have the overall rates."""
    prices = items.filter(items.launched & (items.price > 0))
    median = prices.group_by("category").aggregate(category_log_price=prices.price.ln().median())
    on_air = activity.select("brand", **brand_features(activity))
    table = beside(table, [_features(groups["category"]), median], ["category"])
    table = beside(table, [_features(groups["brand"]), on_air], ["brand"])
    table = beside(table, [_features(groups["peer"])], PEERS)
    filled = {
        f"{prefix}_{rate}": table[f"{prefix}_{rate}"].fill_null(table[f"overall_{rate}"])
        for prefix in GROUPS
        for rate in RATES
    }
    return table.mutate(**filled)


def brand_rows(brands: ir.Table, groups: ir.Table, activity: ir.Table) -> ir.Table:
    """Brands in the order of sorted ids: attributes and what benchmarks are made of."""
    whole = groups.select("brand", **{name: groups[f"brand__{name}"] for name in RECENT})
    table = beside(brands, [activity, whole], ["brand"])
    pooled = {
        f"all_{name.removesuffix('_90')}": table[name].fill_null(0.0)
        + table[f"field_{other}"].fill_null(0.0)
        for name, other in RECENT.items()
    }
    table = table.mutate(**pooled)
    used = (name for name in table.columns if name.startswith(("field_", "all_")))
    names = ("brand_id", "name", "industry", "brand_tier", *used)
    return table.order_by("brand").select(*names)


def brands_frame(
    rows: pd.DataFrame, buyers: pd.DataFrame, settings: FeatureSettings
) -> pd.DataFrame:
    """Brands with their benchmarks: field sessions first, all sessions where those are too few."""
    frame = rows.set_index("brand_id")
    kept = frame[["name", "industry", "brand_tier", *chain(*SUMS.values())]]
    return pd.concat([kept, _beside(frame.index, buyers), benchmarks(frame, settings)], axis=1)


def with_benchmarks(items: pd.DataFrame, brands: pd.DataFrame) -> pd.DataFrame:
    places = brands.index.get_indexer(pd.Index(items["brand_id"]))
    columns = {
        "peer_benchmark_rate": "benchmark_rate",
        "peer_benchmark_impressions": "benchmark_impressions",
    }
    return items.assign(
        **{name: brands[source].to_numpy()[places] for name, source in columns.items()}
    )
