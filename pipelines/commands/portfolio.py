"""`alliance portfolio`."""

from pathlib import Path
from typing import Any

import click

from pipelines.commands.options import filter_options, json_option


@click.command()
@click.argument("brand")
@click.option(
    "-k",
    default=10,
    show_default=True,
    type=click.IntRange(1, 200),
    help="Creators who are to accept, on average; so many are asked, unless --invitations says.",
)
@click.option("--invitations", type=click.IntRange(1, 200), help="Creators asked at most.")
@click.option(
    "--budget", type=click.FloatRange(0), help="Slot fees and samples, in the matrix's currency."
)
@click.option("--samples", type=click.IntRange(0), help="Samples sent.")
@click.option("--max-per-agency", type=click.IntRange(1), help="Creators of one agency asked.")
@click.option(
    "--explore",
    default=0.0,
    type=click.FloatRange(0, 1),
    help="Share of the invitations for creators who are not proven, by posterior.",
)
@click.option(
    "--hard-budget",
    is_flag=True,
    help="Count budget and samples as if everybody accepts, not on average.",
)
@click.option("--overlap-loss", type=click.FloatRange(0, 1), help="Assumed; see docs.")
@click.option("--peak-creators", type=click.FloatRange(1, 1e6), help="Assumed; see docs.")
@click.option("--fulfilment", type=click.FloatRange(0, 1), help="Assumed; see docs.")
@filter_options
@click.option(
    "--frontier",
    "picture",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.svg",
    help="Draw what each budget would bring.",
)
@json_option
def portfolio(
    brand: str,
    overlap_loss: float | None,
    peak_creators: float | None,
    fulfilment: float | None,
    picture: Path | None,
    as_json: bool,
    tier: tuple[str, ...],
    **given: Any,
) -> None:
    """Choose creators to ask together for BRAND (its id), and say what each adds.

    Maximises expected profit: P(accept) x what a session brings, less fees, samples, audiences
    that are shared, and crowding. --tier waist keeps to a tier, --tier head=0:2 bounds how many.

    \b
    For example:
      alliance portfolio b0002 -k 10 --invitations 20 --budget 300000
      alliance portfolio b0002 --max-per-agency 2 --tier head=0:2 --explore 0.2
    """  # noqa: D301  (click reads the backspace as "keep these lines")
    from dataclasses import fields

    from models.matrix.files import current
    from models.portfolio.limits import Wishes, tier_mix
    from models.portfolio.of_matrix import settings_of
    from models.portfolio.portfolio import portfolio as portfolio_of
    from models.shortlists.filters import ShortlistFilters
    from pipelines.commands.output import console, print_json, say
    from pipelines.home import Home
    from serving.portfolio_answers import portfolio_json
    from serving.portfolio_picture import frontier_svg
    from serving.portfolio_table import portfolio_table

    if picture is not None and picture.suffix.lower() != ".svg":
        raise click.BadParameter(f"'{picture}' must end in .svg.", param_hint="--frontier")
    tiers, mix = tier_mix(tier)
    of_wishes = {field.name for field in fields(Wishes)}
    wishes = Wishes(
        tiers=mix, **{name: given.pop(name) for name in list(given) if name in of_wishes}
    )
    matrix = current(Home.from_environment().matrix)
    settings = settings_of(matrix, overlap_loss, peak_creators, fulfilment)
    told = portfolio_of(matrix, brand, wishes, ShortlistFilters(tier=tiers, **given), settings)
    if picture is not None:
        picture.write_text(frontier_svg(told), encoding="utf-8")
    if as_json:
        print_json(portfolio_json(told))
        return
    console().print(portfolio_table(told))
    if picture is not None:
        say(f"Drawn: {picture}.")
