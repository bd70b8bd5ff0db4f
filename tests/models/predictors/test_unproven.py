from dataclasses import replace

import numpy as np
import pytest

from models.links import Link
from models.prediction import PairRows, Target
from models.predictors.boosted import BoostedPredictor
from models.predictors.known import never_sold
from models.predictors.unproven import HALF_PROVEN, UNTRIED_COUNTS, Unproven
from tests.models.predictors.simulation import market

LOGIT = Link(is_rate=True)
POOLED = 0.05


@pytest.fixture(scope="module")
def rows() -> PairRows:
    return market(8, Target.BRAND_CONVERSION, windows=3).rows


def with_trials(rows: PairRows, trials: float) -> PairRows:
    sold = rows.counts["pair"][0]
    return replace(rows, counts={**rows.counts, "pair": (sold, np.full(len(rows), trials))})


def with_creator_trials(rows: PairRows, trials: float) -> PairRows:
    given = with_trials(rows, trials).counts
    many = np.full(len(rows), trials)
    return replace(rows, counts={**given, "creator": (rows.counts["creator"][0], many)})


def test_only_pairs_without_a_sale_above_their_brand_are_drawn_to_it(rows: PairRows) -> None:
    sold, tried = rows.counts["item"]
    brand = LOGIT.forward((sold + 1) / (tried + 1 / POOLED))
    eta = brand + np.random.default_rng(0).normal(0, 1, len(rows))
    half = with_trials(rows, HALF_PROVEN)
    drawn = Unproven.of(half, eta, POOLED)(eta)
    high = never_sold(rows) & (eta > brand)
    assert 0 < high.mean() < 1
    np.testing.assert_allclose(drawn[high], (eta[high] + brand[high]) / 2)
    np.testing.assert_array_equal(drawn[~high], eta[~high])


def test_who_is_well_known_is_believed_and_who_was_never_tried_gets_the_brands_rate(
    rows: PairRows,
) -> None:
    eta = np.full(len(rows), 0.0)
    known, new = (with_creator_trials(rows, trials) for trials in (1e9, 0.0))
    np.testing.assert_allclose(Unproven.of(known, eta, POOLED)(eta), eta, atol=1e-6)
    drawn = Unproven.of(new, eta, POOLED)
    np.testing.assert_array_equal(drawn(eta)[never_sold(rows)], drawn.brand[never_sold(rows)])


def test_brands_nobody_sold_tell_known_creators_apart_and_not_new_ones(
    rows: PairRows,
) -> None:
    nothing, much = np.zeros(len(rows)), np.full(len(rows), 1e9)
    unsold = {**rows.counts, "item": (nothing, nothing), "pair": (nothing, nothing)}
    eta = np.random.default_rng(1).normal(0, 1, len(rows))
    known = replace(rows, counts={**unsold, "creator": (nothing, much)})
    pooled = LOGIT.forward(np.array(POOLED))
    drawn = Unproven.of(known, eta, POOLED)(eta)
    above = eta > pooled
    believed = UNTRIED_COUNTS * (eta - pooled)[above]
    np.testing.assert_allclose((drawn - pooled)[above], believed, atol=1e-6)
    np.testing.assert_array_equal(drawn[~above], eta[~above])
    new = replace(rows, counts={**unsold, "creator": (nothing, nothing)})
    np.testing.assert_allclose(Unproven.of(new, eta, POOLED)(eta), np.minimum(eta, pooled))


def test_rows_without_counts_stay_as_they_are(rows: PairRows) -> None:
    eta = np.zeros(len(rows))
    np.testing.assert_array_equal(Unproven.of(replace(rows, counts={}), eta, POOLED)(eta), eta)


NAMED = ("price_gap", "creator_rate", "item_conversion", "pair_rate", "taste", "weather")
"""The features of the market, one named as what shows a brand's rate."""


def test_forecasts_of_brands_are_drawn_and_their_contributions_add_up(rows: PairRows) -> None:
    rows = replace(rows, feature_names=NAMED)
    last = rows.as_of == rows.as_of.max()
    learned = BoostedPredictor(Target.BRAND_CONVERSION, rounds=20, stops_early=False)
    learned.fit(rows.take(~last))
    never, once = (with_creator_trials(rows, trials) for trials in (0.0, 1.0))
    brand = Unproven.of(never, learned._eta(never), learned.pooled_).brand
    assert (learned._eta(never) <= brand + 1e-9)[never_sold(rows)].all()
    assert (learned._eta(once) > brand)[never_sold(rows)].any()
    learned.calibrate(rows.take(last))
    assert learned.recalibration_.slope != 1
    for some in (never, once, rows):
        added = learned.contributions(some)
        np.testing.assert_allclose(
            added.sum(axis=1), LOGIT.forward(learned.predict(some).mean), atol=1e-9
        )


def test_what_the_brands_rate_adds_where_a_forecast_is_drawn_stands_with_the_brand() -> None:
    parts = np.array([[0.5, 0.1, 1.0, -3.0], [0.5, 0.1, 1.0, -3.0]])
    drawn = Unproven(brand=np.array([-2.0, -2.0]), proven=np.array([0.25, 1.0]))
    told = drawn.of_parts(parts.copy(), at=1)
    np.testing.assert_allclose(told[0], [0.125, 0.025 + 0.75, 0.25, -3.0])
    np.testing.assert_array_equal(told[1], parts[1])
    np.testing.assert_allclose(told.sum(axis=1), drawn(parts.sum(axis=1)))
    without = drawn.of_parts(parts.copy(), at=-1)
    np.testing.assert_allclose(without.sum(axis=1), drawn(parts.sum(axis=1)))
