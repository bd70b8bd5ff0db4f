"""The bilinear map: what it learns is of its inputs, not of the order in which they are summed."""

import numpy as np

from models.collaboration.bilinear import learned_map


def test_the_order_of_brands_and_creators_does_not_change_the_map() -> None:
    random = np.random.default_rng(0)
    brands = random.normal(size=(60, 12)).astype(np.float32)
    creators = random.normal(size=(150, 10)).astype(np.float32)
    wish = brands @ random.normal(size=(12, 10)) @ creators.T
    ties = (wish > np.quantile(wish, 0.95)).astype(np.float32)
    close = random.normal(size=ties.shape).astype(np.float32)
    plain = learned_map(brands, creators, [close], ties)
    row, column = random.permutation(60), random.permutation(150)
    other = learned_map(
        brands[row], creators[column], [close[row][:, column]], ties[row][:, column]
    )
    np.testing.assert_allclose(other.weights, plain.weights, atol=1e-6)
    np.testing.assert_allclose(other.scales, plain.scales, atol=1e-6)
    logits = plain.logits(brands, creators, [close])
    assert logits.dtype == np.float32
    assert logits[ties == 1].mean() > logits[ties == 0].mean() + 1


def test_a_pair_that_is_not_asked_about_says_nothing() -> None:
    random = np.random.default_rng(1)
    brands = random.normal(size=(20, 4)).astype(np.float32)
    creators = random.normal(size=(30, 3)).astype(np.float32)
    ties = (random.random((20, 30)) > 0.8).astype(float)
    ties[2, 5] = np.nan
    close = random.normal(size=ties.shape).astype(np.float32)
    plain = learned_map(brands, creators, [close], ties)
    close[2, 5] += 5
    again = learned_map(brands, creators, [close], ties)
    assert np.array_equal(again.weights, plain.weights)
    assert np.array_equal(again.scales, plain.scales)
    ties[2, 5] = 0
    asked = learned_map(brands, creators, [close], ties)
    assert not np.allclose(asked.scales, plain.scales)
