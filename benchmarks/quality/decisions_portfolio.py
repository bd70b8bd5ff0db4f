"""Portfolios judged: a search against the best set, a choice by forecast against the truth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from experiments.world.brands import brands
from experiments.world.collaborations import acceptance
from experiments.world.creators import creators
from experiments.world.settings import WorldSettings
from experiments.world.truth import true_rates
from models.matrix.matrix import AllianceMatrix
from models.portfolio.candidates import Candidates, Floats, Mask, Positions
from models.portfolio.choose import choose
from models.portfolio.exact import exact
from models.portfolio.limits import Limits, Wishes, expected_spending
from models.portfolio.of_matrix import candidates_of, overlap_of
from models.portfolio.search import searched
from models.portfolio.settings import PortfolioSettings
from models.portfolio.value import SetValue
from models.shortlists.brand_view import brand_view

SEARCH, GREEDY, ALONE = "search", "greedy", "best alone"
PORTFOLIO, BY_VALUE, BY_PROFIT, BY_GMV, FOLLOWERS, BLIND = (
    "portfolio",
    "list by P(accept) x profit",
    "list by profit",
    "list by net GMV",
    "list by followers",
    "a blind draw",
)
RULES = (PORTFOLIO, BY_VALUE, BY_PROFIT, BY_GMV, FOLLOWERS, BLIND)
SMALL = 14
"""Candidates of a small case."""
RESAMPLES = 2_000


@dataclass(frozen=True)
class BrandCase:
    """A brand's candidates as they are forecast and as they truly are, in the same order."""

    brand_id: str
    forecast: Candidates
    truth: Candidates
    net_gmv: Floats
    """Forecast, to rank by."""
    shared: Floats
    """(n, n) overlap: an assumption, so the same on both sides."""


def brand_case(
    matrix: AllianceMatrix, truth: Mapping[str, pd.DataFrame], accept: pd.Series, brand_id: str
) -> BrandCase:
    """The brand's pairs with a forecast of profit, with the product that the matrix names.

    Truly a session brings impressions x click-through x conversion x price of that product, times
    the margin of the terms that the matrix knows, after true returns; `accept` is indexed by
    (creator_id, brand_id), see `true_acceptances`.
    """
    rows = matrix.brand_rows(brand_id)
    at = rows.start + np.flatnonzero(~np.isnan(matrix.columns["profit"][rows]))
    told, _ = candidates_of(brand_view(matrix, brand_id), at - rows.start, "profit")
    products = matrix.products["product_id"].to_numpy(dtype=object)
    named = products[matrix.columns["best_product_id"][at]]
    rates = true_rates(truth, told.ids.tolist(), named.tolist())
    price = truth["products"].set_index("product_id")["price"].loc[named].to_numpy(dtype=float)
    gmv = rates["impressions"] * rates["click_through"] * rates["conversion"] * price
    terms = {
        name: np.nan_to_num(np.asarray(matrix.columns[name][at], dtype=float))
        for name in ("margin_rate", "commission_rate", "return_handling_rate")
    }
    returned = rates["return_rate"]
    kept = (1 - returned) * (terms["margin_rate"] - terms["commission_rate"])
    worth = gmv * (kept - returned * terms["return_handling_rate"])
    pairs = pd.MultiIndex.from_arrays([told.ids, [brand_id] * len(at)])
    shared, _ = overlap_of(matrix, matrix.columns["creator_id"][at], told, PortfolioSettings())
    return BrandCase(
        brand_id,
        told,
        replace(told, worth=worth, accept=accept.reindex(pairs).to_numpy(dtype=float)),
        np.asarray(matrix.columns["net_gmv"][at], dtype=float),
        shared,
    )


