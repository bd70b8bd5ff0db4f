"""A world is stored and learned from once, as of a date, and forecast whole."""

from collections.abc import Iterator

import numpy as np
import pytest

from benchmarks.quality import world_runs
from benchmarks.quality.world_runs import WorldPlan, WorldRun, world_run
from experiments.world.settings import WorldSettings
from models.prediction import Target
from models.predictors.registry import PREDICTORS
from pipelines.settings import TrainSettings


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorldRun]:
    with pytest.MonkeyPatch.context() as patch:
        least = WorldSettings(brands=4, creators=20, days=110, lines=1_500)
        patch.setitem(world_runs.SIZES, "tiny", least)
        quick = TrainSettings(horizon_days=20, windows=1, embedding_size=4, num_threads=1)
        patch.setattr(world_runs, "TRAINING", quick)
        scratch = tmp_path_factory.mktemp("scratch")
        made = world_run(WorldPlan("tiny", 3, days_before_end=20), scratch)
        again = world_run(WorldPlan("tiny", 3, days_before_end=20), scratch)
        assert again.model.manifest == made.model.manifest
        assert len(made.held_out[Target.CONVERSION])
        assert set(made.forecasts(["pair-rate"])) == {"pair-rate"}
        yield made


def test_a_run_forecasts_every_pair_of_the_grid_by_every_target(run: WorldRun) -> None:
    assert set(run.models) == set(PREDICTORS)
    ours = run.forecasts()["lightgbm"]
    assert Target.EXPOSURE in ours
    assert all(len(forecast.mean) == len(run.grid.creators) for forecast in ours.values())


def test_a_run_before_the_end_knows_and_is_judged_by_that_date_alone(run: WorldRun) -> None:
    assert (run.facts.as_of - run.as_of).days == 20
    windows = run.model.manifest["windows"]["conversion"]
    assert windows["evaluate"][1] == run.as_of.isoformat()
    assert run.known.products.tables.as_of == run.as_of
    held_out = run.held_out[Target.CONVERSION]
    assert (held_out.as_of >= np.datetime64(windows["calibrate"][1])).all()
    later = WorldRun(WorldPlan("tiny", 3), run.home, run.facts, run.facts.as_of, run.models)
    assert not later.truth["creators"].equals(run.truth["creators"])
