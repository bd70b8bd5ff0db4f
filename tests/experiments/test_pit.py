"""A right predictive distribution passes, a narrow one and a shifted one do not."""

import numpy as np
import pytest
from scipy.stats import kstest

from experiments.pit import (
    central,
    clustered_mean,
    coverage_table,
    crps,
    randomised_pit,
    reliability_table,
)

RANDOM = np.random.default_rng(5)
RATE = RANDOM.beta(2, 30, 4_000)
TRIALS = RANDOM.integers(1, 40, 4_000)
COUNTS = RANDOM.binomial(TRIALS, RATE).astype(float)


def drawn(a: float, b: float, size: int = 99) -> np.ndarray:
    random = np.random.default_rng(1)
    rates = random.beta(a, b, (len(TRIALS), size))
    return random.binomial(TRIALS[:, None], rates).astype(float)


def test_small_counts_from_the_right_distribution_give_a_uniform_pit() -> None:
    pit = randomised_pit(drawn(2, 30), COUNTS)
    assert kstest(pit, "uniform").pvalue > 0.01
    assert central(pit, 0.8).mean() == pytest.approx(0.8, abs=0.02)
    assert central(pit, 0.95).mean() == pytest.approx(0.95, abs=0.012)


def test_a_narrow_distribution_of_counts_is_found_out() -> None:
    shown = randomised_pit(drawn(200, 3_000), COUNTS)
    assert kstest(shown, "uniform").pvalue < 1e-6
    assert central(shown, 0.8).mean() < 0.77


def test_continuous_outcomes_are_judged_alike() -> None:
    random = np.random.default_rng(2)
    outcome, draws = random.normal(0, 1, 4_000), random.normal(0, 1, (4_000, 199))
    assert central(randomised_pit(draws, outcome), 0.8).mean() == pytest.approx(0.8, abs=0.02)
    assert central(randomised_pit(draws / 2, outcome), 0.8).mean() < 0.55


def test_an_outcome_beyond_all_draws_is_still_within_nought_and_one() -> None:
    pit = randomised_pit(np.zeros((2, 3)), np.array([5.0, -5.0]))
    assert (pit[0] >= 3 / 4, pit[1] <= 1 / 4) == (True, True)


def test_rows_that_err_together_have_the_error_of_one() -> None:
    alone, se_alone = clustered_mean(np.array([1.0, 0.0] * 50), np.arange(100))
    same, se_same = clustered_mean(np.repeat([1.0, 0.0] * 5, 10), np.repeat(np.arange(10), 10))
    assert alone == same == 0.5
    assert se_alone == pytest.approx(0.5 / np.sqrt(99))
    assert se_same == pytest.approx(0.5 / np.sqrt(9))


def test_a_slice_without_rows_or_creators_has_no_verdict() -> None:
    inside = {0.8: np.array([True, True, False])}
    slices = {"none": np.zeros(3, dtype=bool), "all": np.ones(3, dtype=bool)}
    table = coverage_table(inside, np.array(["a", "b", "c"]), slices)
    assert table["holds"].tolist() == [None, None]
    assert table["rows"].tolist() == [0, 3]
    assert table["covered"].iloc[1] == pytest.approx(2 / 3)


def test_the_band_is_two_points_and_two_clustered_errors() -> None:
    inside = np.repeat([True, True, True, True, False], 20)
    row = coverage_table({0.8: inside}, np.arange(100), {"all": inside | True}).iloc[0]
    assert row["band"] == pytest.approx(0.02 + 2 * 0.4 / np.sqrt(99))
    assert row["holds"]


def test_of_those_said_eighty_percent_eighty_are_so() -> None:
    random = np.random.default_rng(3)
    said = random.random(20_000)
    creator = random.integers(0, 400, 20_000)
    true = reliability_table(said, random.random(20_000) < said, creator)
    bold = reliability_table(said, random.random(20_000) < 0.5 + (said - 0.5) / 2, creator)
    assert true["holds"].all()
    assert not bold["holds"].iloc[[0, -1]].any()
    assert true["rows"].sum() == 20_000


def test_the_score_of_the_truth_is_best_and_width_is_not_free() -> None:
    random = np.random.default_rng(4)
    outcome, draws = random.normal(0, 1, 3_000), random.normal(0, 1, (3_000, 99))
    scores = [crps(draws * scale, outcome).mean() for scale in (0.4, 1.0, 2.5)]
    assert min(scores) == scores[1]
    assert scores[1] == pytest.approx(1 / np.sqrt(np.pi), abs=0.02)  # exact for two normals
