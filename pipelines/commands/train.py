"""`alliance train`."""

from datetime import date, datetime

import click

from pipelines.commands.options import as_of_option, json_option


@click.command()
@as_of_option("Learn only from what was known before this day (UTC). Default: all facts.")
@click.option(
    "--horizon",
    default=30,
    show_default=True,
    type=click.IntRange(7),  # pipelines.windows.SHORTEST_WINDOW_DAYS, not imported: help is instant
    help="Days an outcome window spans.",
)
@click.option(
    "--windows",
    default=6,
    show_default=True,
    type=click.IntRange(1),
    help="As-of dates to learn from.",
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0, 2**31 - 1),
    help="Random state of the whole training.",
)
@json_option
def train(as_of: datetime | None, horizon: int, windows: int, seed: int, as_json: bool) -> None:
    """Learn exposure, click-through, conversion and returns; compare with the baselines.

    Features are made as of several past dates, outcomes come from the weeks after each. The
    second-last window calibrates, the last one judges. The run is recorded and the model
    registered as challenger; it becomes champion if it is the first or beats the champion. A
    model card tells what it learned from, how good it is and where it must not be trusted.
    """
    from pipelines.commands.output import (
        print_collaborations,
        print_json,
        print_leaderboard,
        say,
        say_missing,
    )
    from pipelines.home import Home
    from pipelines.progress import progress_bars
    from pipelines.settings import TrainSettings
    from pipelines.train import train as run_training

    settings = TrainSettings(horizon_days=horizon, windows=windows, random_state=seed)
    day: date | None = as_of.date() if as_of else None
    with progress_bars(shown=not as_json) as progress:
        report = run_training(Home.from_environment(), settings, day, progress)
    if as_json:
        print_json(report.as_dict())
        return
    if len(report.leaderboard) or not len(report.collaborations):
        print_leaderboard(report.leaderboard)
    print_collaborations(report.collaborations)
    for note in report.notes:
        say(note)
    say_missing(report.missing)
    say(report.verdict)
    say(f"Model card, what these forecasts can be trusted for: {report.card}")
    say("Next: alliance score")
