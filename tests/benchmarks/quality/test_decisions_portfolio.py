"""The scoring of portfolios, on candidates whose best sets are known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmarks.quality.decisions_portfolio import (
    ALONE,
    BLIND,
    GREEDY,
    PORTFOLIO,
    RULES,
    SEARCH,
    BrandCase,
    brand_case,
    gap_table,
    gaps,
    greedy,
    joined,
    regret_table,
    regrets,
    taken,
    true_acceptances,
)
from experiments.world.creators import creators
from experiments.world.settings import WorldSettings
from experiments.world.simulate import truth_on
from experiments.world.truth import true_rates
from models.matrix.matrix import build_matrix
from models.portfolio.limits import Limits, Wishes
from models.portfolio.overlap import market_of, overlap
from models.portfolio.settings import PortfolioSettings
from tests.matrices import manifest
from tests.models.portfolio.planted import random_candidates, some, value_of

PLAIN = PortfolioSettings(fulfilment=1.0, overlap_loss=0.0, peak_creators=1e6)


def planted_case(seed: int, noise: float) -> BrandCase:
    """A brand whose forecasts miss the truth by so much on the log scale."""
    truth = random_candidates(60, seed)
    missed = np.exp(np.random.default_rng(seed).normal(0, noise, 60) if noise else np.zeros(60))
    market = market_of(truth.followers, truth.audience)
    shared = overlap(truth.followers, truth.audience, market, PortfolioSettings())
    forecast = replace(truth, worth=truth.worth * missed)
    return BrandCase(f"b{seed}", forecast, truth, forecast.worth, shared)


def test_a_forecast_that_is_the_truth_has_no_regret_and_noise_has() -> None:
    exact = regrets(planted_case(1, 0.0)).set_index("rule")
    assert exact.index.tolist() == list(RULES)
    assert exact.loc[PORTFOLIO, "worth"] == pytest.approx(exact.loc[PORTFOLIO, "best"], rel=1e-3)
    noisy = regret_table(joined([regrets(planted_case(seed, 1.0)) for seed in range(4)]))
    pooled = noisy["pooled"].to_dict()
    assert pooled[BLIND] < pooled[PORTFOLIO] < 1
    assert (noisy["lo95"] <= noisy["mean"]).all()


def test_gaps_are_shares_of_the_best_set_and_search_has_the_smallest() -> None:
    told = joined([gaps(planted_case(seed, 0.0), range(2)) for seed in range(3)])
    table = gap_table(told)
    assert table["cases"].tolist() == [6, 6, 6]
    mean = table["mean gap"].to_dict()
    assert mean[SEARCH] <= min(mean[GREEDY], mean[ALONE])
    assert (told["gap"] >= 0).all()


def test_a_list_and_a_greedy_set_pass_over_who_does_not_fit() -> None:
    candidates = some([100, 90, 30], slot_fee=[50, 40, 10])
    value = value_of(candidates, PLAIN)
    limits = Limits.of(candidates, Wishes(k=2, budget=60), PLAIN)
    # c0 first (alone 50, c1 50 too, ties to the earlier), then only c2 fits
    assert np.flatnonzero(greedy(value, limits)).tolist() == [0, 2]
    score = np.array([1.0, 3.0, np.nan])
    assert np.flatnonzero(taken(score, limits)).tolist() == [1, 2]


def test_regret_is_pooled_over_brands_and_averaged() -> None:
    told = pd.DataFrame(
        {
            "brand_id": ["a", "b", "c"],
            "rule": "x",
            "worth": [50.0, 10.0, 0.0],
            "best": [100.0, 10.0, 0.0],
        }
    )
    row = regret_table(told).loc["x"]
    assert row["brands"] == 2
    assert row["mean"] == (0.5 + 1) / 2
    assert row["pooled"] == 60 / 110


def test_the_truth_of_a_brand_is_what_a_session_of_the_named_product_brings() -> None:
    settings = WorldSettings.small()
    truth = truth_on(settings, settings.days - 1)
    people = truth["creators"]["creator_id"].tolist()[:2]
    product = truth["products"].iloc[0]
    frame = pd.DataFrame(
        {
            "brand_id": "b0001",
            "creator_id": people,
            "best_product_id": product["product_id"],
            "profit": 1.0,
            "margin_rate": 0.5,
            "commission_rate": 0.2,
            "return_handling_rate": 0.1,
            "slot_fee": [7.0, np.nan],
            "p_accept": 0.5,
        }
    )
    brands = pd.DataFrame({"brand_id": ["b0001"]})
    matrix = build_matrix(
        frame, brands, pd.DataFrame({"creator_id": people}), manifest(null_columns={})
    )
    accept = pd.Series([0.3, 0.6], pd.MultiIndex.from_arrays([people, ["b0001"] * 2]))
    case = brand_case(matrix, truth, accept, "b0001")
    rates = true_rates(truth, people, [product["product_id"]] * 2)
    gmv = rates["impressions"] * rates["click_through"] * rates["conversion"] * product["price"]
    r = rates["return_rate"]
    np.testing.assert_allclose(case.truth.worth, gmv * ((1 - r) * 0.3 - r * 0.1), rtol=1e-5)
    assert case.truth.accept.tolist() == [0.3, 0.6]
    assert case.forecast.worth.tolist() == [8.0, 1.0]  # profit + fee


def test_a_creator_truly_accepts_by_the_terms_of_the_matrix() -> None:
    settings = WorldSettings.small()
    people = creators(settings)
    fee = float(people.slot_fee.max())
    creator = people.ids[int(people.slot_fee.argmax())]
    chances = []
    for share in (1.0, 2.0):
        frame = pd.DataFrame(
            {
                "brand_id": ["b0001"],
                "creator_id": creator,
                "slot_fee": fee * share,
                "commission_rate": 0.2,
            }
        )
        matrix = build_matrix(
            frame,
            pd.DataFrame({"brand_id": ["b0001"]}),
            pd.DataFrame({"creator_id": [creator]}),
            manifest(null_columns={}),
        )
        chances.append(float(true_acceptances(matrix, settings).loc[(creator, "b0001")]))
    odds = np.array(chances) / (1 - np.array(chances))
    assert odds[1] / odds[0] == pytest.approx(2.0, rel=1e-4)  # the log of the fee counts once
