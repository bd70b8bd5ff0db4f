"""Money of every line after a date beside what was forecast of it, now and when evaluated.

Each product that was shown is forecast again by the model that made the matrix, from what was
known at the date. What was shown is not chosen by its forecast, so no winner's curse lies in it,
as it does in the published money of a pair's best product.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from experiments.drift import evidence
from experiments.drift_money import against_evaluation, judged_money, line_weight
from features.daily import DailyFacts
from models.bundle import AllianceModel
from models.money import DealInputs, deal_money
from models.prediction import Target
from pipelines.settings import TrainSettings
from pipelines.snapshot import Snapshot, snapshot
from pipelines.training_rows import labelled_pairs
from pipelines.windows import Window

VOLUMES = (Target.EXPOSURE, Target.CLICK_THROUGH, Target.TRAFFIC)
CATEGORIES = 6
"""Industries shown as slices: those with most lines."""


def money_drift(
    daily: DailyFacts, since: Mapping[Window, AllianceModel], last: AllianceModel, until: date
) -> pd.DataFrame | None:
    """Slices of GMV in the windows since, each forecast by its model, `against_evaluation` of the
    last model; None where money is not forecast.
    """
    frames = [lines_of_money(daily, model, window, until) for window, model in since.items()]
    told = [frame for frame in frames if frame is not None]
    if not told:
        return None
    now = pd.concat(told, ignore_index=True)
    largest = now.groupby("industry")["lines"].sum().sort_values(ascending=False, kind="stable")
    names = [name for name in largest.index[:CATEGORIES] if name]
    start, end = last.manifest["windows"][Target.CONVERSION.value]["evaluate"]
    evaluated = Window(date.fromisoformat(start), date.fromisoformat(end))
    then = lines_of_money(daily, last, evaluated, until)
    judged = judged_money(now, _slices(now, names))
    before = judged.head(0) if then is None else judged_money(then, _slices(then, names))
    return against_evaluation(judged, before)


def lines_of_money(
    daily: DailyFacts, model: AllianceModel, window: Window, until: date
) -> pd.DataFrame | None:
    """Pairs of creator and product with a line in the window: lines, GMV said and happened.

    Where no line means no sale, pairs without any are a sample that stands for all. None where
    no GMV is forecast or none happened.
    """
    settings = TrainSettings.told(model.manifest["settings"])
    known = snapshot(
        daily.facts, daily, window.as_of, settings.embedding_size, settings.random_state
    )
    labels = labelled_pairs(daily.facts, known, window, until, settings)
    creators, items = known.positions(labels)
    there = (creators >= 0) & (items >= 0) & labels["gmv"].notna().to_numpy()
    labels, creators, items = labels[there], creators[there], items[there]
    if Target.CONVERSION not in model.predictors or not len(labels):
        return None
    features = known.features(creators, items)
    forecasts = {
        target: model.predictors[target].predict(known.rows(target, creators, items, features))
        for target in (Target.CONVERSION, *VOLUMES)
        if target in model.predictors
    }
    tables = known.tables
    an_order = tables.items["order_value"].to_numpy(dtype=np.float64)[items]
    deal = DealInputs(
        denominator=daily.facts.meaning.denominator,
        conversion=forecasts[Target.CONVERSION],
        order_value=an_order,
        impressions=forecasts.get(Target.EXPOSURE),
        click_through=forecasts.get(Target.CLICK_THROUGH),
        traffic=forecasts.get(Target.TRAFFIC),
    )
    a_line = deal_money(deal).gmv.mean
    weight = labels["weight"].to_numpy(dtype=np.float64)
    lines = weight * labels["lines"].to_numpy(dtype=np.float64)
    brand = tables.items["brand_id"].to_numpy(dtype=str)[items]
    frame = pd.DataFrame(
        {
            "brand_id": brand,
            "creator_id": labels["creator_id"].to_numpy(dtype=str),
            "lines": lines,
            "said": lines * a_line,
            "happened": weight * labels["gmv"].to_numpy(dtype=np.float64),
            "weight": line_weight(a_line, an_order),
            "creator_trials": _of_creators(known, "creator_trials_decayed", creators),
            "met": _met(known, labels["creator_id"], brand),
            "tier": tables.creators["tier"].fillna("unknown").to_numpy(dtype=str)[creators],
            "industry": tables.brands["industry"].reindex(brand).fillna("").to_numpy(dtype=str),
        }
    )
    frame = frame[np.isfinite(a_line) & (lines > 0)]
    return frame if len(frame) else None


def _of_creators(
    known: Snapshot, name: str, creators: npt.NDArray[np.intp]
) -> npt.NDArray[np.float64]:
    return np.nan_to_num(known.tables.creators[name].to_numpy(dtype=np.float64)[creators])


def _met(
    known: Snapshot, creator_ids: "pd.Series[str]", brand: npt.NDArray[np.str_]
) -> npt.NDArray[np.bool_]:
    """Whether creator and brand had shared a session before."""
    before = known.tables.creator_brands["sessions_all"]
    together = pd.MultiIndex.from_arrays([creator_ids.to_numpy(dtype=str), brand])
    return (before.reindex(together).fillna(0) > 0).to_numpy()


def _slices(frame: pd.DataFrame, industries: list[str]) -> dict[str, npt.NDArray[np.bool_]]:
    """All, by evidence, new pairs, tiers where there are several, and these industries."""
    tiers = sorted(frame["tier"].unique())
    return {
        "all": np.ones(len(frame), dtype=bool),
        **evidence(frame["creator_trials"].to_numpy(dtype=np.float64)),
        "new pairs": ~frame["met"].to_numpy(dtype=bool),
        **{f"tier {t}": (frame["tier"] == t).to_numpy() for t in tiers if len(tiers) > 1},
        **{f"industry {name}": (frame["industry"] == name).to_numpy() for name in industries},
    }
