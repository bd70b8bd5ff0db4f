"""One world judged by its truth: what each ranking's top ten is worth, how much fit is found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.quality.world_growth import growth
from benchmarks.quality.world_runs import WorldPlan, WorldRun
from experiments.oracle import Floor, drawn_fit, drawn_shares
from experiments.world.truth import true_rates
from models.prediction import Floats, Forecast, Target
from models.segments import segment_best, segment_means
from pipelines.settings import LEARNED

Mask = npt.NDArray[np.bool_]

DRAWS: Final = 400
BLIND, FOLLOWERS, MEAN_GMV, RECENT_GMV = (
    "a blind draw",
    "followers",
    "mean GMV a line",
    "mean GMV a line, 90 days",
)
LEARNERS: Final = ("category", "creator", "pair-rate", "logistic", LEARNED)
"""Predictors that tell creators apart; each ranks money by its own forecasts of every part."""
RANKINGS: Final = (BLIND, FOLLOWERS, MEAN_GMV, RECENT_GMV, *LEARNERS)
BASELINES: Final = RANKINGS[:-1]
OBJECTIVES: Final[Mapping[str, Floor]] = {
    "conversion": "random",
    "GMV a line": "nothing",
    "net GMV of the named product": "nothing",
}
"""What a list is asked for, and what a share of it is read against."""
HISTORY: Final = {
    "no line": (0, 1),
    "1 to 99 lines": (1, 100),
    "100 to 399 lines": (100, 400),
    "400 lines and more": (400, np.inf),
}
ALL, NO_HISTORY, RISING, NEW_BRANDS = (
    "all",
    "creators without history",
    "rising creators",
    "brands without history",
)
FEWEST_CREATORS: Final = 6
"""A slice of fewer creators is not ranked; of n the best n / 3 (at most ten) are looked at."""


@dataclass(frozen=True)
class Scored:
    """What one run gave; arrays of draws hold the world itself in their first row."""

    plan: WorldPlan
    shares: Mapping[tuple[str, str], Floats]
    """(objective, slice) -> (draws + 1, len(RANKINGS)); slices without a case are left out."""
    fit: Mapping[tuple[str, str], Floats]
    """(predictor, slice of creators by lines) -> (draws + 1,)"""
    creators: Mapping[str, int]
    """How many there are of each slice."""
    lines: float
    """Lines a creator with history has, on average."""
    growth: pd.DataFrame = field(default_factory=pd.DataFrame)
    """`world_growth.growth`"""


@dataclass(frozen=True)
class Grid:
    """The exact grid of a run as matrices of brands x creators, and whose rows they are."""

    run: WorldRun
    brands: npt.NDArray[np.str_]
    many: npt.NDArray[np.intp]
    """Active products of each brand."""

    @classmethod
    def of(cls, run: WorldRun) -> "Grid":
        creators = len(run.known.products.tables.creators)
        starts = np.append(run.grid.starts, len(run.grid.items))[::creators]
        brands = run.grid.pair_brand[::creators].astype(str)
        return cls(run, brands, np.diff(starts) // creators)

    def pairs(self, of_pairs: Floats) -> Floats:
        """(pairs,) as (brands, creators)."""
        return of_pairs.reshape(len(self.brands), -1)

    def means(self, of_rows: Floats) -> Floats:
        """Mean over the brand's active products, (brands, creators)."""
        return self.pairs(segment_means(of_rows, self.run.grid.starts))

    def products(self, of_rows: Floats) -> Floats:
        """(rows,) as (products, creators), products grouped by brand."""
        creators = len(of_rows) // self.many.sum()
        ends = np.cumsum(self.many * creators)[:-1]
        parts = np.split(of_rows, ends)
        return np.vstack([p.reshape(creators, -1).T for p in parts])


