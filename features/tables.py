"""Feature tables: what was known of creators, items and pairs as of one date."""

from datetime import date

import numpy as np
import pandas as pd

from features.calendar import calendar_features
from features.daily import DailyFacts
from features.dated import ROWS, SPARSE, feature_plan
from features.known import FeatureTables as FeatureTables
from features.settings import FeatureSettings
from features.sides import brands_frame, creators_frame, items_frame, with_benchmarks
from features.sparse import sparse_frame


def feature_tables(
    daily: DailyFacts, as_of: date, settings: FeatureSettings | None = None
) -> FeatureTables:
    """The tables as of the date: only what was known strictly before it began (UTC)."""
    settings = settings or FeatureSettings()
    found = feature_plan(daily, settings).run(daily.facts.connection, daily.sources, as_of)
    rows = {name: found.pop(name).to_pandas() for name in ROWS}
    creators, creator_counts = creators_frame(rows["creators"], rows["audiences"])
    groups = {name: rows[f"{name}_counts"] for name in ("category", "brand")}
    items, item_counts = items_frame(rows["items"], groups)
    brands = brands_frame(rows["brands"], rows["buyers"], settings)
    ids = {
        "creator": (daily.creator_ids, creators.index),
        "item": (daily.item_ids, items.index),
        "brand": (daily.brand_ids, brands.index),
        "category": _categories(items),
    }
    return FeatureTables(
        as_of=as_of,
        grain=daily.grain,
        creators=creators,
        items=with_benchmarks(items, brands),
        brands=brands,
        **{name: sparse_frame(found.pop(name), ids) for name in SPARSE},
        overall={**_one_row(rows["overall"]), **calendar_features(daily.facts, as_of)},
        counts={"creator": creator_counts, **item_counts},
        absent_is_zero=daily.absent_is_zero,
        settings=settings,
    )


def _categories(items: pd.DataFrame) -> tuple[pd.Index, pd.Index]:
    names = pd.Index(np.sort(items["category"].dropna().unique()), name="category", dtype="str")
    return names, names


def _one_row(overall: pd.DataFrame) -> dict[str, float]:
    return {str(k): float(v) for k, v in overall.astype("float64").iloc[0].items()}
