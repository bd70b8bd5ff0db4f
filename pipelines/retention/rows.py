"""Rows that tell of retention: counts as of a date on every level, and what then happened."""

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.errors import NotEnoughHistory
from features.facts import Facts
from features.tables import FeatureTables
from features.windows import day_number
from models.prediction import Floats, PairRows, concatenate
from pipelines.plans import first_day
from pipelines.settings import TrainSettings
from pipelines.snapshot import Positions
from pipelines.windows import window_plan

WINDOWS = 3
"""To learn from, beside the one to calibrate on: these rates have few numbers to learn."""
Codes = npt.NDArray[np.int64]


def windows_of_rows(
    facts: Facts, as_of: date, rows: Callable[[date, date], PairRows]
) -> tuple[PairRows, PairRows]:
    """Rows of past windows to learn from, and of the last one to calibrate on.

    `rows(day, end)` are those as of a day with what happened before `end`. Too short a history
    gives tables without rows, from which nothing is learned but that nothing is known.
    """
    first = first_day(facts)
    try:
        assert first is not None
        plan = window_plan(first, as_of, TrainSettings().horizon_days, WINDOWS)
    except NotEnoughHistory:
        nothing = rows(as_of, as_of)
        return nothing, nothing
    learn = [rows(window.as_of, window.end) for window in (*plan.learn, plan.calibrate)]
    return concatenate(learn), rows(plan.evaluate.as_of, plan.evaluate.end)


def retention_rows(
    tables: FeatureTables,
    day: date,
    creators: Positions,
    items: Positions | None,
    counts: Mapping[str, tuple[Floats, Floats]],
    features: npt.NDArray[np.float32] | None = None,
    feature_names: tuple[str, ...] = (),
) -> PairRows:
    """Rows as of the day; without items they are of creators alone, whatever they sell."""
    n = len(creators)

    def of_items(name: str | None) -> npt.NDArray[np.str_]:
        if items is None:
            return np.full(n, "", dtype=np.str_)
        told = tables.items.index if name is None else tables.items[name].fillna("")
        return told.to_numpy(dtype=str)[items]

    return PairRows(
        features=np.empty((n, 0), np.float32) if features is None else features,
        feature_names=feature_names,
        creator_id=tables.creators.index.to_numpy(dtype=str)[creators],
        item_id=of_items(None),
        brand_id=of_items("brand_id"),
        category=of_items("category"),
        as_of=np.full(n, day, dtype="datetime64[D]"),
        counts=counts,
    )


def decayed(days: Floats, as_of: date, tables: FeatureTables) -> Floats:
    """What a day counts for: half after the half-life of the features' sums."""
    age = day_number(as_of) - 1 - days
    return np.asarray(0.5 ** (age / tables.settings.half_life_days), dtype=np.float64)


def sums_at(places: Positions, values: Floats, size: int) -> Floats:
    """Values added up by place, (size,)."""
    return np.bincount(places, values, minlength=size).astype(np.float64)


def looked_up(seen: Codes, values: Floats, wanted: Codes) -> Floats:
    """The values added up by code, at the codes wanted; 0 for one never seen."""
    codes, place = np.unique(seen, return_inverse=True)
    if not len(codes):
        return np.zeros(len(wanted))
    sums = sums_at(place, values, len(codes))
    at = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
    return np.where(codes[at] == wanted, sums[at], 0.0)


def level_codes(tables: FeatureTables, creators: Positions, items: Positions) -> dict[str, Codes]:
    """A code per pair on each level of `models.prediction.LEVELS`; unknown categories are one."""
    table = tables.items
    category = pd.factorize(table["category"], sort=True)[0].astype(np.int64)[items] + 1
    brand = tables.brands.index.get_indexer(pd.Index(table["brand_id"]))[items].astype(np.int64)
    creator, item = creators.astype(np.int64), items.astype(np.int64)

    def crossed(right: Codes, size: int) -> Codes:
        return creator * (size + 1) + right

    return {
        "overall": np.zeros(len(items), dtype=np.int64),
        "category": category,
        "brand": brand,
        "creator": creator,
        "item": item,
        "creator_category": crossed(category, len(table)),
        "creator_brand": crossed(brand, len(tables.brands)),
        "pair": crossed(item, len(table)),
    }
