import numpy as np
import pytest

from models.links import Link
from models.prediction import Floats
from models.predictors.steepness import Steepness

LOGIT = Link(is_rate=True)
SOLD, UNSOLD = np.zeros(4_000, dtype=bool), np.ones(4_000, dtype=bool)


def drawn(truth: Floats, random: np.random.Generator) -> tuple[Floats, Floats]:
    trials = random.integers(50, 500, len(truth))
    return random.binomial(trials, LOGIT.inverse(truth)) / trials, trials.astype(float)


def test_high_rates_that_lie_too_close_together_are_drawn_apart() -> None:
    random = np.random.default_rng(0)
    truth = random.normal(-3, 1, 4_000)
    labels, weight = drawn(truth, random)
    at = float(LOGIT.forward(np.array(np.average(labels, weights=weight))))
    flat = np.where(truth > at, at + (truth - at) / 1.1, truth) - 0.1
    found = Steepness.fit(flat, np.zeros(4_000), SOLD, labels, weight)
    assert found.above == pytest.approx(0.1, abs=0.02)
    np.testing.assert_allclose(found(flat, np.zeros(4_000), SOLD), truth, atol=0.06)


def test_of_pairs_without_a_sale_what_trees_add_counts_more() -> None:
    random = np.random.default_rng(1)
    start, added = random.normal(-3, 1, 4_000), random.normal(0, 0.5, 4_000)
    new = random.random(4_000) < 0.5
    labels, weight = drawn(start + added * np.where(new, 1.4, 1), random)
    found = Steepness.fit(start + added, added, new, labels, weight)
    assert found.unsold == pytest.approx(0.4, abs=0.03)
    assert found.above == pytest.approx(0, abs=0.02)


def test_forecasts_that_agree_with_the_rows_stay() -> None:
    eta, nothing = np.linspace(-4, -1, 50), np.zeros(50)
    found = Steepness.fit(eta, nothing, SOLD[:50], LOGIT.inverse(eta), np.full(50, 1_000.0))
    np.testing.assert_allclose(found(eta, nothing, SOLD[:50]), eta, atol=1e-8)


def test_few_rows_move_little() -> None:
    eta = np.array([-3.0, -2.0])
    found = Steepness.fit(eta, eta, UNSOLD[:2], np.array([0.5, 0.0]), np.ones(2))
    assert max(abs(found.above), abs(found.unsold), abs(found.offset)) < 0.3


def test_without_rows_nothing_changes() -> None:
    nothing = np.zeros(0)
    assert Steepness.fit(nothing, nothing, nothing.astype(bool), nothing, nothing) == Steepness()
    still = Steepness()(np.array([0.7]), np.array([0.2]), UNSOLD[:1])
    assert still.tolist() == [0.7]


def test_parts_are_as_steep_as_their_sum() -> None:
    random = np.random.default_rng(2)
    of_trees, of_start = random.normal(size=(300, 4)), random.normal(size=(300, 4))
    new, found = random.random(300) < 0.5, Steepness(-0.5, 0.1, 0.2, 0.3)
    steep = found.of_parts(of_trees + of_start, of_trees, new)
    added = of_trees.sum(axis=1)
    np.testing.assert_allclose(
        steep.sum(axis=1), found(added + of_start.sum(axis=1), added, new), atol=1e-12
    )
