"""Simulated worlds as source folders, their hidden truth beside them."""

from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

from experiments.world.settings import WorldSettings
from experiments.world.simulate import simulate
from pipelines.progress import Progress, silent
from pipelines.sources.write import FileFormat, refuse_filled, write_source

ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class MadeWorld:
    """Where a world was written and how many rows each table has."""

    folder: Path
    truth: Path
    rows: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        return {
            "folder": str(self.folder),
            "truth": str(self.truth),
            "rows": [{"table": name, "rows": rows} for name, rows in self.rows.items()],
        }


def make_world(
    settings: WorldSettings,
    folder: Path,
    file_format: FileFormat = "parquet",
    progress: Progress = silent,
) -> MadeWorld:
    """Simulate a world and write it as a source; its truth goes to `<folder>-truth`.

    Raises WrongInput when either folder is not empty, before anything is simulated. The source
    is written last: where it is, all of it is.
    """
    truth = folder.with_name(f"{folder.name}-truth")
    refuse_filled(folder)
    refuse_filled(truth)
    progress("simulating the world", 0)
    world = simulate(settings)
    write_source(world.truth, truth, format="parquet", zone=ZONE)
    try:
        write_source(world.tables, folder, format=file_format, zone=ZONE)
    except BaseException:
        rmtree(truth)  # else the next attempt finds it filled
        raise
    progress("simulating the world", 1)
    return MadeWorld(folder, truth, {name: len(frame) for name, frame in world.tables.items()})
