"""Diagnosis: probabilities against Monte Carlo, and the four quadrants."""

import numpy as np
import pytest
from scipy.special import expit, logit

from models.links import Link
from models.matrix.diagnosis import ACTIONS, QUADRANTS, action, p_above, p_above_log, quadrant
from models.uncertainty.intervals import interval


@pytest.mark.parametrize(
    ("mean", "spread", "benchmark", "benchmark_spread"),
    [(0.06, 0.3, 0.05, 0.1), (0.02, 0.8, 0.05, 0.2), (0.5, 0.1, 0.45, 0.05)],
)
def test_p_above_agrees_with_monte_carlo(
    mean: float, spread: float, benchmark: float, benchmark_spread: float
) -> None:
    z = np.random.default_rng(3).standard_normal((2, 400_000))
    middle = logit(mean) - spread**2 / 2 * (1 - 2 * mean)
    drawn = expit(middle + spread * z[0]) > expit(logit(benchmark) + benchmark_spread * z[1])
    told = p_above(mean, spread, benchmark, benchmark_spread)
    assert float(told) == pytest.approx(drawn.mean(), abs=0.004)


def test_sizes_are_compared_on_the_log_scale() -> None:
    # (log(2) - .3^2 / 2) / sqrt(.3^2 + .4^2) = 1.296: Phi = .903
    assert float(p_above_log(2_000, 0.3, 1_000, 0.4)) == pytest.approx(0.9026, abs=1e-4)


def test_a_size_at_an_end_of_the_interval_is_exceeded_nine_times_in_ten_or_once() -> None:
    mean, spread = np.array([2_000.0]), np.array([0.7])
    ends = np.array(interval(mean, spread, Link(is_rate=False))).ravel()
    assert p_above_log(mean, spread, ends, 0.0).tolist() == pytest.approx([0.9, 0.1])


def test_without_spread_it_is_a_comparison() -> None:
    told = p_above([0.06, 0.05, 0.04, 0.0], 0.0, 0.05, 0.0)
    assert told.tolist() == [1.0, 0.5, 0.0, 0.0]


def test_what_is_unknown_stays_unknown() -> None:
    told = p_above([np.nan, 0.05, 0.05], [0.1, np.nan, 0.1], [0.05, 0.05, np.nan], 0.1)
    assert np.isnan(told).all()


def test_high_begins_at_point_eight_and_low_ends_at_point_two() -> None:
    conversion = [0.8, 0.8, 0.8, 0.79, 0.2, 0.2, np.nan]
    impressions = [0.8, 0.2, 0.5, 0.9, 0.9, np.nan, 0.9]
    assert quadrant(conversion, impressions).tolist() == [
        "core contributor",
        "rising star",
        "not_enough_data",
        "not_enough_data",
        "mend",
        "mend",
        "not_enough_data",
    ]


def test_every_quadrant_has_its_action() -> None:
    assert action(np.array(QUADRANTS, dtype=object)).tolist() == list(ACTIONS.values())
    assert ACTIONS["mend"].startswith("change the product, then the pitch, then the live offer")


def test_a_pair_that_never_met_has_nothing_to_mend_yet() -> None:
    told = action(np.array(["mend", "mend"], dtype=object), np.array([True, False]))
    assert told[0].startswith("change the product")
    assert told[1].startswith("new: others come first")


def test_high_conversion_whose_traffic_is_unknown_is_not_told_to_wait_for_sessions() -> None:
    lacking = np.array(["not_enough_data"] * 3, dtype=object)
    told = action(lacking, np.array([True, False, True]), [0.99, 0.9, 0.5])
    assert told.tolist() == [
        "conversion is above the benchmark; too little is known of traffic",
        "new: invite, conversion is forecast above the benchmark; too little is known of traffic",
        "neither clearly above nor below the benchmark; another session tells more",
    ]
