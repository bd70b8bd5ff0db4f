"""Rising creators in a few small worlds: luck is hardly ever named, the planted often."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.quality.decisions_rising import (
    RisingWorld,
    null_table,
    posterior_measures,
    power_table,
    rising_world,
)


def test_in_worlds_without_risers_hardly_anybody_is_named() -> None:
    worlds = [rising_world(seed, 0.0, size=60) for seed in range(8)]
    told = null_table(worlds).set_index("q").loc[0.1]
    assert told["anybody named"] <= told["limit"]


def test_of_planted_risers_most_that_can_be_tested_are_named() -> None:
    worlds = [rising_world(seed, 0.15, size=120) for seed in range(2)]
    told = power_table(worlds).set_index("q").loc[0.1]
    assert told["power"] > 0.3
    assert told["share wrong"] < 0.3
    assert told["could be tested"] <= told["risers"]
    measures = posterior_measures(worlds)
    assert measures["log score"] < measures["log score of the share"]


def world(p: list[float], rose: list[float]) -> RisingWorld:
    return RisingWorld(pd.DataFrame({"growth_p": p}), np.array(rose), np.array(rose))


def test_wrong_names_and_power_are_counted_over_worlds() -> None:
    nan = float("nan")
    worlds = [
        world([1e-6, 1e-6, 0.9, nan], [1.5, 0.0, 1.5, 1.5]),
        world([0.9, 0.9], [0.0, 0.0]),
    ]
    told = power_table(worlds).set_index("q").loc[0.1]
    assert told["named"] == 2
    assert told["share wrong"] == pytest.approx(1 / 2)
    assert told["mean share wrong"] == pytest.approx((1 / 2 + 0) / 2)
    assert told["power"] == pytest.approx(1 / 2)  # of the two that could be tested
    assert told["of all"] == pytest.approx(1 / 3)


def test_the_limit_is_the_rate_and_two_standard_errors() -> None:
    worlds = [world([0.9], [0.0])] * 100
    told = null_table(worlds).set_index("q").loc[0.1]
    assert told["anybody named"] == 0
    assert told["limit"] == pytest.approx(0.1 + 2 * (0.1 * 0.9 / 100) ** 0.5)