def true_acceptances(matrix: AllianceMatrix, settings: WorldSettings) -> pd.Series:
    """True P(accept) of every pair of the matrix, on the terms that its profit was reckoned with.

    By (creator_id, brand_id). Where a term is not known, the one asked.
    """
    people, merchants = creators(settings), brands(settings)
    creator_ids = matrix.creators["creator_id"].to_numpy(object)[matrix.columns["creator_id"]]
    brand_ids = matrix.brands["brand_id"].to_numpy(object)[matrix.columns["brand_id"]]
    creator = pd.Index(people.ids).get_indexer(creator_ids).astype(np.int64)
    brand = pd.Index(merchants.ids).get_indexer(brand_ids).astype(np.int64)
    asked = people.slot_fee[creator]
    fee = np.nan_to_num(np.asarray(matrix.columns["slot_fee"], float), nan=0.0)
    both = (fee > 0) & (asked > 0)
    ratio = np.log(np.where(both, fee, 1.0) / np.where(both, asked, 1.0))
    commission = np.asarray(matrix.columns["commission_rate"], float)
    commission = np.where(np.isnan(commission), people.commission_asked[creator], commission)
    chance = acceptance(people, merchants, creator, brand, ratio, commission)
    return pd.Series(chance, pd.MultiIndex.from_arrays([creator_ids, brand_ids]))


def gaps(
    case: BrandCase, seeds: Iterable[int], settings: PortfolioSettings | None = None
) -> pd.DataFrame:
    """Of small cases drawn from the brand's: by which share each method misses the best set.

    Columns brand_id, seed, method, gap. A case is SMALL candidates worth asking, with limits drawn
    by the seed; cases whose best set brings nothing are left out.
    """
    settings = settings or PortfolioSettings(peak_creators=10)
    told: list[dict[str, object]] = []
    value = SetValue.of(case.forecast, case.shared, settings)
    worthy = np.flatnonzero(value.alone > 0)
    for seed in seeds:
        random = np.random.default_rng([seed, len(case.brand_id), *case.brand_id.encode()])
        if len(worthy) < SMALL:
            continue
        who = np.sort(random.choice(worthy, SMALL, replace=False))
        some = case.forecast.take(who)
        small = SetValue.of(some, case.shared[np.ix_(who, who)], settings)
        limits = Limits.of(some, drawn_wishes(some, random, settings), settings)
        best = exact(small, limits)
        if best is None or small.worth(best) <= 0:
            continue
        top = small.worth(best)
        found = searched(small, limits)
        assert found is not None
        sets = {SEARCH: found, GREEDY: greedy(small, limits), ALONE: taken(small.alone, limits)}
        told += [
            {
                "brand_id": case.brand_id,
                "seed": seed,
                "method": method,
                "gap": max(0.0, 1 - small.worth(chosen) / top),
            }
            for method, chosen in sets.items()
        ]
    return pd.DataFrame(told, columns=["brand_id", "seed", "method", "gap"])


def drawn_wishes(
    some: Candidates, random: np.random.Generator, settings: PortfolioSettings
) -> Wishes:
    """Limits that bind: 3 to 6 creators, a part of what all cost, one or two of an agency."""
    hard = bool(random.random() < 0.5)
    spent = expected_spending(some, settings, hard=hard)
    k = int(random.integers(3, 7))
    return Wishes(
        k=k,
        invitations=k + int(random.integers(0, 4)),
        budget=float(spent.sum() * random.uniform(0.05, 0.5)),
        max_per_agency=int(random.integers(1, 3)),
        hard_budget=hard,
    )


