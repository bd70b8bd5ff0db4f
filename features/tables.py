"""Feature tables: what was known of creators, items and pairs as of one date."""

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from features.attributes import active_items, brands_as_of, creators_as_of, items_as_of
from features.benchmark import benchmarks
from features.brand import (
    PEERS,
    RATES,
    brand_activity,
    brand_features,
    group_features,
    wider_sums,
)
from features.calendar import calendar_features
from features.creator import creator_features, creator_table
from features.daily import DailyFacts
from features.item import item_features, item_table
from features.known import FeatureTables as FeatureTables
from features.rates import share
from features.settings import FeatureSettings
from features.sums import Sums, overall_sums, sums_as_of
from features.windows import in_units, regrouped

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


def feature_tables(
    daily: DailyFacts, as_of: date, settings: FeatureSettings | None = None
) -> FeatureTables:
    """The tables as of the date: only what was known strictly before it began (UTC)."""
    settings = settings or FeatureSettings()
    sums = sums_as_of(daily, as_of, settings)
    overall = overall_sums(sums).cache()
    brands = brands_as_of(daily, as_of, settings).cache()
    items = items_as_of(daily, brands, as_of).cache()
    creators, creator_counts = _creators(sums, items, overall)
    goods, item_counts = _items(sums, items, brands, overall)
    merchants = _brands(sums, items, brands, overall)
    goods = _with_benchmarks(goods, merchants)
    return FeatureTables(
        as_of=as_of,
        grain=daily.grain,
        creators=creators,
        items=goods,
        brands=merchants,
        creator_categories=_creator_categories(sums, items, creators, goods),
        creator_brands=_creator_brands(sums, items, creators, merchants),
        pairs=_pairs(sums, creators, goods),
        overall={**_one_row(overall), **calendar_features(daily.facts, as_of)},
        counts={"creator": creator_counts, **item_counts},
        absent_is_zero=daily.absent_is_zero,
        settings=settings,
    )


def _one_row(overall: ir.Table) -> dict[str, float]:
    return {str(k): float(v) for k, v in overall.to_pandas().astype("float64").iloc[0].items()}


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


def _creators(sums: Sums, items: ir.Table, overall: ir.Table) -> tuple[pd.DataFrame, pd.DataFrame]:
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


