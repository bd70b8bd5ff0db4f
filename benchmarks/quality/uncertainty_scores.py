"""One simulated world against what its forecasts said of themselves: of the true, of the seen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from scipy.special import logit

from benchmarks.quality.world_runs import WorldRun
from experiments.leaderboard import evidence_slices
from experiments.metrics import interval_score
from experiments.pit import LEVELS, Mask, crps, randomised_pit
from experiments.world.creators import MONTH
from experiments.world.lines import HIGHEST_CONVERSION, PAID_CONVERSION
from experiments.world.simulate import truth_on
from experiments.world.truth import Truth, true_rates
from features.daily import daily_facts
from features.lines import lines as fact_lines
from features.outcomes import outcomes
from features.pairs import level_counts, level_lines
from features.settings import LONG_DAYS
from features.tables import FeatureTables, feature_tables
from models.links import Link
from models.matrix.diagnosis import p_above, p_above_log
from models.money import DealInputs
from models.prediction import Floats, Forecast, PairRows, Target
from models.predictors.calibrated import CalibratedPredictor
from models.uncertainty.likelihood import centre
from models.uncertainty.predictive import Uncertain, counts, ends, money, successes
from models.uncertainty.tails import below
from pipelines.candidates import whole_grid
from pipelines.grid import Block, BrandCandidates, block, deal_inputs, scored_block, taken

OBSERVED = (Target.CONVERSION, Target.CLICK_THROUGH, Target.EXPOSURE)
CREATORS_JUDGED = 120
"""Of each world, drawn once: pairs of the same creator tell little more."""


@dataclass(frozen=True)
class Judged:
    """Outcomes or truths of one kind: where each lies in what was said of it, 0 to 1."""

    pit: Floats
    creator: np.ndarray
    slices: Mapping[str, Mask]
    scores: Mapping[str, float]
    """Means over rows: CRPS and interval scores, each over the mean outcome."""
    levels: tuple[float, ...] = LEVELS


@dataclass(frozen=True)
class Said:
    """What was said to be so probable, and whether it was so."""

    probability: Floats
    happened: Mask
    creator: np.ndarray


@dataclass(frozen=True)
class WorldJudged:
    """Everything of one world, by name."""

    judged: Mapping[str, Judged]
    said: Mapping[str, Said]
    benchmark: pd.DataFrame
    """One row per brand: how far the true benchmark lies above the published one, and `spread`."""


def judged(run: WorldRun) -> WorldJudged:
    """The last window's outcomes, and the truth of drawn creators, of one world."""
    seen = observed(run)
    benchmark = true_benchmarks(run)
    true, said = of_truth(run, benchmark)
    return WorldJudged({**seen, **true}, said, off_by(run, benchmark))


def off_by(run: WorldRun, benchmark: "pd.Series[float]") -> pd.DataFrame:
    """`off` and `spread`, both on the logit scale, of each brand that has a benchmark."""
    brands = run.known.products.tables.brands
    published = brands["benchmark_rate"].to_numpy(dtype=np.float64)
    off = logit(benchmark.to_numpy(dtype=np.float64)) - logit(published)
    spread = brands["benchmark_spread"].to_numpy(dtype=np.float64)
    return pd.DataFrame({"size": run.plan.size, "off": off, "spread": spread}).dropna()


def observed(run: WorldRun) -> dict[str, Judged]:
    """Of every pair with a line in the last window: rates, impressions and GMV given its lines."""
    random = np.random.default_rng(run.plan.seed)
    made = {}
    for target in OBSERVED:
        rows = run.held_out[target]
        uncertain = uncertain_of(run, target, rows)
        k, n = rows.outcome()
        draws = successes(uncertain, n, uncertain.noise.lines(rows), random)
        per = n if target.is_rate else np.ones(len(n))
        made[f"observed {target.value}"] = _judged(run, draws / per[:, None], k / per, rows)
    rows = run.held_out[Target.EXPOSURE]
    draws, seen = gmv(run, rows, random)
    made["observed gmv"] = _judged(run, draws, seen, rows)
    return made


def uncertain_of(run: WorldRun, target: Target, rows: PairRows) -> Uncertain:
    predictor = run.model.predictors[target]
    assert isinstance(predictor, CalibratedPredictor)
    return Uncertain(predictor.predict(rows), predictor.link, predictor.line_noise_)