def scored(run: WorldRun) -> Scored:
    """Judge every ranking, and the fit of every learner, by the truth of the run's date."""
    grid = Grid.of(run)
    creators, items = run.known.products.tables.creators, run.known.products.tables.items
    truth = true_rates(run.truth, creators.index[run.grid.creators], items.index[run.grid.items])
    price = items["price"].to_numpy(dtype=float)[run.grid.items]
    forecasts = run.forecasts(LEARNERS)
    past = past_lines(run)
    slices = creator_slices(run, past)
    shares: dict[tuple[str, str], Floats] = {}
    money = {
        name: _money(of_name, items["order_value"].to_numpy(dtype=float)[run.grid.items])
        for name, of_name in forecasts.items()
    }
    worth = {
        "conversion": grid.means(truth["conversion"]),
        "GMV a line": grid.means(gmv_of(truth, price)),
    }
    simple = simple_scores(run, past, len(grid.brands))
    scores = {
        "conversion": simple
        | {name: grid.means(f[Target.CONVERSION].mean) for name, f in forecasts.items()},
        "GMV a line": simple | {name: grid.means(gmv) for name, (gmv, _) in money.items()},
    }
    for objective, floor in list(OBJECTIVES.items())[:2]:
        for name, (of_brands, of_creators) in _cuts(run, grid, slices).items():
            got = _shares(scores[objective], worth[objective], floor, of_brands, of_creators)
            if got is not None:
                shares[objective, name] = got
    shares["net GMV of the named product", ALL] = _named(grid, simple, money, truth, price)
    fit = {}
    planted = grid.products(truth["conversion"])
    for name in ("creator", "pair-rate", "logistic", LEARNED):
        found = grid.products(forecasts[name][Target.CONVERSION].mean)
        for slice_name, chosen in history_slices(past).items():
            fit[name, slice_name] = drawn_fit(found, planted, creators=chosen, draws=DRAWS)
    counts = {name: int(chosen.sum()) for name, chosen in slices.items()}
    counts |= {name: int(chosen.sum()) for name, chosen in history_slices(past).items()}
    counts |= {NEW_BRANDS: int(brands_without_history(run, grid).sum())}
    lines = past["lines"][past["lines"] > 0].mean()
    return Scored(run.plan, shares, fit, counts, float(lines), growth(run))


def gmv_of(rates: Mapping[str, Floats], order_value: Floats) -> Floats:
    """Expected GMV of a line, up to a constant."""
    return rates["impressions"] * rates["click_through"] * rates["conversion"] * order_value


def past_lines(run: WorldRun) -> pd.DataFrame:
    """Of each candidate, in the order of the tables: lines, GMV, and both of the last 90 days."""
    sessions = run.facts["sessions"].select("session_id", "creator_id", "started_at", "format")
    lines = run.facts["session_products"].select("session_id", "gmv").to_pandas()
    both = lines.merge(sessions.to_pandas(), on="session_id")
    end = pd.Timestamp(run.as_of)
    both = both[(both["started_at"] < end) & (both["format"] != "field")]
    recent = both[both["started_at"] >= end - pd.Timedelta(days=90)]
    ids = run.known.products.tables.creators.index
    table = pd.DataFrame(index=ids)
    for name, part in (("", both), ("_90", recent)):
        sums = part.groupby("creator_id")["gmv"].agg(["size", "sum"]).reindex(ids)
        table[f"lines{name}"] = sums["size"].fillna(0)
        table[f"gmv{name}"] = sums["sum"].fillna(0)
    return table


def simple_scores(run: WorldRun, past: pd.DataFrame, brands: int) -> dict[str, Floats]:
    """Rankings that are the same for every brand, (brands, creators); unknown is last."""
    creators = run.known.products.tables.creators
    random = np.random.default_rng(run.plan.seed)
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = {
            BLIND: random.random(len(creators)),
            FOLLOWERS: creators["followers"].to_numpy(dtype=float),
            MEAN_GMV: (past["gmv"] / past["lines"]).to_numpy(dtype=float),
            RECENT_GMV: (past["gmv_90"] / past["lines_90"]).to_numpy(dtype=float),
        }
    return {name: np.tile(score, (brands, 1)) for name, score in scores.items()}


