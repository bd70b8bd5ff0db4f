"""`python -m benchmarks.quality`: what was judged is kept, whatever a later section meets."""

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from benchmarks.quality import __main__ as run
from benchmarks.quality.section import QualitySettings, Section


def module(name: str, monkeypatch: pytest.MonkeyPatch, failing: bool) -> str:
    def section(settings: QualitySettings, progress: object) -> Section:
        if failing:
            raise ValueError("the disk is full")
        return Section(name, name.capitalize(), "text", summary="fine", metrics={"lift": 0.8})

    made = ModuleType(name)
    made.section = section  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, f"stand_in_{name}", made)
    return f"stand_in_{name}"


def test_a_section_that_fails_loses_nothing_of_those_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sections = {
        "worlds": module("worlds", monkeypatch, failing=False),
        "douyin": module("douyin", monkeypatch, failing=True),
    }
    kept: list[str] = []

    def tracked(made: Sequence[Section], settings: QualitySettings, page: Path) -> str:
        kept.extend(section.name for section in made)
        return "1"

    monkeypatch.setattr(run, "SECTIONS", sections)
    monkeypatch.setattr(run, "tracked", tracked)
    page = tmp_path / "quality.md"
    result = CliRunner().invoke(run.main, ["--out", str(page)])
    assert str(result.exception) == "the disk is full"
    assert kept == ["worlds"]
    assert "- **Worlds**: fine" in page.read_text()
