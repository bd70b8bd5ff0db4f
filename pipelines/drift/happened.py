"""What happened to published pairs after their date, week by week, beside what was said of them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy.special import logit, ndtri

from features.daily import DailyFacts
from features.facts import Facts
from features.lines import absent_is_zero, lines, sessions
from features.outcomes import on_air, outcomes
from features.windows import day_number
from models.bundle import AllianceModel
from models.prediction import Floats, PairRows, Target
from models.predictors.calibrated import CalibratedPredictor
from pipelines.promised import pairs_of
from pipelines.published import Published
from pipelines.snapshot import Snapshot, snapshot
from pipelines.training_rows import lines_of

SAMPLED = 60_000
"""Pairs compared of one version where every absent line means no sale: a sample of all."""
SMALLEST = 1e-9
Z80 = float(ndtri(0.9))
WEEK = timedelta(days=7)
TOLD = ("evidence_sessions", "recommended", "extrapolated", "tier", "industry")
"""What the version says of a pair that slices are made from."""


@dataclass(frozen=True)
class Maker:
    """The model that made a version, and the shrunken rate of the same training."""

    model: AllianceModel
    simple: AllianceModel

    @property
    def target(self) -> Target:
        brand = Target.BRAND_CONVERSION in self.model.predictors
        return Target.BRAND_CONVERSION if brand else Target.CONVERSION


def happened(daily: DailyFacts, version: Published, maker: Maker, end: date) -> pd.DataFrame:
    """Published pairs by week with k, n, said, baseline, spread, and what slices are made from.

    Where orders are counted per brand, or an absent line means no sale, what was published is
    compared. Else a week sells some of the brand's products only: then the forecasts of those are
    made again, by the same model from what was known at the date, as their mean was then.
    """
    told = version.rows[version.rows["conversion_rate"].notna()]
    settings = maker.model.manifest["settings"]
    known = snapshot(
        daily.facts, daily, version.as_of, settings["embedding_size"], settings["random_state"]
    )
    if absent_is_zero(daily.facts) and len(told) > SAMPLED:
        told = told.sample(SAMPLED, random_state=settings["random_state"]).sort_index()
    weeks, start = [], version.as_of
    while start < end:
        stop = min(start + WEEK, end)
        sold = outcomes(daily.facts, daily.grain, start, stop)
        if _is_whole(daily, maker.target):
            week = _published(sold, on_air(daily.facts, start, stop), told, known, maker)
        else:
            week = _made_again(sold, told, known, maker)
        weeks.append(week.assign(start=pd.Timestamp(start)))
        start = stop
    pairs = pd.concat(weeks, ignore_index=True)
    return pairs.merge(told[["brand_id", "creator_id", *TOLD]], on=["brand_id", "creator_id"])


def _is_whole(daily: DailyFacts, target: Target) -> bool:
    return target is Target.BRAND_CONVERSION or absent_is_zero(daily.facts)


def _made_again(
    sold: pd.DataFrame, told: pd.DataFrame, known: Snapshot, maker: Maker
) -> pd.DataFrame:
    """Products that were shown in the week, each by its own forecast, summed to pairs."""
    creators, items = known.positions(sold)
    published = pd.MultiIndex.from_frame(told[["brand_id", "creator_id"]])
    there = (creators >= 0) & (items >= 0) & (sold["denominator"] > 0).to_numpy()
    brand = known.tables.items["brand_id"].to_numpy(dtype=str)[items]
    pair = pd.MultiIndex.from_arrays([brand, sold["creator_id"]])
    kept = np.flatnonzero(there & pair.isin(published))
    rows = known.rows(maker.target, creators[kept], items[kept])
    n = sold["denominator"].to_numpy(dtype=np.float64)[kept]
    k = np.minimum(sold["converted"].to_numpy(dtype=np.float64)[kept], n)
    of_lines = lines_of(maker.target, sold.iloc[kept])
    outcome = replace(rows, successes=k, trials=n, lines=of_lines)
    target = maker.target
    return pairs_of(maker.model.predictors[target], maker.simple.predictors[target], outcome)


def _published(
    sold: pd.DataFrame, held: pd.DataFrame, told: pd.DataFrame, known: Snapshot, maker: Maker
) -> pd.DataFrame:
    """The published rates of pairs: of those with a line, or of every creator on air (`held`)."""
    tables = known.tables
    if maker.target is Target.CONVERSION:
        brand = tables.items["brand_id"].reindex(sold["item_id"]).to_numpy(dtype=object)
        sold = sold.assign(item_id=brand)
    key = ["item_id", "creator_id"]
    orders, tried = (sold.groupby(key)[name].sum() for name in ("converted", "denominator"))
    pair = pd.MultiIndex.from_frame(told[["brand_id", "creator_id"]])
    k = orders.reindex(pair).fillna(0).to_numpy(dtype=np.float64)
    n = tried.reindex(pair).fillna(0).to_numpy(dtype=np.float64)
    if tables.absent_is_zero:
        of_creator = held.set_index("creator_id")["denominator"]
        n = of_creator.reindex(told["creator_id"]).fillna(0).to_numpy(dtype=np.float64)
        n = n * _offered(known, told["brand_id"], maker.target)
    positions = tables.creators.index.get_indexer(pd.Index(told["creator_id"]))
    creator_trials = tables.creators["creator_trials_decayed"].to_numpy(dtype=np.float64)
    ends = told[["conversion_rate_lo80", "conversion_rate_hi80"]].to_numpy(dtype=np.float64)
    low, high = logit(np.clip(ends, SMALLEST, 1 - SMALLEST)).T
    frame = pd.DataFrame(
        {
            "brand_id": told["brand_id"].to_numpy(dtype=str),
            "creator_id": told["creator_id"].to_numpy(dtype=str),
            "k": np.minimum(k, n),
            "n": n,
            "said": told["conversion_rate"].clip(SMALLEST, 0.99).to_numpy(dtype=np.float64),
            "baseline": _simple_rate(told, known, maker),
            "spread": np.hypot((high - low) / (2 * Z80), _luck(sold, told, maker)),
            "creator_trials": np.where(
                positions >= 0, np.nan_to_num(creator_trials[positions]), 0.0
            ),
            "met": told["evidence_sessions"].fillna(0).to_numpy(dtype=np.float64),
        }
    )
    return frame[n > 0]


def _luck(sold: pd.DataFrame, told: pd.DataFrame, maker: Maker) -> Floats:
    """How far the rate over a week's lines strays from the true one: sd of its logit."""
    predictor, of_lines = maker.model.predictors[maker.target], lines_of(maker.target, sold)
    if of_lines is None or not isinstance(predictor, CalibratedPredictor):
        return np.zeros(len(told))
    seen = pd.Series(of_lines.effective, index=sold["creator_id"]).groupby(level=0).max()
    lines_seen = np.asarray(seen.reindex(told["creator_id"]).fillna(1.0), dtype=np.float64)
    said = told["conversion_rate"].fillna(0).to_numpy(dtype=np.float64)
    return np.sqrt(predictor.line_noise_.of_lines(lines_seen, said))


