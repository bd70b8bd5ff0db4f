"""Said against happened, and ranges that hold as often as they say."""

import numpy as np
import pytest
from scipy.special import expit, logit

from experiments.promise import held80, kept
from models.prediction import Target

RATE, SPREAD = 0.03, 0.4


@pytest.mark.parametrize("trials", [5, 60, 5_000])
def test_eight_of_ten_outcomes_lie_within_the_range_however_few_the_trials(trials: int) -> None:
    random = np.random.default_rng(0)
    centre = logit(RATE) - SPREAD**2 / 2 * (1 - 2 * RATE)
    rate = expit(centre + SPREAD * random.normal(size=20_000))
    n = np.full(20_000, float(trials))
    k = random.binomial(trials, rate).astype(float)
    spread = np.full(20_000, SPREAD)
    inside = held80(k, n, np.full(20_000, RATE), spread, Target.CONVERSION)
    assert inside.mean() == pytest.approx(0.8, abs=0.02)
    narrow = held80(k, n, np.full(20_000, RATE), spread / 4, Target.CONVERSION)
    assert narrow.mean() < 0.78 if trials > 5 else narrow.mean() < 0.82


def test_sizes_vary_by_their_spread_around_their_mean() -> None:
    sd = np.full(20_000, 0.7)
    seen = 1_000 * np.exp(0.7 * np.random.default_rng(1).normal(size=20_000) - 0.7**2 / 2)
    inside = held80(seen, np.ones(20_000), np.full(20_000, 1_000.0), sd, Target.EXPOSURE)
    assert inside.mean() == pytest.approx(0.8, abs=0.02)


def test_the_ratio_is_what_happened_over_what_was_said() -> None:
    k, n = np.array([2.0, 4.0, 0.0]), np.array([100.0, 100.0, 0.0])
    mean, weight = np.array([0.01, 0.03, 0.5]), np.ones(3)
    brands = np.array(["b1", "b2", "b2"])
    told = kept(k, n, mean, np.ones(3), (brands,), weight)
    assert told.ratio == pytest.approx((2 + 4) / (1 + 3))
    assert told.ratio_lo95 == pytest.approx(4 / 3)  # b2 alone
    assert told.ratio_hi95 == pytest.approx(2 / 1)  # b1 alone


def test_nothing_tried_is_no_number() -> None:
    nothing = np.empty(0)
    told = kept(nothing, nothing, nothing, nothing, (np.empty(0, str),), nothing)
    assert np.isnan(told.ratio)
    assert told.rows == 0
