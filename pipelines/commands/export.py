"""`alliance export`."""

from pathlib import Path
from typing import Any

import click

from pipelines.commands.options import filters_of, json_option, listing_options


@click.group()
def export() -> None:
    """Write the matrix or a shortlist to a file: .parquet, .csv or .xlsx by its ending."""


@export.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def matrix(file: Path, as_json: bool) -> None:
    """Write every pair of the published matrix to FILE.

    \b
    For example:
      alliance export matrix matrix.parquet
      alliance export matrix matrix.xlsx
    """  # noqa: D301  (click reads the backspace as "keep these lines")
    from models.matrix.files import current
    from pipelines.export import export_matrix, known_ending
    from pipelines.home import Home

    known_ending(file)
    published = current(Home.from_environment().matrix)
    export_matrix(published, file)
    _say(file, len(published), published.manifest.version, as_json=as_json)


@export.command()
@click.argument("brand")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@listing_options
@json_option
def shortlist(
    brand: str, file: Path, k: int, objective: str | None, as_json: bool, **filters: Any
) -> None:
    """Write the shortlist of BRAND (its id) to FILE.

    \b
    For example:
      alliance export shortlist b0001 b0001.xlsx -k 50
      alliance export shortlist b0001 b0001.csv --tier waist --new-only
    """  # noqa: D301  (click reads the backspace as "keep these lines")
    from models.matrix.files import current
    from models.shortlists.shortlist import shortlist as shortlist_of
    from pipelines.export import export_shortlist, known_ending
    from pipelines.home import Home

    known_ending(file)
    published = current(Home.from_environment().matrix)
    listed = shortlist_of(published, brand, k, objective, filters_of(filters))
    export_shortlist(listed, file)
    _say(file, len(listed.rows), published.manifest.version, listed.message, as_json=as_json)


def _say(file: Path, rows: int, version: str, message: str | None = None, *, as_json: bool) -> None:
    from pipelines.commands.output import print_json, say

    if as_json:
        print_json({"matrix_version": version, "rows": [{"file": str(file), "rows": rows}]})
    else:
        say(f"{file}: {rows:,} rows of matrix {version}.")
        if message is not None:
            say(message)
