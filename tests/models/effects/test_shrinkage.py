import numpy as np
import pytest

from models.effects.shrinkage import EVENING_SD, creators_and_evenings, fixed_point


def test_a_variance_counts_only_the_effects_that_the_rows_determine() -> None:
    """Two effects of size 1; the second is only half determined: 2 / 1.5."""
    assert fixed_point(np.array([1.0, 1.0]), np.array([0.0, 0.1]), 0.2) == pytest.approx(2 / 1.5)


@pytest.mark.parametrize("evening", [0.1, 0.6])
def test_evenings_are_told_from_creators_by_those_who_had_few(evening: float) -> None:
    random = np.random.default_rng(3)
    evenings = random.integers(1, 20, 3000).astype(float)
    chance = np.full(3000, 0.02)
    beyond = random.normal(0, np.sqrt(0.1 + evening / evenings + chance))
    found = creators_and_evenings(beyond, chance, evenings, usual_evening=0.2, start=(0.3, 0.3))
    assert found == pytest.approx((0.1, evening), rel=0.25)


def test_where_all_had_as_many_evenings_the_usual_one_is_kept() -> None:
    random = np.random.default_rng(3)
    beyond = random.normal(0, np.sqrt(0.1 + 0.2 / 10), 500)
    many = np.full(500, 10.0)
    found = creators_and_evenings(beyond, 0 * many, many, usual_evening=0.2, start=(0.3, 0.3))
    assert found[1] == pytest.approx(0.2, rel=EVENING_SD / 2)
    assert found[0] == pytest.approx(0.1, rel=0.2)
