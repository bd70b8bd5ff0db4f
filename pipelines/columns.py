"""Columns of the matrix: forecasts, diagnosis, evidence and reasons of each pair of a block."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.bundle import AllianceModel
from models.matrix.diagnosis import action, p_above, p_above_log, quadrant
from models.prediction import Forecast, PairRows, Target
from models.predictors.boosted import BoostedPredictor
from models.shortlists.reasons import top_reasons
from pipelines.extrapolation import extrapolation
from pipelines.grid import Block, Known, ScoredBlock, taken, unknown
from pipelines.outcome_parts import contributions, part_columns
from pipelines.snapshot import FEATURE_GROUPS, FEATURE_NAMES, Positions
from pipelines.yardsticks import pair_yardsticks

Columns = dict[str, npt.NDArray[Any]]

MONEY = ("gpm", "gmv", "net_gmv", "profit")
FORECASTS = {
    Target.EXPOSURE: "impressions",
    Target.CLICK_THROUGH: "click_through_rate",
    Target.RETURN: "return_rate",
}


def pair_columns(
    block: Block, scored: ScoredBlock, known: Known, model: AllianceModel, explained: int | None
) -> Columns:
    """One row per pair of the block, named as the matrix's columns.

    Reasons are given for the `explained` best pairs of each brand, by each money forecast and by
    conversion (None: for all pairs).
    """
    tables = known.products.tables
    best = block.items[scored.best]
    features = scored.features[scored.best]
    columns: Columns = {
        "brand_id": block.pair_brand,
        "creator_id": tables.creators.index.to_numpy(dtype=object)[block.pair_creator],
        "best_product_id": tables.items.index.to_numpy(dtype=object)[best],
    }
    rows = known.products.rows(Target.CONVERSION, block.pair_creator, best, features)
    conversion, target, benchmarks = scored.conversion, Target.CONVERSION, tables.brands
    if known.brands is not None:
        rows = brand_rows(block, known)
        conversion = model.predictors[Target.BRAND_CONVERSION].predict(rows)
        target, benchmarks = Target.BRAND_CONVERSION, known.brands.tables.brands
    columns |= three("conversion_rate", conversion)
    of_best = {t: taken(f, scored.best) for t, f in scored.forecasts.items()}
    for forecast_of, name in FORECASTS.items():
        if forecast_of in of_best:
            columns |= three(name, of_best[forecast_of])
    for name in MONEY:
        columns |= three(name, taken(getattr(scored.money, name), scored.best))
    impressions = of_best.get(Target.EXPOSURE) or unknown(len(best))
    brand = block.pair_brand.astype(str)
    columns |= evidence(block, known)
    met = columns["evidence_sessions"] > 0
    columns |= diagnosis(
        benchmarks.loc[brand], conversion, tables.brands.loc[brand], impressions, met
    )
    columns |= pair_yardsticks(block, known, model, columns, conversion, of_best)
    forecast_from: dict[Target, PairRows] = {
        t: known.products.rows(t, block.pair_creator, best, features)
        for t in model.predictors
        if t not in (target, Target.BRAND_CONVERSION)
    }
    forecast_from |= {target: rows}
    why = extrapolation(forecast_from, model, known.denominator or "views")
    columns |= {"extrapolated": pd.notna(why), "extrapolated_why": why}
    chosen = np.arange(len(best)) if explained is None else worth_explaining(columns, explained)
    some = {t: of.take(chosen) for t, of in forecast_from.items()}
    brand = block.pair_brand[chosen]
    added = contributions(model, some, target, known.denominator)
    told: Columns = {}
    if isinstance(model.predictors.get(target), BoostedPredictor):
        told = reasons(added[target], some[target], brand)
    worth = scored.deal.order_value[scored.best][chosen]
    told |= part_columns(added, some, target, known.denominator, worth, brand)
    return columns | spread_over(told, chosen, len(best))


def three(name: str, forecast: Forecast) -> Columns:
    """A forecast as its three columns."""
    return {name: forecast.mean, f"{name}_lo80": forecast.lo80, f"{name}_hi80": forecast.hi80}


def brand_rows(block: Block, known: Known) -> PairRows:
    """The block's pairs as rows of creator x brand."""
    assert known.brands is not None
    tables = known.brands.tables
    ids = known.products.tables.creators.index[block.pair_creator]
    creators: Positions = tables.creators.index.get_indexer(ids)
    brands: Positions = tables.items.index.get_indexer(pd.Index(block.pair_brand, dtype="str"))
    return known.brands.rows(Target.BRAND_CONVERSION, creators, brands)


