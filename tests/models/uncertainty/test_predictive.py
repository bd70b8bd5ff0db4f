"""What will be seen: as wide as doubt and chance together, and true to its mean."""

import numpy as np
import pytest

from experiments.pit import central, randomised_pit
from models.links import Link
from models.prediction import Forecast
from models.uncertainty.noise import Noise
from models.uncertainty.predictive import Uncertain, counts, ends, money, successes

N = 4_000


def uncertain(mean: float, spread: float, per_line: float = 0.2, is_rate: bool = True) -> Uncertain:
    nothing = np.full(N, np.nan)
    forecast = Forecast(np.full(N, mean), nothing, nothing, np.full(N, spread))
    return Uncertain(forecast, Link(is_rate), Noise(is_rate, 1.0, per_line))


def test_orders_of_pairs_and_lines_that_differ_as_said_fall_evenly_into_their_draws() -> None:
    random = np.random.default_rng(0)
    trials, lines = np.full(N, 60.0), random.integers(1, 5, N).astype(float)
    logit = np.log(0.05 / 0.95) - 0.9 * (0.3**2 + 0.2 / lines) / 2
    logit = logit + 0.3 * random.normal(size=N) + np.sqrt(0.2 / lines) * random.normal(size=N)
    seen = random.binomial(60, 1 / (1 + np.exp(-logit))).astype(float)
    pit = randomised_pit(successes(uncertain(0.05, 0.3), trials, lines, random), seen)
    assert central(pit, 0.8).mean() == pytest.approx(0.8, abs=0.025)
    assert central(pit, 0.95).mean() == pytest.approx(0.95, abs=0.015)


@pytest.mark.parametrize("is_rate", [True, False])
def test_the_mean_of_what_will_be_seen_is_the_forecast(is_rate: bool) -> None:
    mean = 0.05 if is_rate else 400.0
    lines = np.full(N, 2.0)
    trials = np.full(N, 100.0) if is_rate else lines
    drawn = successes(
        uncertain(mean, 0.4, is_rate=is_rate), trials, lines, np.random.default_rng(1)
    )
    assert drawn.mean() == pytest.approx(mean * trials[0], rel=0.02)


def test_more_lines_tell_more_and_the_true_rate_is_what_endless_lines_would_show() -> None:
    one = uncertain(0.05, 0.2)
    random = np.random.default_rng(2)
    width = [
        np.log(one.line_rates(np.full(N, lines), random)).std() for lines in (1.0, 4.0, np.inf)
    ]
    assert width[0] > 1.5 * width[1] > 1.5 * width[2]
    assert width[2] == pytest.approx(np.log(one.true_rates(random)).std(), rel=0.02)


def test_counts_that_come_in_threes_vary_three_times_as_much() -> None:
    drawn = counts(np.full((1, 50_000), 0.2), np.full((1, 1), 300.0), np.random.default_rng(3), 3.0)
    assert drawn.var() == pytest.approx(3 * 300 * 0.2 * 0.8, rel=0.05)


def test_no_orders_bring_no_money_and_an_order_brings_its_value_on_average() -> None:
    orders = np.tile(np.array([[0.0], [2.0]]), (1, 50_000))
    drawn = money(orders, np.array([80.0, 80.0]), np.random.default_rng(4))
    assert (drawn[0] == 0).all()
    assert drawn[1].mean() == pytest.approx(160, rel=0.01)
    low, high = ends(drawn, 0.8)
    assert low[0] == high[0] == 0
    assert low[1] < 160 < high[1]