def _items(
    sums: Sums, items: ir.Table, brands: ir.Table, overall: ir.Table
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    table = item_table(sums, items, overall)
    table = _with_groups(sums, items, table, overall)
    table = table.mutate(**item_features(table, sums.as_of, sums.settings))
    value = ibis.coalesce(
        table.item_gmv_per_order, share(table.gmv_all, table.orders_all), table.price
    )
    table = table.mutate(order_value=value, is_active=active_items(table, sums.as_of))
    frame = _frame(table, "item", "item_id")
    features = [name for name in frame.columns if _is_item_feature(name)]
    kept = frame[[*ITEM_ATTRIBUTES, "is_active", "order_value", *features]]
    counts = {"item": _floats(frame, [*COUNTS, "sold"]).fillna(0.0)}
    for group in ("category", "brand"):
        names = [f"{group}__{name}" for name in (*COUNTS, "items")]
        counts[group] = (
            _floats(frame, names).fillna(0.0).rename(columns=lambda n: n.partition("__")[2])
        )
    return kept.astype(dict.fromkeys(features, "float64")), counts


def _is_item_feature(name: str) -> bool:
    """Whether a column of the assembled items is a feature, not an attribute or a count."""
    prefixes = ("item_", "brand_", "category_", "peer_")
    others = ("brand_id", "brand_tier", "category_log_price")
    return name.startswith(prefixes) and "__" not in name and name not in others


def _with_groups(sums: Sums, items: ir.Table, table: ir.Table, overall: ir.Table) -> ir.Table:
    """Items joined with the features (and counts, as `<group>__<name>`) of what they belong to."""
    for prefix, keys in (("category", ["category"]), ("brand", ["brand"]), ("peer", list(PEERS))):
        wide = wider_sums(sums, items, overall, keys)
        columns = group_features(wide, prefix, sums.settings)
        counts = {f"{prefix}__{name}": wide[name] for name in (*COUNTS, "items")}
        group = wide.select(*keys, **columns, **counts).cache()
        table = table.left_join(group, keys).drop(*(f"{key}_right" for key in keys))
    activity = brand_activity(sums)
    activity = activity.select("brand", **brand_features(activity)).cache()
    table = table.left_join(activity, "brand").drop("brand_right")
    prices = items.filter(items.launched & (items.price > 0))
    median = prices.group_by("category").aggregate(category_log_price=prices.price.ln().median())
    table = table.left_join(median, "category").drop("category_right")
    filled = {
        f"{prefix}_{rate}": table[f"{prefix}_{rate}"].fill_null(table[f"overall_{rate}"])
        for prefix in ("category", "brand", "peer")
        for rate in RATES
    }
    return table.mutate(**filled)


def _brands(sums: Sums, items: ir.Table, brands: ir.Table, overall: ir.Table) -> pd.DataFrame:
    """Brands with their benchmarks: field sessions first, all sessions where those are too few."""
    whole = wider_sums(sums, items, overall, ["brand"])
    whole = whole.select("brand", "converted_90", "trials_90", "impressions_90", "shown_90")
    table = brands.left_join(brand_activity(sums), "brand").drop("brand_right")
    table = table.left_join(whole, "brand").drop("brand_right")
    for name, other in (
        ("converted", "converted"),
        ("trials", "denominator"),
        ("impressions", "impressions"),
        ("shown", "shown"),
    ):
        both = table[f"{name}_90"].fill_null(0.0) + table[f"field_{other}"].fill_null(0.0)
        table = table.mutate(**{f"all_{name}": both})
    frame = _frame(table, "brand", "brand_id")
    buyers = [name for name in frame.columns if name.startswith("buyer_")]
    return pd.concat(
        [frame[["name", "industry", "brand_tier", *buyers]], benchmarks(frame, sums.settings)],
        axis=1,
    )


def _with_benchmarks(items: pd.DataFrame, brands: pd.DataFrame) -> pd.DataFrame:
    places = brands.index.get_indexer(pd.Index(items["brand_id"]))
    columns = {
        "peer_benchmark_rate": "benchmark_rate",
        "peer_benchmark_impressions": "benchmark_impressions",
    }
    return items.assign(
        **{name: brands[source].to_numpy()[places] for name, source in columns.items()}
    )


def _places(all_ids: pd.Index, kept: pd.Index) -> ir.Table:
    """Codes of all ids against places among those kept."""
    codes = all_ids.get_indexer(kept).astype("int32")
    return ibis.memtable(
        pd.DataFrame({"code": codes, "place": np.arange(len(kept), dtype="int32")})
    )


def _placed(table: ir.Table, column: str, all_ids: pd.Index, kept: pd.Index) -> ir.Table:
    """The table with places in `kept` instead of codes; rows of others are dropped."""
    places = _places(all_ids, kept)
    joined = table.join(places, table[column] == places.code)
    return joined.drop("code", column).rename(**{column: "place"})


def _sparse(table: ir.Table, left_ids: pd.Index, right: str, right_ids: pd.Index) -> pd.DataFrame:
    frame = table.to_pandas()
    order = np.lexsort((frame[right], frame["creator"]))
    frame = frame.take(order)
    index = pd.MultiIndex(
        levels=[left_ids, right_ids],  # type: ignore[list-item]  # an Index is what it wants
        codes=[frame["creator"].to_numpy(), frame[right].to_numpy()],
        names=[left_ids.name, right_ids.name],
        verify_integrity=False,
    )
    frame = frame.drop(columns=["creator", right]).astype("float32")
    return frame.set_axis(index, axis=0)


def _pairs(sums: Sums, creators: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    daily = sums.daily
    table = _placed(in_units(sums.pairs, "float32"), "creator", daily.creator_ids, creators.index)
    table = _placed(table, "item", daily.item_ids, items.index)
    return _sparse(table, creators.index, "item", items.index)


def _creator_categories(
    sums: Sums, items: ir.Table, creators: pd.DataFrame, goods: pd.DataFrame
) -> pd.DataFrame:
    categories = pd.Index(
        np.sort(goods["category"].dropna().unique()), name="category", dtype="str"
    )
    codes = ibis.memtable(
        pd.DataFrame({"category": categories, "place": np.arange(len(categories), dtype="int32")}),
        schema={"category": "string", "place": "int32"},
    )
    coded = items.select("item", "category").join(codes, "category").select("item", "place")
    joined = sums.pairs.join(coded, "item")
    wide = in_units(regrouped(joined, ["creator", "place"]), "float32")
    wide = wide.rename(category="place")
    table = _placed(wide, "creator", sums.daily.creator_ids, creators.index)
    return _sparse(table, creators.index, "category", categories)


def _creator_brands(
    sums: Sums, items: ir.Table, creators: pd.DataFrame, brands: pd.DataFrame
) -> pd.DataFrame:
    daily = sums.daily
    joined = sums.pairs.join(items.select("item", "brand"), "item")
    keys = ["creator", "brand"]
    wide = in_units(regrouped(joined, keys), "float32")
    met = in_units(sums.creator_brand_sessions.drop("last_day"), "float32")
    table = wide.left_join(met, keys).drop("creator_right", "brand_right")
    table = _placed(table, "creator", daily.creator_ids, creators.index)
    table = _placed(table, "brand", daily.brand_ids, brands.index)
    return _sparse(table, creators.index, "brand", brands.index)
