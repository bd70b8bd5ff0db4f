"""The quality report: one page, its pictures beside it, sections kept from run to run."""

from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

from benchmarks.quality.report import save_svg, table, write_report
from benchmarks.quality.section import Section


def picture(path: Path) -> Path:
    figure = Figure(figsize=(2, 2))
    figure.add_subplot().plot([0, 1], [0, 1])
    return save_svg(figure, path)


def test_a_section_run_again_takes_the_place_of_its_earlier_text(tmp_path: Path) -> None:
    page = tmp_path / "quality.md"
    first = Section("worlds", "Worlds", "old worlds", summary="one")
    write_report([first, Section("douyin", "Douyin", "hosts", summary="two")], page, "1+a")
    write_report([Section("worlds", "Worlds", "new worlds", summary="three")], page, "1+b")
    text = page.read_text()
    assert "old worlds" not in text
    assert text.index("new worlds") < text.index("hosts")
    assert "- **Worlds**: three" in text
    assert "- **Douyin**: two" in text
    assert [line for line in text.splitlines() if line.startswith("*Made")] == [
        "*Made with code 1+b.*",
        "*Made with code 1+a.*",
    ]


def test_pictures_lie_beside_the_page(tmp_path: Path) -> None:
    drawn = picture(tmp_path / "scratch" / "any.svg")
    section = Section("worlds", "Worlds", "See {figure:lift}.", figures={"lift": drawn})
    write_report([section], tmp_path / "quality.md", "1")
    assert "![lift](quality/worlds-lift.svg)" in (tmp_path / "quality.md").read_text()
    assert (tmp_path / "quality" / "worlds-lift.svg").read_bytes() == drawn.read_bytes()


def test_a_picture_that_was_not_drawn_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="lift"):
        write_report([Section("worlds", "Worlds", "{figure:lift}")], tmp_path / "quality.md", "1")


def test_the_same_picture_has_the_same_bytes(tmp_path: Path) -> None:
    assert picture(tmp_path / "a.svg").read_bytes() == picture(tmp_path / "b.svg").read_bytes()


def test_what_is_not_known_is_a_dash() -> None:
    frame = pd.DataFrame({"peer": ["EASE"], "loss": [float("nan")], "rows": [1200], "won": [True]})
    assert table(frame).splitlines()[-1] == "| EASE | – | 1,200 | yes |"
