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
