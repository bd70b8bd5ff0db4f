from pathlib import Path

import numpy as np
import pandas as pd

from experiments.metrics import calibration_table
from experiments.plots import calibration_plot, calibration_svg, importance_plot

PNG = b"\x89PNG"


def test_both_pictures_are_written(tmp_path: Path) -> None:
    table = calibration_table(np.array([1.0, 3]), np.array([10.0, 10]), np.array([0.1, 0.2]))
    one = calibration_plot(table, "conversion", tmp_path / "calibration.png")
    importance = pd.DataFrame({"feature": ["price", "traffic"], "gain": [0.7, 0.3]})
    two = importance_plot(importance, "conversion", tmp_path / "importance.png")
    assert one.read_bytes().startswith(PNG)
    assert two.read_bytes().startswith(PNG)


def test_nothing_to_show_is_an_empty_picture(tmp_path: Path) -> None:
    nothing = np.empty(0)
    table = calibration_table(nothing, nothing, nothing)
    path = calibration_plot(table, "conversion", tmp_path / "calibration.png")
    assert path.read_bytes().startswith(PNG)
    empty = pd.DataFrame({"feature": [], "gain": []})
    assert importance_plot(empty, "none", tmp_path / "i.png").read_bytes().startswith(PNG)


def test_the_drawing_for_a_page_has_a_dot_a_bin_and_no_address() -> None:
    k, n = np.array([0.0, 3, 9]), np.array([10.0, 10, 10])
    table = calibration_table(k, n, np.array([0.1, 0.2, 0.8]))
    svg = calibration_svg(table, share=True, title="returns <of> all")
    assert svg.count("<circle") == len(table) == 3
    assert "currentColor" in svg, "it takes the colours of a light or a dark page"
    assert "http" not in svg
    assert "&lt;of&gt;" in svg


def test_nothing_to_show_is_an_empty_drawing() -> None:
    nothing = np.empty(0)
    svg = calibration_svg(calibration_table(nothing, nothing, nothing), share=False, title="x")
    assert "<circle" not in svg
