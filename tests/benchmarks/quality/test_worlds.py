"""The section on simulated worlds: its arithmetic, and that a whole one comes out."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.quality import world_scores, world_tables, worlds
from benchmarks.quality.section import QualitySettings
from benchmarks.quality.world_runs import WorldPlan, WorldRun
from benchmarks.quality.world_scores import OBJECTIVES, RANKINGS, Scored, scored


def of_shares(*shares: float) -> Scored:
    drawn = np.tile(np.array(shares), (3, 1))
    return Scored(WorldPlan("small", 0), {(o, "all"): drawn for o in OBJECTIVES}, {}, {}, 1)


def test_ours_is_read_beyond_the_best_baseline() -> None:
    shares = [0.5] * (len(RANKINGS) - 2) + [0.8, 0.9]
    table = world_tables.size_table([of_shares(*shares)])
    assert table["GMV a line"].iloc[-1] == "0.900 (0.900 to 0.900)"
    assert table["GMV a line: beyond"].iloc[-1] == "0.500 (0.500 to 0.500), better"  # .1 of .2


def test_an_interval_that_holds_zero_is_no_better() -> None:
    drawn = np.concatenate([[0.1], np.linspace(-0.2, 0.4, 100)])
    assert world_tables.judged(drawn).endswith(", level")
    assert world_tables.judged(-np.ones(100)).endswith(", worse")
    assert world_tables.judged(np.array([np.nan, np.nan])) == "–"


def test_a_told_cell_is_read_back() -> None:
    assert world_tables.numbers(world_tables.told(np.array([0.25, 0.125, 0.5])))[0] == 0.25
    assert np.isnan(world_tables.numbers(world_tables.told(np.array([np.nan, np.nan])))[0])


def test_scores_of_a_run_become_a_whole_section(
    tiny_run: WorldRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world_scores, "DRAWS", 20)
    earlier = scored(tiny_run)
    at_end = replace(earlier, plan=WorldPlan("tiny", 3))
    assert all(0 <= shares[0, -1] <= 1 for (o, _), shares in at_end.shares.items() if "GMV" in o)
    monkeypatch.setattr(worlds, "each_run", lambda *_, **__: [at_end, earlier])
    made = worlds.section(QualitySettings(tmp_path, tmp_path, small=True))
    assert "{figure:learning-curves}" in made.text
    assert made.figures["learning-curves"].exists()
    assert 0 < made.metrics["tiny/GMV_a_line/share"] <= 1
    assert np.isfinite(made.metrics["tiny/fit_r2"])
