"""Scores become probabilities whose level and slope are those of what happened."""

import numpy as np
import pytest
from scipy.special import expit, logit

from benchmarks.quality.peers.calibrated import SCORE_SHAPES, Calibrated


def test_offset_and_slope_are_found_again() -> None:
    random = np.random.default_rng(0)
    score, rate = random.normal(3, 2, (40, 50)), np.full((40, 1), 0.05)
    truth = expit(logit(rate) + 0.3 + 0.4 * (score - 3))
    n = np.full(50, 5_000.0)
    k = random.binomial(5_000, truth).astype(float)
    found = Calibrated.fit("raw", score, rate, k, n)
    assert found.slope == pytest.approx(0.4, abs=0.01)
    np.testing.assert_allclose(found(score, rate), truth, rtol=0.05)


def test_a_score_that_says_nothing_leaves_the_brands_rate() -> None:
    rate = np.array([[0.1], [0.02]])
    n = np.full(30, 10_000.0)
    k = np.round(rate * n)
    found = Calibrated.fit("raw", np.ones((2, 30)), rate, k, n)
    np.testing.assert_allclose(found(np.ones((2, 30)), rate), np.repeat(rate, 30, 1), rtol=1e-4)


@pytest.mark.parametrize("shape", SCORE_SHAPES)
def test_no_shape_changes_the_order_of_a_brands_stores(shape: str) -> None:
    score = np.random.default_rng(1).uniform(0, 9, (3, 12))
    shaped = SCORE_SHAPES[shape](score)
    np.testing.assert_array_equal(np.argsort(shaped, axis=1), np.argsort(score, axis=1))
