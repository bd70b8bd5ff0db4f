"""Parts of an outcome sum to what it differs by from the usual one, in logs and in money."""

import numpy as np
import pytest

from models.explanations.attribution import Factor, attribution, logarithmic_mean
from models.links import Link
from models.matrix.parts import PARTS

NAMES = ("creator_conversion", "item_price", "creator_followers", "sold_affinity")
GROUPS = ("creator's conversion", "price", "creator's size and terms", "similarity")
BRAND = np.repeat([0, 1], 20)


def factors() -> tuple[Factor, Factor, Factor]:
    """Impressions, click-through and conversion of 40 pairs of two brands."""
    random = np.random.default_rng(5)
    shown = np.column_stack([random.normal(0, 1, (40, 4)), np.full(40, 8.0)])
    clicked = np.column_stack([random.normal(0, 0.5, (40, 4)), np.full(40, -1.0)])
    sold = np.column_stack([random.normal(0, 0.7, (40, 4)), np.full(40, -3.0)])
    return Factor(False, shown), Factor(True, clicked), Factor(True, sold)


def outcome(etas: list[np.ndarray], worth: np.ndarray) -> np.ndarray:
    links = [Link(factor.is_rate) for factor in factors()]
    means = [link.inverse(eta) for link, eta in zip(links, etas, strict=True)]
    return np.prod(means, axis=0) * worth


def test_parts_sum_to_the_difference_from_the_usual_candidate() -> None:
    worth = np.random.default_rng(6).uniform(50, 200, 40)
    told = attribution(factors(), worth, BRAND, NAMES, GROUPS)
    gmv = outcome([f.contributions.sum(axis=1) for f in factors()], worth)
    for brand in (0, 1):
        rows = brand == BRAND
        usual_etas = [f.contributions[rows].mean(axis=0).sum()[None] for f in factors()]
        usual = outcome(usual_etas, np.exp(np.log(worth[rows]).mean())[None])
        summed = np.sum([told.parts[part][rows] for part in PARTS], axis=0)
        assert np.allclose(summed, np.log(gmv[rows] / usual), atol=1e-6)
        money = [told.parts[part][rows] * logarithmic_mean(gmv[rows], usual) for part in PARTS]
        assert np.allclose(np.sum(money, axis=0), gmv[rows] - usual, rtol=1e-6, atol=1e-6)


def test_parts_of_the_usual_candidate_sum_to_its_difference_from_the_base() -> None:
    worth = np.random.default_rng(6).uniform(50, 200, 40)
    told = attribution(factors(), worth, BRAND, NAMES, GROUPS)
    base = outcome([np.array([8.0]), np.array([-1.0]), np.array([-3.0])], np.ones(1))
    for brand in (0, 1):
        rows = brand == BRAND
        etas = [f.contributions[rows].mean(axis=0).sum()[None] for f in factors()]
        usual = outcome(etas, np.exp(np.log(worth[rows]).mean())[None])
        summed = np.sum([told.usual[part][rows] for part in PARTS], axis=0)
        assert np.allclose(summed, np.log(usual / base), atol=1e-6)


def test_what_a_creator_adds_to_volume_is_organic_traffic() -> None:
    shown = np.array([[0.0, 0.0, 1.0, 0.0, 5.0], [0.0, 0.0, 0.0, 0.0, 5.0]])
    told = attribution([Factor(False, shown)], None, np.zeros(2, int), NAMES, GROUPS)
    assert told.parts["organic_traffic"] == pytest.approx([0.5, -0.5])
    assert told.parts["creator"] == pytest.approx([0.0, 0.0])


def test_pairs_that_are_alike_differ_in_nothing() -> None:
    sold = np.tile([0.3, 0.1, 0.0, 0.0, -3.0], (3, 1))
    told = attribution([Factor(True, sold)], np.full(3, 9.0), np.zeros(3, int), NAMES, GROUPS)
    assert all(np.abs(values).max() < 1e-12 for values in told.parts.values())


def test_without_an_order_value_the_price_is_unknown_and_others_keep_theirs() -> None:
    sold = np.tile([0.3, 0.1, 0.0, 0.0, -3.0], (3, 1))
    worth = np.array([100.0, 400.0, np.nan])
    told = attribution([Factor(True, sold)], worth, np.zeros(3, int), NAMES, GROUPS)
    assert told.parts["price"] == pytest.approx([-np.log(2), np.log(2), np.nan], nan_ok=True)


def test_no_pair_has_no_parts() -> None:
    told = attribution([Factor(True, np.empty((0, 5)))], None, np.empty(0, int), NAMES, GROUPS)
    assert all(len(values) == 0 for values in told.parts.values())
