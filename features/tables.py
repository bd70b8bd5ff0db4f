"""Feature tables: what was known of creators, items and pairs as of one date."""

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from features.attributes import brands_as_of, items_as_of
from features.brand import brand_activity
from features.calendar import calendar_features
from features.daily import DailyFacts
from features.known import FeatureTables as FeatureTables
from features.settings import FeatureSettings
from features.sides import (
    brands_frame,
    creators_frame,
    group_tables,
    items_frame,
    with_benchmarks,
)
from features.sums import Sums, overall_sums, sums_as_of
from features.windows import in_units, regrouped


def feature_tables(
    daily: DailyFacts, as_of: date, settings: FeatureSettings | None = None
) -> FeatureTables:
    """The tables as of the date: only what was known strictly before it began (UTC)."""
    settings = settings or FeatureSettings()
    sums = sums_as_of(daily, as_of, settings)
    overall = overall_sums(sums).cache()
    brands = brands_as_of(daily, as_of, settings).cache()
    items = items_as_of(daily, brands, as_of).cache()
    creators, creator_counts = creators_frame(sums, items, overall)
    groups = group_tables(sums, items, overall)
    activity = brand_activity(sums).cache()
    goods, item_counts = items_frame(sums, items, groups, activity, overall)
    merchants = brands_frame(brands, groups["brand"], activity, settings)
    goods = with_benchmarks(goods, merchants)
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
