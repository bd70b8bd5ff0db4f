"""One simulated world's matrix, and how good the decisions made from it truly are."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from benchmarks.quality.decisions_deals import Chances, loss_chances, scored, yes_chances
from benchmarks.quality.decisions_portfolio import (
    BrandCase,
    brand_case,
    gaps,
    joined,
    regrets,
    true_acceptances,
)
from benchmarks.quality.decisions_rules import diagnosis_numbers
from benchmarks.quality.uncertainty_scores import true_benchmarks
from benchmarks.quality.world_runs import TRAINING, WorldPlan, WorldRun
from experiments.metrics import log_loss
from experiments.world.truth import Truth, true_rates
from features.history import collaboration_history
from models.acceptance.hierarchical import fit_acceptance
from models.concentration import Listings, cheapest
from models.concentration.floors import best_lists
from models.concentration.of_matrix import FLOORS
from models.matrix.matrix import AllianceMatrix
from models.prediction import Floats
from pipelines.learn_acceptance import judged_acceptance
from pipelines.scored_matrix import scored_matrix
from pipelines.settings import LEARNED, ScoreSettings

MATRIX: Final = ScoreSettings(max_explained=1, num_threads=1)
"""Every pair of the exact grid; hardly any reasons, which no decision here rests on."""
SIZES_OF_LISTS: Final = (3, 5, 10, 20)
BRANDS_CHOSEN: Final = 5
"""Of each world, drawn once, for portfolios."""
GAP_SEEDS: Final = 2
LISTED: Final = 10
SHOWN_CHANCES: Final = 2_000
"""Of each world, in the reliability of P(yes)."""
FLOOR_STEPS: Final = (0.5, 1.0, 1.5, 2.0)
"""So many times the usual floors of waist and tail."""
ACCEPTANCE: Final = {LEARNED: "ours", "hierarchical": "without_terms", "overall": "overall"}


@dataclass(frozen=True)
class WorldDecisions:
    """What one world gave."""

    plan: WorldPlan
    numbers: Mapping[str, float]
    """Means of this world by name; nan where it has no case."""
    regrets: pd.DataFrame
    """world, brand_id, k, rule, worth, best"""
    gaps: pd.DataFrame
    loss: Chances
    accept: Chances


def judged(run: WorldRun) -> WorldDecisions:
    """Score the world's matrix as of the run's date; decide from it; look at the truth."""
    matrix = scored_matrix(run.facts, run.model, run.known, MATRIX).matrix
    settings, world = run.plan.settings, f"{run.plan.size}-{run.plan.seed}"
    loss = loss_chances(matrix, run.coming, settings, seed=run.plan.seed)
    accept = yes_chances(matrix, settings)
    numbers = diagnosis_numbers(matrix, run.coming, true_benchmarks(run), run.known)
    numbers |= {f"loss/{name}": value for name, value in scored(loss).items()}
    numbers |= acceptance_numbers(run, matrix, accept)
    numbers |= floor_numbers(matrix, run.coming)
    cases = brand_cases(run, matrix)
    chosen = [regrets(case, k).assign(k=k) for case in cases for k in SIZES_OF_LISTS]
    small = [gaps(case, range(GAP_SEEDS)) for case in cases]
    drawn = np.random.default_rng(run.plan.seed).permutation(len(accept.true))[:SHOWN_CHANCES]
    return WorldDecisions(
        run.plan,
        numbers,
        joined(chosen).assign(world=world),
        joined(small).assign(world=world),
        of_world(loss, world),
        of_world(
            Chances(accept.said[drawn], accept.true[drawn], accept.creator[drawn]),
            world,
        ),
    )


def of_world(chances: Chances, world: str) -> Chances:
    """The same with the world in the creators' names, so that worlds can be joined."""
    return replace(chances, creator=np.char.add(f"{world} ", chances.creator))


