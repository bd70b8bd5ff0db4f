"""The yardstick of a brand, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from features.benchmark import benchmarks
from features.settings import FeatureSettings

SETTINGS = FeatureSettings()


def merchants(rows: list[tuple[str, str, int, int]]) -> pd.DataFrame:
    """Industry, tier, orders and clicks of field sessions; 10 lines with 20 impressions each."""
    frame = pd.DataFrame(rows, columns=["industry", "brand_tier", "orders", "clicks"])
    frame = frame.assign(impressions=200.0, lines=10.0)
    names = {
        "converted": "orders",
        "denominator": "clicks",
        "trials": "clicks",
        "impressions": "impressions",
        "shown": "lines",
    }
    for name, source in names.items():
        frame[f"field_{name}"] = frame[source].astype(float)
        frame[f"all_{name}"] = frame[source].astype(float)
    return frame


SIX = [("food", "big", 10, 100)] * 3 + [("food", "big", 30, 100)] * 2 + [("food", "big", 99, 100)]


def test_the_benchmark_is_the_mean_rate_of_five_like_it_without_itself() -> None:
    found = benchmarks(merchants(SIX), SETTINGS).iloc[5]
    # the five others: 90 orders of 500 clicks, .18, worth 5 orders: 27.8 clicks
    low, high = (10 + 5) / (100 + 5 / 0.18), (30 + 5) / (100 + 5 / 0.18)
    assert found["benchmark_rate"] == pytest.approx((3 * low + 2 * high) / 5)
    assert found["benchmark_level"] == "industry x tier"
    assert found["benchmark_merchants"] == 5
    variance = (3 * low**2 * (1 - low) / 15 + 2 * high**2 * (1 - high) / 35) / 5**2
    mean = (3 * low + 2 * high) / 5
    assert found["benchmark_spread"] == pytest.approx(np.sqrt(variance) / mean / (1 - mean))
    assert found["benchmark_impressions"] == pytest.approx(20)


def test_merchants_that_differ_have_a_mean_as_sure_as_those_that_do_not() -> None:
    alike = benchmarks(merchants([("food", "big", 20_000, 100_000)] * 6), SETTINGS).iloc[5]
    differ = [("food", "big", n * 10_000, 100_000) for n in (1, 1, 2, 3, 3, 2)]
    found = benchmarks(merchants(differ), SETTINGS).iloc[5]
    assert found["benchmark_rate"] == pytest.approx(alike["benchmark_rate"], rel=1e-3)
    # one over p (1 - p) n, n the clicks of all five
    assert alike["benchmark_spread"] == pytest.approx((0.2 * 0.8 * 500_000) ** -0.5, rel=1e-3)
    assert found["benchmark_spread"] == pytest.approx(alike["benchmark_spread"], rel=0.03)


def test_nobody_can_be_surer_than_certain() -> None:
    everybody_buys = benchmarks(merchants([("food", "big", 100, 100)] * 6), SETTINGS).iloc[5]
    assert everybody_buys["benchmark_rate"] == 1
    assert np.isfinite(everybody_buys["benchmark_spread"])


def test_too_few_alike_are_widened_to_the_industry_and_then_to_all_sessions() -> None:
    rows = [*SIX[:4], ("food", "small", 5, 100), ("food", "small", 5, 100), ("toys", "big", 5, 100)]
    levels = benchmarks(merchants(rows), SETTINGS)["benchmark_level"]
    assert levels.tolist() == ["industry"] * 6 + ["all sessions"]


def test_a_brand_alone_has_no_benchmark() -> None:
    found = benchmarks(merchants(SIX[:1]), SETTINGS).iloc[0]
    assert np.isnan(found["benchmark_rate"])
    assert found["benchmark_merchants"] == 0


def test_merchants_that_never_sold_make_a_rate_of_zero_and_no_spread() -> None:
    found = benchmarks(merchants([("food", "big", 0, 100)] * 6), SETTINGS).iloc[0]
    assert found["benchmark_rate"] == 0
    assert np.isnan(found["benchmark_spread"])