def creator_slices(run: WorldRun, past: pd.DataFrame) -> dict[str, Mask]:
    """Creators never on air before the date, and those whose views have begun to multiply."""
    truth = run.truth["creators"].set_index("creator_id")
    truth = truth.reindex(run.known.products.tables.creators.index)
    today = run.plan.settings.days - run.plan.days_before_end
    begun = truth["rises_from_day"].to_numpy(dtype=float) < today
    return {NO_HISTORY: (past["lines"] == 0).to_numpy(), RISING: begun}


def history_slices(past: pd.DataFrame) -> dict[str, Mask]:
    lines = past["lines"].to_numpy()
    chosen = {name: (lines >= low) & (lines < high) for name, (low, high) in HISTORY.items()}
    return {ALL: np.ones(len(lines), dtype=bool)} | chosen


def brands_without_history(run: WorldRun, grid: Grid) -> Mask:
    """Brands that no creator has sold yet."""
    items = run.known.products.tables.items
    sold = items.groupby("brand_id")["item_creators"].sum()
    return np.asarray(sold.reindex(grid.brands).to_numpy() == 0)


def _cuts(run: WorldRun, grid: Grid, slices: Mapping[str, Mask]) -> dict[str, tuple[Mask, Mask]]:
    """Which brands and creators each slice ranks."""
    brands = np.ones(len(grid.brands), dtype=bool)
    everyone = np.ones(len(run.known.products.tables.creators), dtype=bool)
    of_creators = {name: (brands, chosen) for name, chosen in slices.items()}
    new = {NEW_BRANDS: (brands_without_history(run, grid), everyone)}
    return {ALL: (brands, everyone), **of_creators, **new}


def _shares(
    scores: Mapping[str, Floats], worth: Floats, floor: Floor, brands: Mask, creators: Mask
) -> Floats | None:
    if creators.sum() < FEWEST_CREATORS or not brands.any():
        return None
    cut = np.ix_(brands, creators)
    of_slice = {name: scores[name][cut] for name in RANKINGS}
    top = min(10, int(creators.sum()) // 3)
    return drawn_shares(of_slice, worth[cut], floor, top=top, draws=DRAWS)


def _money(forecasts: Mapping[Target, Forecast], order_value: Floats) -> tuple[Floats, Floats]:
    """GMV and net GMV of a line as one predictor forecasts all of their parts."""
    gmv = order_value.copy()
    for target in (Target.EXPOSURE, Target.CLICK_THROUGH, Target.CONVERSION):
        gmv = gmv * forecasts[target].mean
    return gmv, gmv * (1 - forecasts[Target.RETURN].mean)


def _named(
    grid: Grid,
    simple: Mapping[str, Floats],
    money: Mapping[str, tuple[Floats, Floats]],
    truth: Mapping[str, Floats],
    price: Floats,
) -> Floats:
    """Shares when a creator comes with one product: the best by forecast, else the brand's best
    seller of 90 days.
    """
    starts, items = grid.run.grid.starts, grid.run.known.products.tables.items
    net = gmv_of(truth, price) * (1 - truth["return_rate"])
    best = grid.pairs(net[segment_best(net, starts)])
    sold = (items["item_orders_90"] * items["order_value"]).to_numpy(dtype=float)
    seller = grid.pairs(net[segment_best(np.nan_to_num(sold[grid.run.grid.items]), starts)])
    scores, got = dict(simple), dict.fromkeys(simple, seller)
    for name, (_, forecast) in money.items():
        chosen = segment_best(forecast, starts)
        scores[name], got[name] = grid.pairs(forecast[chosen]), grid.pairs(net[chosen])
    return drawn_shares(
        {name: scores[name] for name in RANKINGS}, best, "nothing", got=got, draws=DRAWS
    )
