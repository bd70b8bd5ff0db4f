"""`alliance score`."""

from datetime import datetime
from shlex import quote

import click

from pipelines.commands.options import as_of_option, json_option


@click.command()
@as_of_option("Forecast from what was known before this day (UTC). Default: all facts.")
@json_option
def score(as_of: datetime | None, as_json: bool) -> None:
    """Fill the Alliance matrix with the champion's forecasts and publish it.

    Every brand x creator pair is scored when the grid fits, else the best candidates of each
    brand; the manifest says which, and with what recall. A running service shows the new matrix
    at its next request.
    """
    from pipelines.commands.output import print_json, say, say_missing
    from pipelines.home import Home
    from pipelines.progress import progress_bars
    from pipelines.score import score as run_scoring

    with progress_bars(shown=not as_json) as progress:
        report = run_scoring(
            Home.from_environment(), as_of=as_of.date() if as_of else None, progress=progress
        )
    if as_json:
        print_json(report.as_dict())
        return
    say(report.sentence())
    say_missing(report.missing)
    say(f"Next: alliance shortlist {quote(report.example_brand)} -k 20")
