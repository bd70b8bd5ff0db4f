"""Little worlds that the main job runs on in seconds."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from experiments.world.settings import WorldSettings
from experiments.world.simulate import World, simulate
from pipelines.home import Home
from pipelines.ingest import ingest
from pipelines.score import ScoreReport, score
from pipelines.settings import ScoreSettings, TrainSettings
from pipelines.sources.write import write_source
from pipelines.train import TrainReport, train

LITTLE = replace(WorldSettings.small(), brands=5, creators=24, days=110, lines=2_500)
QUICK = TrainSettings(horizon_days=20, windows=1, embedding_size=4, num_threads=1)
QUICK_SCORE = ScoreSettings(num_threads=1)


def little_world(**changes: object) -> World:
    """A world of 5 brands and 24 creators, changed as told."""
    return simulate(replace(LITTLE, **changes))  # type: ignore[arg-type]  # fields by name


def stored(tables: dict[str, pd.DataFrame], folder: Path) -> Home:
    """A home whose facts are these tables, written as a source and ingested."""
    source = folder / "source"
    write_source(tables, source)
    home = Home(folder / "home")
    ingest(str(source), home)
    return home


def run(home: Home) -> tuple[TrainReport, ScoreReport]:
    """Train and score, quickly."""
    return train(home, QUICK), score(home, QUICK_SCORE)
