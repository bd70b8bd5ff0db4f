"""What the luck of evenings adds to how unsure a benchmark is."""

import numpy as np
import pytest

from models.uncertainty.noise import Noise
from pipelines.benchmark_luck import spread_with_luck

RATE, CHANCE = np.array([0.1]), np.array([0.003])


def test_a_benchmark_of_few_evenings_is_as_unsure_as_they_differ() -> None:
    noise = Noise(is_rate=True, per_trial=1.0, per_line=0.12)
    alone = spread_with_luck(RATE, CHANCE, np.array([1.0]), np.array([1e9]), noise)
    # half of a line's noise is its evening's
    assert alone[0] == pytest.approx(np.hypot(0.003, np.sqrt(0.06)), rel=1e-6)
    many = spread_with_luck(RATE, CHANCE, np.array([50.0]), np.array([600.0]), noise)
    assert many[0] == pytest.approx(np.sqrt(0.003**2 + 0.06 / 50 + 0.06 / 600))


def test_where_lines_do_not_differ_trials_alone_count() -> None:
    noise = Noise(is_rate=True, per_trial=4.0, per_line=0.0)
    found = spread_with_luck(RATE, CHANCE, np.array([2.0]), np.array([3.0]), noise)
    assert found[0] == pytest.approx(0.006)


def test_no_benchmark_has_no_spread() -> None:
    noise = Noise(is_rate=True, per_trial=1.0, per_line=0.12)
    nothing = np.array([np.nan])
    assert np.isnan(spread_with_luck(RATE, nothing, nothing, nothing, noise)).all()
