"""Growth as forecast beside growth as it came."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.quality.world_growth import (
    FORECAST,
    NONE,
    TREND,
    growing_sentence,
    growth,
    growth_table,
    measured,
)
from benchmarks.quality.world_runs import WorldRun


def of_growth(forecast: list[float], realised: list[float]) -> pd.DataFrame:
    n = len(forecast)
    return pd.DataFrame(
        {
            "lines": [10.0] * n,
            "realised": realised,
            FORECAST: forecast,
            TREND: realised,
            NONE: 0.0,
            "truth": [0.0] * (n - 1) + [1.0],
        }
    )


def test_growth_forecast_at_half_its_size_has_a_slope_of_two() -> None:
    told = measured(of_growth([0.0, 0.5, 1.0], [0.0, 1.0, 2.0]), FORECAST)
    assert told["slope"] == pytest.approx(2)
    assert told["rank correlation"] == pytest.approx(1)
    assert told["error (log)"] == pytest.approx(np.sqrt((0.25 + 0 + 0.25) / 3))  # around the means
    assert told["the growing beyond the others"] == pytest.approx(1.0 - (0 + 0.5) / 2)


def test_no_growth_has_no_slope_and_the_error_of_what_came() -> None:
    told = measured(of_growth([0.0, 0.5, 1.0], [0.0, 1.0, 2.0]), NONE)
    assert np.isnan(told["slope"])
    assert told["error (log)"] == pytest.approx(np.sqrt((1 + 0 + 1) / 3))


def test_ours_stands_beside_its_rivals_and_the_growing_are_counted() -> None:
    creators = of_growth([0.0, 0.5, 1.0], [0.0, 1.0, 2.0])
    table = growth_table(creators, draws=20)
    assert list(table["forecast of growth"]) == ["ours", TREND, NONE]
    assert growing_sentence(creators).startswith("1 of 3 creators")
    assert growing_sentence(creators.iloc[:2]).startswith("No creator")


def test_a_run_tells_growth_of_creators_with_a_past(tiny_run: WorldRun) -> None:
    creators = growth(tiny_run)
    assert (creators["lines"] >= 5).all()
    assert np.isfinite(creators[["realised", FORECAST, TREND, "truth"]]).all().all()
    steady = tiny_run.truth["creators"].set_index("creator_id")["growth"] == 1
    assert np.allclose(creators["truth"][steady.reindex(creators.index)], 0)
