"""The main job from end to end: a source, its facts, a model, a matrix, a shortlist."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from experiments.world.settings import WorldSettings
from models.matrix.files import current
from models.shortlists.shortlist import Shortlist, shortlist
from pipelines.home import Home
from pipelines.ingest import IngestReport, ingest
from pipelines.progress import Progress, silent
from pipelines.score import ScoreReport, score
from pipelines.settings import ScoreSettings, TrainSettings
from pipelines.train import TrainReport, train
from pipelines.worlds import make_world

WORLD, COMPLETE_JOURNEY = "world", "complete-journey"
SOURCES = (WORLD, COMPLETE_JOURNEY)

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Demo:
    """What the main job gave, step by step."""

    home: Home
    ingested: IngestReport
    trained: TrainReport
    scored: ScoreReport
    shortlist: Shortlist


def demo(
    data: str,
    folder: Path,
    world: WorldSettings | None = None,
    k: int = 10,
    learning: TrainSettings | None = None,
    scoring: ScoreSettings | None = None,
    progress: Progress = silent,
    tell: Tell = lambda _: None,
) -> Demo:
    """Run every step on a simulated world or on Complete Journey, in a home inside `folder`.

    A world that is there already is used again: the same settings give the same world.
    """
    home = Home(folder / "home")
    source = COMPLETE_JOURNEY
    if data == WORLD:
        source = str(folder / "source")
        if not Path(source).exists():
            tell("1. A world is simulated; its truth is hidden from everything below.")
            made = make_world(world or WorldSettings(), Path(source), progress=progress)
            tell("   " + ", ".join(f"{rows:,} {name}" for name, rows in made.rows.items()))
    tell("2. The source is checked and its facts are stored.")
    ingested = ingest(source, home, progress=progress)
    for sentence in ingested.sentences():
        tell(f"   {sentence}")
    tell("3. Exposure, click-through, conversion and returns are learned, beside the baselines.")
    trained = train(home, learning, progress=progress)
    tell("4. The Alliance matrix is filled and published.")
    scored = score(home, scoring, progress=progress)
    tell(f"   {scored.sentence()}")
    listed = shortlist(current(home.matrix), scored.example_brand, k=k)
    return Demo(home, ingested, trained, scored, listed)