def regrets(
    case: BrandCase, k: int = 10, settings: PortfolioSettings | None = None
) -> pd.DataFrame:
    """What each rule's choice from forecasts is truly worth, beside the best choice of the truth.

    Columns brand_id, rule, worth, best. At most k invitations, two of an agency, and half of what
    k creators ask on average as budget, counted as if everybody accepts: so every rule may choose
    the same sets. Lists are taken from the top, passing over who no longer fits. `best` is found
    by search; where a rule does better, that is the best.
    """
    settings = settings or PortfolioSettings()
    forecast = SetValue.of(case.forecast, case.shared, settings)
    truth = SetValue.of(case.truth, case.shared, settings)
    some = case.forecast
    cost = expected_spending(some, settings, hard=True)
    wishes = Wishes(k=k, budget=float(k / 2 * cost.mean()), max_per_agency=2, hard_budget=True)
    limits = Limits.of(some, wishes, settings)
    blind = np.random.default_rng(list(case.brand_id.encode())).random(len(some))
    chosen = {PORTFOLIO: _mask(choose(some, forecast, wishes, settings).order, len(some))} | {
        rule: taken(score, limits)
        for rule, score in (
            (BY_VALUE, forecast.alone),
            (BY_PROFIT, some.worth - some.slot_fee - some.sample_cost),
            (BY_GMV, case.net_gmv),
            (FOLLOWERS, some.followers),
            (BLIND, blind),
        )
    }
    worth = {rule: truth.worth(who) for rule, who in chosen.items()}
    oracle = searched(truth, limits, chosen.values())
    best = max(*worth.values(), 0.0 if oracle is None else truth.worth(oracle))
    return pd.DataFrame(
        [
            {"brand_id": case.brand_id, "rule": rule, "worth": worth[rule], "best": best}
            for rule in RULES
        ]
    )


def greedy(value: SetValue, limits: Limits) -> Mask:
    """Each time the candidate who adds most and fits."""
    chosen = np.zeros(len(value), bool)
    while True:
        marginal = value.marginal(chosen)
        for i in np.argsort(-marginal, kind="stable").tolist():
            if chosen[i] or marginal[i] <= 0:
                continue
            with_i = chosen.copy()
            with_i[i] = True
            if limits.hold(with_i):
                chosen = with_i
                break
        else:
            return chosen


def taken(score: Floats, limits: Limits) -> Mask:
    """A list taken from the top, passing over whoever no longer fits; unknown scores come last."""
    chosen = np.zeros(len(score), bool)
    for i in np.argsort(-np.nan_to_num(score, nan=-np.inf), kind="stable").tolist():
        chosen[i] = True
        if not limits.hold(chosen):
            chosen[i] = False
    return chosen


def gap_table(told: pd.DataFrame) -> pd.DataFrame:
    """By method: cases, share of them solved exactly, mean and largest gap."""
    by = told.groupby("method", sort=False)["gap"]
    return pd.DataFrame(
        {
            "cases": by.size(),
            "exact": by.agg(lambda gap: float((gap < 1e-9).mean())),
            "mean gap": by.mean(),
            "largest gap": by.max(),
        }
    )


def regret_table(told: pd.DataFrame, random_state: int = 0) -> pd.DataFrame:
    """By rule: the share of the best choice's true worth, with a 95 % interval over brands.

    `pooled` is the sum over brands over the sum of the best, `mean` the mean of the brands' shares
    (a brand whose best choice brings nothing has none); the interval is of the mean.
    """
    rows = {}
    for rule in dict.fromkeys(told["rule"]):
        of_rule = told[told["rule"] == rule]
        worth, best = of_rule["worth"].to_numpy(), of_rule["best"].to_numpy()
        share = worth[best > 0] / best[best > 0]
        draws = np.random.default_rng(random_state).integers(0, len(share), (RESAMPLES, len(share)))
        low, high = np.quantile(share[draws].mean(axis=1), [0.025, 0.975])
        rows[rule] = {
            "brands": len(share),
            "mean": share.mean(),
            "lo95": low,
            "hi95": high,
            "pooled": worth.sum() / best.sum(),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Rows of all brands or worlds, one after the other."""
    return pd.concat(parts, ignore_index=True)


def _mask(order: Positions, n: int) -> Mask:
    chosen = np.zeros(n, bool)
    chosen[order] = True
    return chosen
