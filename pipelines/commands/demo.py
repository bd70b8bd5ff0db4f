"""`alliance demo`."""

from pathlib import Path
from shlex import quote

import click

from pipelines.commands.options import json_option

SOURCES = ("world", "complete-journey")  # pipelines.demo.SOURCES, not imported: help is instant


@click.command()
@click.option(
    "--data",
    default="world",
    show_default=True,
    type=click.Choice(SOURCES),
    help="A simulated world, or real grocery sales: shops, not creators.",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where everything goes. Default: alliance-home/demo-<data>.",
)
@click.option("-k", default=10, show_default=True, type=click.IntRange(1), help="Creators listed.")
@json_option
def demo(data: str, folder: Path | None, k: int, as_json: bool) -> None:
    """Run the main job from a source to a shortlist, and say what to try next."""
    from pipelines.commands.output import (
        print_json,
        print_leaderboard,
        print_shortlist,
        say,
        say_missing,
        shortlist_document,
    )
    from pipelines.demo import demo as run_demo
    from pipelines.progress import progress_bars

    folder = folder or Path("alliance-home") / f"demo-{data}"
    with progress_bars(shown=not as_json) as progress:
        result = run_demo(
            data, folder, k=k, progress=progress, tell=(lambda _: None) if as_json else say
        )
    if as_json:
        print_json(shortlist_document(result.shortlist))
        return
    say("5. How good is it? The model beside its baselines, on weeks that none has seen:")
    print_leaderboard(result.trained.leaderboard)
    for note in result.trained.notes:
        say(note)
    say(result.trained.verdict)
    say_missing(result.scored.missing)
    say(f"6. Whom should {result.shortlist.brand_id} ask?")
    print_shortlist(result.shortlist)
    say("Try next:")
    say(f"  export ALLIANCE_HOME={quote(str(result.home.path))}  PATH=$PWD/.venv/bin:$PATH")
    say(f"  alliance shortlist {quote(result.shortlist.brand_id)} -k 5 --objective conversion")
    say("  alliance export matrix matrix.xlsx")
    say("  alliance serve            # then open http://127.0.0.1:8000")
