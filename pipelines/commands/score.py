"""`alliance score`."""

from datetime import datetime
from shlex import quote

import click

from pipelines.commands.options import as_of_option, json_option, occasion_key, occasion_options


@click.command()
@as_of_option("Forecast from what was known before this day (UTC). Default: all facts.")
@occasion_options("Forecast")
@json_option
def score(
    as_of: datetime | None, date: datetime | None, campaign: str | None, as_json: bool
) -> None:
    """Fill the Alliance matrix with the champion's forecasts and publish it.

    Every brand x creator pair is scored when the grid fits, else the best candidates of each
    brand; the manifest says which, and with what recall. A running service shows the new matrix
    at its next request.

    With --date or --campaign the 30 days from then are forecast from what is known today, and
    published beside the matrix: read them with the same option of 'alliance shortlist'.
    """
    from pipelines.commands.output import print_json, say, say_missing
    from pipelines.home import Home
    from pipelines.progress import progress_bars
    from pipelines.score import score as run_scoring

    with progress_bars(shown=not as_json) as progress:
        report = run_scoring(
            Home.from_environment(),
            as_of=as_of.date() if as_of else None,
            progress=progress,
            day=date.date() if date else None,
            campaign=campaign,
        )
    if as_json:
        print_json(report.as_dict())
        return
    say(report.sentence())
    say_missing(report.missing)
    key = occasion_key(date, campaign)
    told = "" if key is None else f" --{'date' if date else 'campaign'} {quote(key)}"
    say(f"Next: alliance shortlist {quote(report.example_brand)} -k 20{told}")
