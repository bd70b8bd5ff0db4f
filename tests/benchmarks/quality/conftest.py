"""One little world, trained once for all tests of the sections that judge worlds."""

from collections.abc import Iterator

import pytest

from benchmarks.quality import world_runs
from benchmarks.quality.world_runs import WorldPlan, WorldRun, world_run
from experiments.world.settings import WorldSettings
from pipelines.settings import TrainSettings

LEAST = WorldSettings(brands=4, creators=24, days=110, lines=1_500)
QUICK = TrainSettings(horizon_days=20, windows=1, embedding_size=4, num_threads=1)


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorldRun]:
    """Trained 20 days before the world's end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(world_runs.SIZES, "tiny", LEAST)
        patch.setattr(world_runs, "TRAINING", QUICK)
        plan = WorldPlan("tiny", 3, days_before_end=20)
        run = world_run(plan, tmp_path_factory.mktemp("scratch"))
        assert len(run.held_out)  # read while the settings are these
        assert len(run.truth)
        yield run
