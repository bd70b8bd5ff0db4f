from dataclasses import replace

import numpy as np
import pytest

from models.links import Link
from models.prediction import PairRows, Target
from models.predictors.boosted import BoostedPredictor
from models.predictors.steepness import unsold
from models.predictors.unproven import HALF_PROVEN, Unproven
from tests.models.predictors.simulation import market

LOGIT = Link(is_rate=True)
POOLED = 0.05


@pytest.fixture(scope="module")
def rows() -> PairRows:
    return market(8, Target.BRAND_CONVERSION, windows=3).rows


def with_trials(rows: PairRows, trials: float) -> PairRows:
    sold = rows.counts["pair"][0]
    return replace(rows, counts={**rows.counts, "pair": (sold, np.full(len(rows), trials))})


def test_only_pairs_without_a_sale_above_their_brand_are_drawn_to_it(rows: PairRows) -> None:
    sold, tried = rows.counts["item"]
    brand = LOGIT.forward((sold + 1) / (tried + 1 / POOLED))
    eta = brand + np.random.default_rng(0).normal(0, 1, len(rows))
    half = with_trials(rows, HALF_PROVEN)
    drawn = Unproven.of(half, eta, POOLED)(eta)
    high = unsold(rows) & (eta > brand)
    assert 0 < high.mean() < 1
    np.testing.assert_allclose(drawn[high], (eta[high] + brand[high]) / 2)
    np.testing.assert_array_equal(drawn[~high], eta[~high])


def test_who_is_well_known_is_believed_and_who_was_never_tried_gets_the_brands_rate(
    rows: PairRows,
) -> None:
    eta = np.full(len(rows), 0.0)
    known, new = (with_trials(rows, trials) for trials in (1e9, 0.0))
    np.testing.assert_allclose(Unproven.of(known, eta, POOLED)(eta), eta, atol=1e-6)
    drawn = Unproven.of(new, eta, POOLED)
    np.testing.assert_array_equal(drawn(eta)[unsold(rows)], drawn.brand[unsold(rows)])


def test_rows_without_counts_stay_as_they_are(rows: PairRows) -> None:
    eta = np.zeros(len(rows))
    np.testing.assert_array_equal(Unproven.of(replace(rows, counts={}), eta, POOLED)(eta), eta)


def test_forecasts_of_brands_are_drawn_and_their_contributions_add_up(rows: PairRows) -> None:
    learned = BoostedPredictor(Target.BRAND_CONVERSION, rounds=20, stops_early=False).fit(rows)
    never, once = with_trials(rows, 0.0), with_trials(rows, 1.0)
    brand = Unproven.of(never, learned._eta(never), learned.pooled_).brand
    assert (learned._eta(never) <= brand + 1e-9)[unsold(rows)].all()
    assert (learned._eta(once) > brand)[unsold(rows)].any()
    for some in (never, once, rows):
        np.testing.assert_allclose(
            learned.contributions(some).sum(axis=1), learned._eta(some), atol=1e-9
        )