def _offered(known: Snapshot, brand_ids: "pd.Series[str]", target: Target) -> Floats:
    """How many items of the brand a session offers: itself, or all its active products."""
    if target is Target.BRAND_CONVERSION:
        return np.ones(len(brand_ids))
    items = known.tables.items
    active = items[items["is_active"].to_numpy(dtype=bool)].groupby("brand_id").size()
    return np.asarray(active.reindex(brand_ids).fillna(0), dtype=np.float64)


def _simple_rate(told: pd.DataFrame, known: Snapshot, maker: Maker) -> Floats:
    """The shrunken rate of creator and brand; NaN where only products have one."""
    rates = np.full(len(told), np.nan)
    if maker.target is Target.CONVERSION:
        return rates
    pairs = told.assign(item_id=told["brand_id"])
    creators, items = known.positions(pairs)
    there = np.flatnonzero((creators >= 0) & (items >= 0))
    rows: PairRows = known.rows(maker.target, creators[there], items[there])
    rates[there] = maker.simple.predictors[maker.target].predict(rows).mean
    return rates


def sessions_between(facts: Facts, start: date, end: date) -> int:
    """Sessions of candidates that became known in [start, end)."""
    table = sessions(facts)
    days = (table.day >= day_number(start)) & (table.day < day_number(end))
    return int(table.filter(days & ~table.is_field).count().execute())


def sizes(facts: Facts, version: Published, end: date) -> pd.DataFrame:
    """Impressions and GMV of pairs' best products after the date, said and happened a line.

    A row a line; of GMV where no line means no sale a row a pair, the mean over the `lines`
    sessions its creator held, in most of which the product sold nothing.
    """
    table = lines(facts, "product")
    days = (table.day >= day_number(version.as_of)) & (table.day < day_number(end))
    seen = table.filter(days & ~table.is_field)
    seen = seen.select("creator_id", "item_id", "impressions", "gmv").to_pandas()
    seen = seen.astype({"creator_id": "str", "item_id": "str"}).assign(lines=1.0)
    whole = _over_all_sessions(facts, version, end, seen) if absent_is_zero(facts) else seen
    parts = [_of_best("impressions", seen, version), _of_best("gmv", whole, version)]
    return pd.concat(parts, ignore_index=True)


def _over_all_sessions(
    facts: Facts, version: Published, end: date, seen: pd.DataFrame
) -> pd.DataFrame:
    """GMV of each pair's best product, a session of all that its creator held."""
    held = on_air(facts, version.as_of, end).set_index("creator_id")["lines"]
    told = version.rows[["creator_id", "best_product_id"]].dropna()
    pairs = told.rename(columns={"best_product_id": "item_id"}).drop_duplicates()
    total = seen.groupby(["creator_id", "item_id"])["gmv"].sum()
    in_all = total.reindex(pd.MultiIndex.from_frame(pairs)).fillna(0).to_numpy(dtype=np.float64)
    sessions_held = held.reindex(pairs["creator_id"]).to_numpy(dtype=np.float64)
    pairs = pairs.assign(lines=sessions_held, gmv=in_all / sessions_held)
    return pairs[sessions_held > 0]


def _of_best(name: str, seen: pd.DataFrame, version: Published) -> pd.DataFrame:
    found = seen[["creator_id", "item_id", "lines", name]].merge(
        version.rows[["creator_id", "best_product_id", name, f"{name}_lo80", f"{name}_hi80"]],
        left_on=["creator_id", "item_id"],
        right_on=["creator_id", "best_product_id"],
        suffixes=("_seen", ""),
    )
    known = found[found[f"{name}_seen"].notna() & found[name].notna()]
    return pd.DataFrame(
        {
            "size": name,
            "lines": known["lines"].astype(float),
            "said": known[name].astype(float),
            "lo80": known[f"{name}_lo80"].astype(float),
            "hi80": known[f"{name}_hi80"].astype(float),
            "happened": known[f"{name}_seen"].astype(float),
        }
    )
