import numpy as np
import pytest

from models.links import Link
from models.predictors.steepness import steepness

LOGIT = Link(is_rate=True)


def test_forecasts_that_lie_too_close_together_are_drawn_apart() -> None:
    random = np.random.default_rng(0)
    truth = random.normal(-3, 1, 4_000)
    trials = random.integers(50, 500, 4_000)
    labels = random.binomial(trials, LOGIT.inverse(truth)) / trials
    flat = -3 + 0.9 * (truth + 3) - 0.2
    found = steepness(flat, labels, trials.astype(float))
    assert found.slope == pytest.approx(1 / 0.9, abs=0.01)
    np.testing.assert_allclose(found(flat), truth, atol=0.05)


def test_forecasts_that_agree_with_the_rows_stay() -> None:
    eta = np.linspace(-4, -1, 50)
    found = steepness(eta, LOGIT.inverse(eta), np.full(50, 1_000.0))
    np.testing.assert_allclose(found(eta), eta, atol=1e-8)


def test_few_rows_move_little() -> None:
    found = steepness(np.array([-3.0, -2.0]), np.array([0.5, 0.0]), np.array([1.0, 1.0]))
    assert abs(found.slope - 1) < 0.1
    assert abs(found.offset) < 0.3


def test_without_rows_nothing_changes() -> None:
    nothing = np.zeros(0)
    assert steepness(nothing, nothing, nothing)(np.array([0.7])).tolist() == [0.7]