def gmv(run: WorldRun, rows: PairRows, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Draws of each pair's GMV in the window given its lines, and what it was.

    `rows` are those of impressions; the rates of clicks and orders rest on evidence of their own.
    """
    _, lines = rows.outcome()
    start = rows.as_of[0].astype("datetime64[D]").item()
    tables = feature_tables(daily_facts(run.facts, "product"), start)
    value = tables.items["order_value"].reindex(rows.item_id).to_numpy(dtype=np.float64)

    def line_rates(target: Target) -> Floats:
        told = with_evidence(rows, tables, target)
        return uncertain_of(run, target, told).line_rates(lines, random)

    shown = successes(uncertain_of(run, Target.EXPOSURE, rows), lines, lines, random)
    clicks = counts(line_rates(Target.CLICK_THROUGH), shown, random)
    orders = counts(line_rates(Target.CONVERSION), clicks, random)
    sold = outcomes(run.facts, "product", start, run.as_of).set_index(["creator_id", "item_id"])
    pairs = pd.MultiIndex.from_arrays([rows.creator_id, rows.item_id])
    return money(orders, value, random), sold["gmv"].reindex(pairs).to_numpy(dtype=np.float64)


def with_evidence(rows: PairRows, tables: FeatureTables, target: Target) -> PairRows:
    """The same pairs with what was known of another rate: its counts, and their lines."""
    creators = tables.creators.index.get_indexer(pd.Index(rows.creator_id))
    items = tables.items.index.get_indexer(pd.Index(rows.item_id))
    return replace(
        rows,
        counts=level_counts(tables, target.value, creators, items),
        past_lines=level_lines(tables, creators, items),
    )


def of_truth(
    run: WorldRun, true_benchmark: "pd.Series[float]"
) -> tuple[dict[str, Judged], dict[str, Said]]:
    """Published forecasts of drawn creators with every brand, against what is true."""
    rows = some_creators(run)
    scored = scored_block(rows, run.known, run.model)
    tables = run.known.products.tables
    creator = tables.creators.index.to_numpy(dtype=str)
    item = tables.items.index.to_numpy(dtype=str)
    true = true_rates(run.coming, creator[rows.creators], item[rows.items])
    conversion = scored.forecasts[Target.CONVERSION]
    best, of_pair = scored.best, creator[rows.pair_creator]
    slices = run.known.products.rows(Target.CONVERSION, rows.pair_creator, rows.items[best])
    of_rows = run.known.products.rows(Target.CONVERSION, rows.creators, rows.items)
    lengths = np.diff(np.append(rows.starts, len(rows.creators)))
    mean_true = np.add.reduceat(true["conversion"], rows.starts) / lengths
    exposure = taken(scored.forecasts[Target.EXPOSURE], best)
    deal = deal_inputs(rows, run.known, conversion, scored.forecasts)
    earned = true_profit(true, deal, rows, run)[best]
    worlds = f"{run.plan.size}-{run.plan.seed} "
    brands = tables.brands.loc[rows.pair_brand.astype(str)]
    benchmark = true_benchmark.loc[rows.pair_brand.astype(str)].to_numpy()
    shown = true["impressions"][best]
    profit = scored.money.profit
    made = {
        "true conversion of a product": _placed(
            conversion, Link(True), true["conversion"], of_rows, run
        ),
        "true conversion of a brand": _placed(
            scored.conversion, Link(True), mean_true, slices, run
        ),
        "true impressions of the named product": _placed(exposure, Link(False), shown, slices, run),
        "expected profit of the named product": _of_interval(
            taken(profit, best), earned, slices, run
        ),
    }
    above = p_above(
        scored.conversion.mean,
        scored.conversion.spread,
        brands["benchmark_rate"].to_numpy(),
        brands["benchmark_spread"].to_numpy(),
        scored.conversion.wild,
    )
    traffic = p_above_log(
        exposure.mean,
        exposure.spread,
        brands["benchmark_impressions"].to_numpy(),
        brands["benchmark_impressions_spread"].to_numpy(),
        exposure.wild,
    )
    cluster = np.char.add(worlds, of_pair)
    said = {
        "conversion above the benchmark": Said(above, mean_true > benchmark, cluster),
        "impressions above the benchmark": Said(
            traffic, shown > brands["benchmark_impressions"].to_numpy(), cluster
        ),
    }
    return made, said


def some_creators(run: WorldRun) -> Block:
    """Every brand's active products with creators drawn for this world."""
    tables = run.known.products.tables
    there = np.flatnonzero(tables.creators.index.isin(run.truth["creators"]["creator_id"]))
    random = np.random.default_rng(run.plan.seed)
    few = np.sort(random.choice(there, min(CREATORS_JUDGED, len(there)), replace=False))
    grid = whole_grid(tables)
    return block([BrandCandidates(brand.brand_id, few, brand.items) for brand in grid])


def true_profit(true: Mapping[str, Floats], deal: DealInputs, rows: Block, run: WorldRun) -> Floats:
    """Expected profit of a usual session: true traffic and rates on the terms of the forecast."""

    def known(values: Floats | None) -> Floats:
        return np.zeros(len(rows.items)) if values is None else np.nan_to_num(values)

    sold = true["impressions"] * true["click_through"] * true["conversion"]
    returned = true["return_rate"]
    assert deal.margin_rate is not None
    assert deal.commission_rate is not None
    kept = (1 - returned) * (deal.margin_rate - deal.commission_rate)
    kept = kept - returned * known(deal.return_handling_rate)
    return sold * deal.order_value * kept - known(deal.slot_fee) - known(deal.sample_cost)


def true_benchmarks(run: WorldRun) -> "pd.Series[float]":
    """Of each brand: mean of what its peers' pooled rates of 90 days are expected to be.

    Peers and level are those of the published benchmark; every line counts with its clicks, and
    with the true rate of its product in that month at that seller and share of paid views.
    """
    brands = run.known.products.tables.brands
    table = fact_lines(run.facts, "product")
    until = (run.as_of - date(1970, 1, 1)).days
    since = until - LONG_DAYS
    recent = table.filter((table.day >= since) & (table.day < until) & (table.denominator > 0))
    names = ("creator_id", "item_id", "brand_id", "is_field", "denominator", "views", "paid_views")
    sold = recent.select(*names, "day").to_pandas()
    settings = run.plan.settings
    sold["day"] += settings.days - run.plan.days_before_end - until
    rate = np.empty(len(sold))
    for month, rows in sold.groupby(sold["day"] // MONTH).indices.items():
        truth = truth_on(settings, int(month) * MONTH)
        rate[rows] = _true_rate_of_lines(sold.iloc[rows], truth)
    sold["expected"] = sold["denominator"] * rate
    field = sold[sold["is_field"]].groupby("brand_id")[["expected", "denominator"]].sum()
    whole = sold.groupby("brand_id")[["expected", "denominator"]].sum()
    rates = {
        name: (sums["expected"] / sums["denominator"]).reindex(brands.index)
        for name, sums in (("field", field), ("whole", whole))
    }
    found = {}
    for brand, row in brands.iterrows():
        if row["benchmark_level"] == "all sessions":
            peers = rates["whole"].drop(brand)
        else:
            alike = brands["industry"] == row["industry"]
            if row["benchmark_level"] == "industry x tier":
                alike &= brands["brand_tier"] == row["brand_tier"]
            peers = rates["field"][alike].drop(brand)
        found[brand] = float(peers.mean())
    return pd.Series(found)


def _true_rate_of_lines(sold: pd.DataFrame, truth: Truth) -> Floats:
    """Of each line: field accounts by their own effect, creators at their usual paid share."""
    rate = np.empty(len(sold))
    field = sold["is_field"].to_numpy(dtype=bool)
    own = sold[field]
    products = truth["products"].set_index("product_id")
    effects = truth["brands"].set_index("brand_id")["field_effect"]
    log_rate = products["log_conversion"].loc[own["item_id"]].to_numpy()
    log_rate = log_rate + effects.loc[own["brand_id"]].to_numpy()
    paid = (own["paid_views"] / own["views"].clip(lower=1)).to_numpy(dtype=float)
    rate[field] = np.minimum(np.exp(log_rate), HIGHEST_CONVERSION) * (1 - PAID_CONVERSION * paid)
    others = sold[~field]
    rate[~field] = true_rates(truth, others["creator_id"], others["item_id"])["conversion"]
    return rate


def _placed(forecast: Forecast, link: Link, true: Floats, rows: PairRows, run: WorldRun) -> Judged:
    """Truths in the distribution of a logit-normal or lognormal forecast."""
    middle = centre(forecast.mean, forecast.spread**2, link)
    pit = below((link.forward(true) - middle) / forecast.spread, forecast.wild)
    score = interval_score(true, forecast.lo80, forecast.hi80) / float(true.mean())
    return Judged(pit, _clusters(rows, run), _slices(rows), {"interval score 80%": score})


def _of_interval(forecast: Forecast, true: Floats, rows: PairRows, run: WorldRun) -> Judged:
    """Truths beside an 80 % interval alone: 0, .5 or 1 as they lie below, in or above it."""
    pit = np.where(true < forecast.lo80, 0.0, np.where(true > forecast.hi80, 1.0, 0.5))
    score = interval_score(true, forecast.lo80, forecast.hi80) / float(np.abs(true).mean())
    scores = {"interval score 80%": score}
    return Judged(pit, _clusters(rows, run), _slices(rows), scores, levels=(0.8,))


def _judged(run: WorldRun, draws: Floats, seen: Floats, rows: PairRows) -> Judged:
    usual = float(seen.mean())
    scores = {"CRPS": float(crps(draws, seen).mean()) / usual}
    for level in (0.8, 0.95):
        low, high = ends(draws, level)
        scores[f"interval score {level:.0%}"] = interval_score(seen, low, high, level=level) / usual
    pit = randomised_pit(draws, seen, run.plan.seed)
    return Judged(pit, _clusters(rows, run), _slices(rows), scores)


def _clusters(rows: PairRows, run: WorldRun) -> np.ndarray:
    return np.char.add(f"{run.plan.size}-{run.plan.seed} ", rows.creator_id)


def _slices(rows: PairRows) -> dict[str, Mask]:
    return {name.removesuffix(" creators"): mask for name, mask in evidence_slices(rows).items()}
