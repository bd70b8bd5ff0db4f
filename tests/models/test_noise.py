from dataclasses import replace

import numpy as np
import pytest

from models.links import Link
from models.noise import repeat_noise
from models.prediction import Floats, PairRows, Target
from tests.models.predictors.simulation import market

WHOLE = market(3, creators=200, windows=4)


def with_successes(successes: np.ndarray, trials: Floats) -> PairRows:
    return replace(WHOLE.rows, successes=successes.astype(float), trials=trials)


def test_binomial_counts_have_noise_one() -> None:
    assert repeat_noise(WHOLE.rows, Link(True)) == pytest.approx(1, abs=0.05)


def test_orders_that_come_in_threes_have_noise_three() -> None:
    random = np.random.default_rng(0)
    trials = np.full(len(WHOLE.rows), 90.0)
    successes = 3.0 * random.binomial(30, WHOLE.rate)
    assert repeat_noise(with_successes(successes, trials), Link(True)) == pytest.approx(3, rel=0.1)


def test_a_pair_that_drifts_is_not_noisy() -> None:
    random = np.random.default_rng(1)
    trials = np.exp(random.normal(5, 1.5, len(WHOLE.rows))).round() + 1
    rate = np.clip(WHOLE.rate * np.exp(random.normal(0, 0.3, len(trials))), 0, 0.9)
    successes = random.binomial(trials.astype(int), rate).astype(float)
    assert repeat_noise(with_successes(successes, trials), Link(True)) == pytest.approx(1, abs=0.35)


def test_sessions_that_differ_by_a_factor_of_e_have_noise_one() -> None:
    counts = market(3, Target.EXPOSURE, creators=200).rows
    # A sum of few lognormal lines varies by a little more than its share of one line.
    assert repeat_noise(counts, Link(False)) == pytest.approx(1.1, abs=0.25)


def test_too_few_repeats_keep_the_default() -> None:
    once = WHOLE.window(0).rows
    assert repeat_noise(once, Link(True)) == 1
    assert repeat_noise(once, Link(False)) == 1
    assert repeat_noise(once.take(np.arange(0)), Link(True)) == 1
