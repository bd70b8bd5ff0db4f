import numpy as np
import pytest

from models.collaboration.landmarks import LENGTH, MOST, ROWS_AT_ONCE, SIZE, Landmarks
from models.collaboration.partners import Vectors


def unit(rows: int, size: int, seed: int = 0) -> Vectors:
    made = np.random.default_rng(seed).normal(size=(rows, size))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def test_features_multiply_to_the_kernel_around_what_is_usual() -> None:
    """Distances are free of the centre: |f(x) - f(y)|^2 is share^2 (k(x, x) + k(y, y) - 2 k)."""
    x = unit(5, 3)
    made = Landmarks.learned(x).features(x).astype(float)
    gaps = ((made[:, None] - made[None]) ** 2).sum(axis=2)
    kernel = np.exp(x.astype(float) @ x.T - 1)
    expected = np.diag(kernel)[:, None] + np.diag(kernel)[None] - 2 * kernel
    share = gaps[0, 1] / expected[0, 1]
    assert gaps == pytest.approx(share * expected, rel=1e-3, abs=1e-6)
    assert (made**2).sum(axis=1).mean() == pytest.approx(LENGTH**2, rel=1e-5)
    assert made.mean(axis=0) == pytest.approx(np.zeros(made.shape[1]), abs=1e-5)


def test_a_product_of_directions_is_linear_in_the_features() -> None:
    x = unit(200, 4)
    product = x[:, 0] * x[:, 1]

    def explained(inputs: Vectors) -> float:
        told = np.column_stack([inputs, np.ones(len(inputs))])
        fitted = told @ np.linalg.lstsq(told, product, rcond=1e-6)[0]
        return float(np.corrcoef(fitted, product)[0, 1])

    assert explained(x) < 0.4
    assert explained(Landmarks.learned(x).features(x)) > 0.99


def test_of_many_examples_some_are_kept() -> None:
    learned = Landmarks.learned(unit(3 * MOST, 40))
    assert learned.examples.shape == (MOST, 40)
    assert learned.axes.shape == (MOST, SIZE)


def test_many_rows_are_told_of_like_few() -> None:
    learned = Landmarks.learned(unit(20, 3))
    rows = unit(ROWS_AT_ONCE + 5, 3, seed=2)
    assert learned.features(rows)[-5:] == pytest.approx(learned.features(rows[-5:]), abs=1e-5)


def test_examples_all_alike_say_nothing() -> None:
    learned = Landmarks.learned(np.tile(unit(1, 3), (4, 1)))
    assert learned.features(learned.examples) == pytest.approx(np.zeros((4, 1)), abs=1e-6)
    assert np.abs(learned.features(unit(9, 3, seed=1))).max() < 1, "noise is not blown up"
