"""`alliance evaluate`."""

from datetime import datetime

import click

from pipelines.commands.options import as_of_option, json_option


@click.command()
@as_of_option("Judge on the weeks before this day (UTC). Default: the end of the facts.")
@json_option
def evaluate(as_of: datetime | None, as_json: bool) -> None:
    """Print the leaderboard: champion and challenger beside the baselines.

    Everyone is judged on the same latest weeks, which none of them has learned from, overall
    and by how much was known of the creator. Intervals are bootstrapped over brands.
    """
    from pipelines.commands.output import print_collaborations, print_json, print_leaderboard, say
    from pipelines.evaluate import evaluate as run_evaluation
    from pipelines.home import Home
    from pipelines.progress import progress_bars

    with progress_bars(shown=not as_json) as progress:
        report = run_evaluation(Home.from_environment(), as_of.date() if as_of else None, progress)
    if as_json:
        print_json(report.as_dict())
        return
    if len(report.leaderboard) or not len(report.collaborations):
        print_leaderboard(report.leaderboard)
    print_collaborations(report.collaborations)
    say(report.verdict)
