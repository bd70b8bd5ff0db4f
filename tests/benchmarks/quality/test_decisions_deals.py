import numpy as np
import pandas as pd
import pytest

from benchmarks.quality.decisions_deals import (
    Chances,
    calibration,
    loss_chances,
    scored,
    simulated_sessions,
    yes_chances,
)
from experiments.world.brands import brands
from experiments.world.collaborations import acceptance
from experiments.world.creators import creators
from experiments.world.settings import WorldSettings
from experiments.world.simulate import truth_on
from experiments.world.truth import true_rates
from models.deals.economics import kept_share
from models.matrix.manifest import Manifest
from models.matrix.matrix import AllianceMatrix, build_matrix
from tests.matrices import AS_OF

WORLD = WorldSettings.small()
TRUTH = truth_on(WORLD, WORLD.days - 1)


def matrix_of_truth() -> AllianceMatrix:
    """One product of the first brand with every creator, forecast as it truly is."""
    people, merchants = creators(WORLD), brands(WORLD)
    product = TRUTH["products"].iloc[0]
    n = len(people.ids)
    rates = true_rates(TRUTH, people.ids, [product["product_id"]] * n)
    gmv = rates["impressions"] * rates["click_through"] * rates["conversion"] * product["price"]
    c = np.arange(n)
    commission = np.round(people.commission_asked, 3)
    p = acceptance(people, merchants, c, np.zeros(n, dtype=np.int64), np.zeros(n), commission)
    kept = kept_share(rates["return_rate"], np.full(n, 0.5), commission, np.full(n, 0.05))
    rows = pd.DataFrame(
        {
            "brand_id": merchants.ids[0],
            "creator_id": people.ids,
            "best_product_id": product["product_id"],
            "gmv": gmv * 1.12 * 0.92,
            "gmv_session_spread": np.sqrt(0.72**2 + 0.5**2 + 0.25**2 + 0.3**2 + 0.36**2 + 0.03),
            "order_value": product["price"] * 1.12 * 0.92,
            "return_rate": rates["return_rate"],
            "margin_rate": 0.5,
            "commission_rate": commission,
            "return_handling_rate": 0.05,
            "slot_fee": 0.5 * gmv * kept,
            "sample_cost": 0.0,
            "profit": gmv,
            "p_accept": p,
            "p_accept_lo80": p - 0.01,
            "p_accept_hi80": p + 0.01,
        }
    )
    rows.loc[people.slot_fee > 0, "slot_fee"] = people.slot_fee[people.slot_fee > 0]
    return build_matrix(
        rows,
        merchants.table[["brand_id", "name", "industry"]],
        pd.DataFrame({"creator_id": people.ids}),
        Manifest(as_of=AS_OF, cut_short=WORLD.junk_share),
    )


def test_a_matrix_that_says_the_truth_of_a_yes_loses_nothing_to_it() -> None:
    told = scored(yes_chances(matrix_of_truth(), WORLD))
    assert told["log_loss"] == pytest.approx(told["log_loss_of_truth"], abs=1e-3)
    assert told["held80"] == 1.0
    assert told["rmse"] < 0.01


def test_chances_of_a_loss_said_from_true_rates_are_about_how_often_sessions_lose() -> None:
    told = scored(loss_chances(matrix_of_truth(), TRUTH, WORLD))
    assert told["correlation"] > 0.97
    assert told["said"] == pytest.approx(told["true"], abs=0.05)
    assert told["log_loss"] < told["log_loss_of_mean"]


def test_simulated_sessions_bring_what_the_truth_expects() -> None:
    ids = TRUTH["creators"]["creator_id"].tolist()[:10]
    product = TRUTH["products"]["product_id"].iloc[0]
    random = np.random.default_rng(0)
    gmv, returned = simulated_sessions(TRUTH, WORLD, ids, [product] * 10, random, sessions=4_000)
    rates = true_rates(TRUTH, ids, [product] * 10)
    price = TRUTH["products"]["price"].iloc[0]
    expected = rates["impressions"] * rates["click_through"] * rates["conversion"] * price
    assert gmv.sum() / (expected.sum() * 4_000) == pytest.approx(1.0, abs=0.12)
    assert ((returned >= 0) & (returned <= 1)).all()


def test_what_is_said_too_boldly_does_not_hold() -> None:
    random = np.random.default_rng(1)
    true = random.uniform(0.3, 0.7, 4_000)
    creator = random.integers(0, 400, 4_000).astype(np.str_)
    honest = calibration(Chances(true, true, creator))
    bold = calibration(Chances(np.where(true > 0.5, 0.97, 0.03), true, creator))
    assert honest["holds"].all()
    assert not bold["holds"].any()
