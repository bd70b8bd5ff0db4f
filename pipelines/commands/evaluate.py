"""`alliance evaluate`."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from pipelines.commands.options import Day, as_of_option, json_option

if TYPE_CHECKING:
    from pipelines.home import Home
    from pipelines.progress import Progress


@click.command()
@as_of_option("Judge on the weeks before this day (UTC). Default: the end of the facts.")
@click.option(
    "--since",
    type=Day(),
    metavar="YYYY-MM-DD",
    help="Compare the forecasts published from this day on with what then happened.",
)
@json_option
def evaluate(as_of: datetime | None, since: datetime | None, as_json: bool) -> None:
    """Print the leaderboard: champion and challenger beside the baselines.

    Everyone is judged on the same latest weeks, which none of them has learned from, overall
    and by how much was known of the creator. Intervals are bootstrapped over brands.

    With --since, forecasts of the matrices published from that day on are held against what
    happened after each of them, by slice and by weeks since the training, and a sentence says
    whether to train again, that there is no need yet, or how many more sessions would tell. Where
    those matrices rank collaborations alone, they are held against the ties that began later.
    """
    from pipelines.commands.output import print_collaborations, print_json, print_leaderboard, say
    from pipelines.home import Home
    from pipelines.progress import progress_bars

    home, day = Home.from_environment(), as_of.date() if as_of else None
    with progress_bars(shown=not as_json) as progress:
        if since is None:
            from pipelines.evaluate import evaluate as run_evaluation

            report = run_evaluation(home, day, progress)
        else:
            show = _drift(home, since.date(), day, progress, as_json)
    if since is not None:
        show()
        return
    if as_json:
        print_json(report.as_dict())
        return
    if len(report.leaderboard) or not len(report.collaborations):
        print_leaderboard(report.leaderboard)
    print_collaborations(report.collaborations)
    say(report.verdict)


def _drift(
    home: "Home", since: date, until: date | None, progress: "Progress", as_json: bool
) -> Callable[[], None]:
    """What happened since, of sales or else of collaborations; returns what prints it."""
    from pipelines.commands.drift_table import print_drift
    from pipelines.commands.output import print_json
    from pipelines.commands.ranking_drift_table import print_ranking_drift
    from pipelines.drift import drift, ranking_drift
    from pipelines.published import only_rankings

    if only_rankings(home.matrix, since):
        ranked = ranking_drift(home, since, until, progress)
        return lambda: print_json(ranked.as_dict()) if as_json else print_ranking_drift(ranked)
    found = drift(home, since, until, progress)
    return lambda: print_json(found.as_dict()) if as_json else print_drift(found)