def diagnosis(
    benchmarks: pd.DataFrame,
    conversion: Forecast,
    exposure: pd.DataFrame,
    impressions: Forecast,
    met: npt.NDArray[np.bool_],
) -> Columns:
    """Each pair against its brand's benchmark (one row per pair): probabilities and quadrant.

    Impressions are of a product, so `exposure` has the benchmarks per product even where
    conversion is read per brand. `met` tells the pairs that have worked together.
    """
    rate = benchmarks["benchmark_rate"].to_numpy(dtype=np.float64)
    above = p_above(
        conversion.mean,
        conversion.spread,
        rate,
        benchmarks["benchmark_spread"].to_numpy(dtype=np.float64),
        conversion.wild,
    )
    shown = p_above_log(
        impressions.mean,
        impressions.spread,
        exposure["benchmark_impressions"].to_numpy(dtype=np.float64),
        exposure["benchmark_impressions_spread"].to_numpy(dtype=np.float64),
        impressions.wild,
    )
    quadrants = quadrant(above, shown)
    return {
        "benchmark_rate": rate,
        "benchmark_impressions": exposure["benchmark_impressions"].to_numpy(dtype=np.float64),
        "benchmark_level": benchmarks["benchmark_level"].to_numpy(dtype=object),
        "p_above_benchmark": above,
        "p_impressions_above_benchmark": shown,
        "quadrant": quadrants,
        "action": action(quadrants, met, above),
    }


def evidence(block: Block, known: Known) -> Columns:
    """How many sessions and how much of the denominator the pair has behind it, of all time.

    Counted where conversion is read: per brand a session's viewers count once, not per product.
    """
    tables = (known.brands or known.products).tables
    ids = known.products.tables.creators.index[block.pair_creator]
    together = pd.MultiIndex.from_arrays([ids, pd.Index(block.pair_brand, dtype="str")])
    found = tables.creator_brands.index.get_indexer(together)
    seen = found >= 0

    def counted(name: str) -> npt.NDArray[np.float64]:
        values = tables.creator_brands[name].to_numpy(dtype=np.float64)
        counts = np.zeros(len(found))
        counts[seen] = np.nan_to_num(values[found[seen]])
        return counts

    return {
        "evidence_sessions": counted("sessions_all"),
        "evidence_clicks": counted("denominator_all"),
        "sessions_90": counted("sessions_90"),
    }


def reasons(
    added: npt.NDArray[np.float64], rows: PairRows, brand_id: npt.NDArray[np.object_]
) -> Columns:
    """The three strongest reasons of each of these pairs, from what each feature adds.

    A contribution is held against its mean over the brand's explained candidates: what is true of
    all of them (the product, the brand, the season) is no reason to prefer one.
    """
    held = against_brand(added, brand_id)
    return dict(top_reasons(held, rows.features, FEATURE_NAMES, FEATURE_GROUPS))


def spread_over(columns: Columns, rows: Positions, n: int) -> Columns:
    """Columns of some rows among n; None and nan elsewhere."""
    whole: Columns = {}
    for name, values in columns.items():
        whole[name] = np.full(n, None if values.dtype == object else np.nan, values.dtype)
        whole[name][rows] = values
    return whole


def against_brand(
    contributions: npt.NDArray[np.float64], brand_id: npt.NDArray[np.object_]
) -> npt.NDArray[np.float64]:
    """Contributions less their mean over the rows of the same brand, which the base takes up.

    (n, f + 1) with the base in the last column; each row's sum stays what it was.
    """
    _, brand = np.unique(brand_id.astype(str), return_inverse=True)
    order = np.argsort(brand, kind="stable")
    starts = np.searchsorted(brand[order], np.arange(brand.max(initial=-1) + 1))
    sums = np.add.reduceat(contributions[order, :-1], starts, axis=0) if len(starts) else None
    if sums is None:
        return contributions
    usual = (sums / np.bincount(brand)[:, None])[brand]
    base = contributions[:, -1] + usual.sum(axis=1)
    return np.column_stack([contributions[:, :-1] - usual, base])


def worth_explaining(columns: Columns, per_brand: int) -> Positions:
    """Rows that are among their brand's best `per_brand` by any objective, in order."""
    brand = pd.Series(columns["brand_id"])
    wanted = np.zeros(len(brand), dtype=bool)
    for name in ("conversion_rate", "impressions", *MONEY):
        if name not in columns or np.isnan(columns[name]).all():
            continue
        order = np.lexsort((-np.nan_to_num(columns[name], nan=-np.inf), brand.to_numpy(dtype=str)))
        rank = brand.iloc[order].groupby(brand.iloc[order].to_numpy()).cumcount().to_numpy()
        wanted[order[rank < per_brand]] = True
    return np.flatnonzero(wanted)