def acceptance_numbers(run: WorldRun, matrix: AllianceMatrix, accept: Chances) -> dict[str, float]:
    """Expected log-loss of every pair on the terms of the matrix, and that of later answers."""
    numbers = {f"accept/{name}": value for name, value in scored(accept).items()}
    plain = fit_acceptance(
        collaboration_history(run.facts, run.as_of), run.known.products.tables.creators
    )
    if plain.overall is not None and len(accept.true):
        known = ~np.isnan(matrix.columns["p_accept"])
        creators = matrix.creators["creator_id"].to_numpy(object)
        brands = matrix.brands["brand_id"].to_numpy(object)
        of_row = (
            creators[matrix.columns["creator_id"][known]].astype(str).tolist(),
            brands[matrix.columns["brand_id"][known]].astype(str).tolist(),
        )
        one = np.ones(len(accept.true))
        said = plain.predict(*of_row).p
        overall = np.full(len(one), plain.overall)
        numbers["accept/without_terms"] = log_loss(accept.true, one, said)
        numbers["accept/overall"] = log_loss(accept.true, one, overall)
    later = judged_acceptance(run.facts, run.as_of, TRAINING)
    if later is not None:
        board = later.board[later.board["slice"] == "all"]
        for row in board.to_dict("records"):
            numbers[f"answers/{ACCEPTANCE[row['predictor']]}"] = float(row["loss"])
            numbers["answers/rows"] = float(row["rows"])
    return numbers


def brand_cases(run: WorldRun, matrix: AllianceMatrix) -> list[BrandCase]:
    """Drawn brands' candidates, as forecast and as they are."""
    accept = true_acceptances(matrix, run.plan.settings)
    names = matrix.brands["brand_id"].astype(str).to_numpy()
    random = np.random.default_rng(run.plan.seed)
    few = np.sort(random.choice(len(names), min(BRANDS_CHOSEN, len(names)), replace=False))
    return [brand_case(matrix, run.coming, accept, str(names[i])) for i in few]


def floor_numbers(matrix: AllianceMatrix, truth: Truth) -> dict[str, float]:
    """Cost of a floor of exposure, as a share of the net GMV of all lists of ten: said and true.

    The lists are chosen, and the floor kept, by forecasts; what they bring is the truth. `kept`
    is the true share of exposure that the tiers with a floor get, over what they were promised.
    """
    rates = named_rates(matrix, truth)
    codes, values = matrix.creator_groups["tier"]
    forecast = np.asarray(matrix.columns["net_gmv"], dtype=np.float64)
    listings = Listings(
        brand=matrix.columns["brand_id"].astype(np.int64),
        tier=codes[matrix.columns["creator_id"]].astype(np.int64),
        worth=np.where(np.isnan(rates["net_gmv"]), np.nan, forecast),
        weight=np.nan_to_num(np.asarray(matrix.columns["impressions"], dtype=np.float64)),
        tiers=list(values),
    )
    truly = np.nan_to_num(rates["net_gmv"])
    seen = replace(listings, weight=np.nan_to_num(rates["impressions"]))
    free = best_lists(listings, LISTED)
    numbers = {}
    for step in FLOOR_STEPS:
        floors = {tier: share * step for tier, share in FLOORS.items() if tier in values}
        kept = cheapest(listings, LISTED, floors) if floors else None
        if kept is None:
            continue
        name = f"floor/{step:g}"
        for word, worth in (("said", forecast), ("true", truly)):
            numbers[f"{name}/{word}"] = float(1 - worth[kept].sum() / worth[free].sum())
        shares = seen.shares(kept)
        numbers[f"{name}/exposure"] = sum(shares[tier] for tier in floors)
        before = seen.shares(free)
        numbers[f"{name}/exposure_without"] = sum(before[tier] for tier in floors)
    return numbers


def named_rates(matrix: AllianceMatrix, truth: Truth) -> dict[str, Floats]:
    """True impressions and net GMV of a usual session with each pair's named product."""
    best = matrix.columns["best_product_id"]
    known = np.flatnonzero(best >= 0)
    products = matrix.products["product_id"].to_numpy(dtype=object)[best[known]]
    creators = matrix.creators["creator_id"].to_numpy(dtype=object)
    rates = true_rates(truth, creators[matrix.columns["creator_id"][known]], products)
    price = truth["products"].set_index("product_id")["price"].loc[products].to_numpy(float)
    sold = rates["impressions"] * rates["click_through"] * rates["conversion"] * price
    found = {}
    for name, values in (
        ("impressions", rates["impressions"]),
        ("net_gmv", sold * (1 - rates["return_rate"])),
    ):
        found[name] = np.full(len(matrix), np.nan)
        found[name][known] = values
    return found
