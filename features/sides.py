"""The two sides as of a date: every candidate and every item, with its features."""

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pandas as pd

from features.attributes import active_items, creators_as_of
from features.benchmark import benchmarks
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


def _frame(table: ir.Table, code: str, name: str) -> pd.DataFrame:
    """A frame in the order of codes, which is that of sorted ids, indexed by id."""
    return table.order_by(code).to_pandas().set_index(name)


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


def creators_frame(
    sums: Sums, items: ir.Table, overall: ir.Table
) -> tuple[pd.DataFrame, pd.DataFrame]:
    known = creators_as_of(sums.daily, sums.as_of, sums.settings)
    table = creator_table(sums, known, items, overall)
    columns = creator_features(table, sums.as_of, sums.settings)
    audience = [name for name in table.columns if name.startswith("audience_")]
    counts = (*COUNTS, *SESSION_COUNTS, "lines_decayed")
    frame = _frame(
        table.select("creator", "creator_id", *CREATOR_ATTRIBUTES, *audience, *counts, **columns),
        "creator",
        "creator_id",
    )
    features = frame.drop(columns=["creator", *counts])
    return features.astype(dict.fromkeys(columns, "float64")), _floats(frame, counts).fillna(0.0)


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


def items_frame(
    sums: Sums,
    items: ir.Table,
    groups: Mapping[str, ir.Table],
    activity: ir.Table,
    overall: ir.Table,
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    table = item_table(sums, items, overall)
    table = _with_groups(items, table, groups, activity)
    table = table.mutate(**item_features(table, sums.as_of, sums.settings))
    value = ibis.coalesce(
        table.item_gmv_per_order, share(table.gmv_all, table.orders_all), table.price
    )
    table = table.mutate(order_value=value, is_active=active_items(table, sums.as_of))
    frame = _frame(table, "item", "item_id")
    features = [name for name in frame.columns if _is_item_feature(name)]
    kept = frame[[*ITEM_ATTRIBUTES, "is_active", "order_value", *features]]
    counts = {"item": _floats(frame, [*COUNTS, "sold"]).fillna(0.0)}
    for key in ("category", "brand"):
        counts[key] = _counts(groups[key], key, frame[key])
    return kept.astype(dict.fromkeys(features, "float64")), counts


def _is_item_feature(name: str) -> bool:
    """Whether a column of the assembled items is a feature, not an attribute or a count."""
    prefixes = ("item_", "brand_", "category_", "peer_")
    others = ("brand_id", "brand_tier", "category_log_price")
    return name.startswith(prefixes) and name not in others


def group_tables(sums: Sums, items: ir.Table, overall: ir.Table) -> Mapping[str, ir.Table]:
    """category, brand, peer -> their features, and their sums as `<group>__<name>`."""
    history = members(sums, items)
    tables = {}
    for prefix, keys in GROUPS.items():
        wide = wider_sums(sums, history, overall, keys)
        columns = group_features(wide, prefix, sums.settings)
        counts = {f"{prefix}__{name}": wide[name] for name in (*COUNTS, *RECENT, "items")}
        tables[prefix] = wide.select(*keys, **columns, **counts).cache()
    return tables


def _features(group: ir.Table) -> ir.Table:
    """A group's keys and features, without its sums."""
    return group.select(*(name for name in group.columns if "__" not in name))


def _counts(group: ir.Table, key: str, keys: pd.Series) -> pd.DataFrame:
    """The group's sums for each of the items, in their order; 0 without history."""
    names = {f"{key}__{name}": name for name in (*COUNTS, "items")}
    frame = group.select(key, *names).to_pandas().set_index(key).rename(columns=names)
    return frame.reindex(keys).set_axis(keys.index, axis=0).astype("float64").fillna(0.0)


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


def brands_frame(
    brands: ir.Table, groups: ir.Table, activity: ir.Table, settings: FeatureSettings
) -> pd.DataFrame:
    """Brands with their benchmarks: field sessions first, all sessions where those are too few."""
    whole = groups.select("brand", **{name: groups[f"brand__{name}"] for name in RECENT})
    table = beside(brands, [activity, whole], ["brand"])
    pooled = {
        f"all_{name.removesuffix('_90')}": table[name].fill_null(0.0)
        + table[f"field_{other}"].fill_null(0.0)
        for name, other in RECENT.items()
    }
    frame = _frame(table.mutate(**pooled), "brand", "brand_id")
    buyers = [name for name in frame.columns if name.startswith("buyer_")]
    return pd.concat(
        [frame[["name", "industry", "brand_tier", *buyers]], benchmarks(frame, settings)], axis=1
    )


def with_benchmarks(items: pd.DataFrame, brands: pd.DataFrame) -> pd.DataFrame:
    places = brands.index.get_indexer(pd.Index(items["brand_id"]))
    columns = {
        "peer_benchmark_rate": "benchmark_rate",
        "peer_benchmark_impressions": "benchmark_impressions",
    }
    return items.assign(
        **{name: brands[source].to_numpy()[places] for name, source in columns.items()}
    )
