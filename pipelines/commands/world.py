"""`alliance world`."""

from pathlib import Path
from shlex import quote
from typing import Literal

import click

from pipelines.commands.options import json_option


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    help="Same seed and sizes: same world.",
)
@click.option("--brands", default=60, show_default=True, type=click.IntRange(1))
@click.option("--creators", default=1_000, show_default=True, type=click.IntRange(1))
@click.option("--days", default=540, show_default=True, type=click.IntRange(2))
@click.option(
    "--lines",
    default=240_000,
    show_default=True,
    type=click.IntRange(0),
    help="Session-product lines aimed at.",
)
@click.option(
    "--format",
    "file_format",
    default="parquet",
    show_default=True,
    type=click.Choice(["parquet", "csv", "xlsx"]),
)
@json_option
def world(
    folder: Path,
    seed: int,
    brands: int,
    creators: int,
    days: int,
    lines: int,
    file_format: Literal["parquet", "csv", "xlsx"],
    as_json: bool,
) -> None:
    """Simulate a live-commerce world as a source folder.

    FOLDER gets every table of the data contract; nothing in it tells the truth behind the
    sales. That truth (true conversion, exposure, fit and acceptance of every pair) is written
    beside it, into FOLDER-truth, for evaluation only.

    \b
    For example, a small one to look at:
      alliance world small-world --brands 6 --creators 40 --days 120 --lines 4000 --format csv
    """  # noqa: D301  (click reads the backspace as "keep these lines")
    from experiments.world.settings import WorldSettings
    from pipelines.commands.output import print_json, say
    from pipelines.progress import progress_bars
    from pipelines.worlds import make_world

    settings = WorldSettings(seed=seed, brands=brands, creators=creators, days=days, lines=lines)
    with progress_bars(shown=not as_json) as progress:
        made = make_world(settings, folder, file_format, progress)
    if as_json:
        print_json(made.as_dict())
        return
    say(f"{folder}: " + ", ".join(f"{rows:,} {name}" for name, rows in made.rows.items()))
    say(f"The truth behind it is in {made.truth}, for evaluation only.")
    say(f"Next: alliance ingest {quote(str(folder))}")
