"""How a window's trials fell on its lines, from the sums of the outcomes."""

import numpy as np
import pandas as pd
import pytest

from models.prediction import Target
from pipelines.training_rows import lines_of


def labels() -> pd.DataFrame:
    """A pair with lines of 1 order in 10 clicks and 3 in 30, 100 and 900 impressions; one bare."""
    logs = np.log([100.5, 900.5])
    return pd.DataFrame(
        {
            "converted": [4.0, 0.0],
            "denominator": [40.0, np.nan],
            "denominator_lines": [2.0, 0.0],
            "denominator_squared": [10.0**2 + 30.0**2, np.nan],
            "converted_repeats": [1 / 10 + 9 / 30, 0.0],
            "impressions": [1000.0, 7.0],
            "shown": [2.0, 1.0],
            "impressions_logs": [logs.sum(), np.log(7.5)],
            "impressions_logs_squared": [(logs**2).sum(), np.log(7.5) ** 2],
        }
    )


def test_equal_rates_do_not_scatter_and_unequal_sizes_count_for_fewer_lines() -> None:
    found = lines_of(Target.CONVERSION, labels())
    assert found is not None
    assert found.count.tolist() == [2, 0]
    assert found.effective[0] == pytest.approx(40**2 / 1000)  # 1.6 lines
    assert found.scatter == pytest.approx([0, 0])


def test_counts_scatter_on_the_log_scale() -> None:
    found = lines_of(Target.EXPOSURE, labels())
    assert found is not None
    half = np.log(900.5 / 100.5) / 2
    assert found.scatter == pytest.approx([2 * half**2, 0])
    assert found.effective.tolist() == [2, 1]


def test_returns_are_counted_over_all_lines() -> None:
    assert lines_of(Target.RETURN, labels()) is None
