"""`alliance ingest`."""

from pathlib import Path

import click

from pipelines.commands.options import json_option


@click.command()
@click.argument("source")
@click.option(
    "--mapping",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="TOML file: which of your columns is which of ours. Default: mapping.toml in SOURCE.",
)
@click.option(
    "--quarantine",
    is_flag=True,
    help="Store the good rows; write the bad ones with their reasons into the home.",
)
@json_option
def ingest(source: str, mapping: Path | None, quarantine: bool, as_json: bool) -> None:
    """Check a source against the data contract and store its facts.

    SOURCE is one of

    \b
      a folder of CSV, Parquet or XLSX files named after the contract's tables
      a database URL, such as postgresql+psycopg://user@host/sales or sqlite:///sales.db
      complete-journey            real grocery sales from the package of that name
      chanmama:FOLDER?year=2021   an export of live sessions and products

    Every problem is listed at once, by file, row and column; without --quarantine a source with
    problems stores nothing. A source read twice changes nothing. A second source is merged by
    key: the later one wins, and how often it did is said.

    \b
    For example:
      alliance ingest exports/2026
      alliance ingest exports/2026 --mapping ours.toml --quarantine
    """  # noqa: D301  (click reads the backspace as "keep these lines")
    from pipelines.commands.output import print_json, say
    from pipelines.home import Home
    from pipelines.ingest import ingest as run_ingest
    from pipelines.progress import progress_bars

    with progress_bars(shown=not as_json) as progress:
        report = run_ingest(
            source,
            Home.from_environment(),
            mapping=mapping,
            quarantine=quarantine,
            progress=progress,
        )
    if as_json:
        print_json(report.as_dict())
        return
    for sentence in report.sentences():
        say(sentence)
    say("Next: alliance train")
