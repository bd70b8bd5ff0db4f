"""A world is stored and learned from once, as of a date, and forecast whole."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.quality import world_runs
from benchmarks.quality.world_runs import WorldPlan, WorldRun, each_run, world_run
from experiments.world.simulate import truth_on
from models.prediction import Target
from models.predictors.registry import PREDICTORS


def test_a_run_forecasts_every_pair_of_the_grid_by_every_target(tiny_run: WorldRun) -> None:
    assert set(tiny_run.models) == set(PREDICTORS)
    ours = tiny_run.forecasts()["lightgbm"]
    assert Target.EXPOSURE in ours
    assert all(len(forecast.mean) == len(tiny_run.grid.creators) for forecast in ours.values())


def test_a_run_before_the_end_knows_and_is_judged_by_that_date_alone(tiny_run: WorldRun) -> None:
    assert (tiny_run.facts.as_of - tiny_run.as_of).days == 20
    windows = tiny_run.model.manifest["windows"]["conversion"]
    assert windows["evaluate"][1] == tiny_run.as_of.isoformat()
    assert tiny_run.known.products.tables.as_of == tiny_run.as_of
    held_out = tiny_run.held_out[Target.CONVERSION]
    assert (held_out.as_of >= np.datetime64(windows["calibrate"][1])).all()
    settings = tiny_run.plan.settings
    last_known_day = truth_on(settings, settings.days - 21)["creators"]
    assert tiny_run.truth["creators"].equals(last_known_day)


def test_what_is_there_is_not_made_again(
    tiny_run: WorldRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch: Path = tiny_run.home.path.parents[2]
    monkeypatch.delattr(world_runs, "_train")
    monkeypatch.delattr(world_runs, "_store")
    assert world_run(tiny_run.plan, scratch).model.manifest == tiny_run.model.manifest
    seeds = each_run(seed_of, [tiny_run.plan], scratch, processes=1)
    assert seeds == [WorldPlan("tiny", 3).seed]


def seed_of(run: WorldRun) -> int:
    return run.plan.seed
