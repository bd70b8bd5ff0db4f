"""Comparisons as pictures, numbers and tables say what the comparison holds."""

import numpy as np
import pandas as pd

from benchmarks.quality.journey_views import drawn_differences, gains_table, metrics_of

COMPARED = pd.DataFrame(
    {
        "forecast": ["ours", "GPBoost, crossed effects"] * 4,
        "slice": ["all"] * 4 + ["new"] * 4,
        "measure": ["ndcg10", "ndcg10", "log_loss", "log_loss"] * 2,
        "value": [0.55, 0.54, 0.0410, 0.0412] * 2,
        "difference": [float("nan"), 0.01, float("nan"), 0.0002] * 2,
        "difference_lo95": [float("nan"), 0.002, float("nan"), -0.0001] * 2,
        "difference_hi95": [float("nan"), 0.018, float("nan"), 0.0005] * 2,
        "verdict": ["", "better", "", "level"] * 2,
    }
)


def test_a_table_has_a_row_for_each_other_forecast_with_losses_in_thousandths() -> None:
    (row,) = gains_table(COMPARED).to_dict("records")
    assert row["ours over"] == "GPBoost, crossed effects"
    assert row["nDCG@10"] == "+0.0100 (+0.0020 to +0.0180), better"
    assert row["new: log-loss, thousandths"] == "+0.2000 (-0.1000 to +0.5000), level"


def test_every_peers_value_and_interval_is_tracked_under_a_plain_name() -> None:
    found = metrics_of({"pair-rate": {"ndcg": 0.5}}, COMPARED)
    assert found["pair_rate/ndcg"] == 0.5
    assert found["peers/gpboost_crossed_effects/all/ndcg10/difference_lo95"] == 0.002
    assert len(found) == 1 + 4 * 4


def test_each_slice_and_measure_is_drawn_with_a_line_for_each_peer() -> None:
    panels = drawn_differences(COMPARED).axes
    assert len(panels) == 4
    assert [len(axes.lines) for axes in panels] == [3] * 4  # interval, middle, zero
    assert np.asarray(panels[1].lines[0].get_xdata()).tolist() == [-0.1, 0.5]
