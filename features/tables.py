"""Feature tables: what was known of creators, items and pairs as of one date."""

from collections.abc import Mapping
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
from features.sparse import Positions
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


def _sparse(table: ir.Table, codes: Mapping[str, tuple[pd.Index, pd.Index]]) -> pd.DataFrame:
    """A frame sorted by its two keys; `codes` tells of which ids codes are, and which are kept."""
    frame = table.to_pandas()
    places = [_places(*ids)[frame.pop(name).to_numpy()] for name, ids in codes.items()]
    order = np.lexsort(places[::-1])
    order = order[(places[0][order] >= 0) & (places[1][order] >= 0)]
    levels = [kept for _, kept in codes.values()]
    index = pd.MultiIndex(
        levels=levels,  # type: ignore[arg-type]  # an Index is what it wants
        codes=[place[order] for place in places],
        names=[level.name for level in levels],
        verify_integrity=False,
    )
    return frame.take(order).astype("float32").set_axis(index, axis=0)


def _places(all_ids: pd.Index, kept: pd.Index) -> Positions:
    """Per code of `all_ids`, its place among those kept; -1 for the others."""
    return np.asarray(kept.get_indexer(all_ids), dtype=np.int64)


def _pairs(sums: Sums, creators: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    daily = sums.daily
    return _sparse(
        in_units(sums.pairs, "float32"),
        {
            "creator": (daily.creator_ids, creators.index),
            "item": (daily.item_ids, items.index),
        },
    )


def _creator_categories(
    sums: Sums, items: ir.Table, creators: pd.DataFrame, goods: pd.DataFrame
) -> pd.DataFrame:
    names = np.sort(goods["category"].dropna().unique())
    categories = pd.Index(names, name="category", dtype="str")
    codes = ibis.memtable(
        pd.DataFrame({"category": categories, "code": np.arange(len(categories), dtype="int32")}),
        schema={"category": "string", "code": "int32"},
    )
    coded = items.select("item", "category").join(codes, "category")
    joined = sums.pairs.join(coded.select("item", category="code"), "item")
    kept = joined.select("creator", "category", *RATE_COLUMNS, "lines_90", "lines_decayed")
    wide = in_units(regrouped(kept, ["creator", "category"]), "float32")
    creator_ids = sums.daily.creator_ids
    return _sparse(
        wide, {"creator": (creator_ids, creators.index), "category": (categories, categories)}
    )


def _creator_brands(
    sums: Sums, items: ir.Table, creators: pd.DataFrame, brands: pd.DataFrame
) -> pd.DataFrame:
    """Sums of the pairs of a brand (denominator_all: its evidence), and distinct sessions."""
    daily = sums.daily
    codes = {
        "creator": (daily.creator_ids, creators.index),
        "brand": (daily.brand_ids, brands.index),
    }
    joined = sums.pairs.join(items.select("item", "brand"), "item")
    kept = joined.select("creator", "brand", *RATE_COLUMNS, "denominator_all")
    wide = _sparse(in_units(regrouped(kept, list(codes)), "float32"), codes)
    met = _sparse(in_units(sums.creator_brand_sessions.drop("last_day"), "float32"), codes)
    assert len(met) == len(wide)
    return wide.assign(**{str(name): met[name].to_numpy() for name in met.columns})
