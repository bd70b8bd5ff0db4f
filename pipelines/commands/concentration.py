"""`alliance concentration`."""

from pathlib import Path

import click

from pipelines.commands.options import json_option


@click.command()
@click.option(
    "-k", default=10, show_default=True, type=click.IntRange(1), help="Creators each brand lists."
)
@click.option(
    "--floor",
    multiple=True,
    metavar="TIER=SHARE",
    help="Least share of a tier in all lists; may be repeated. Default: waist=0.2, tail=0.1.",
)
@click.option(
    "--floor-of",
    type=click.Choice(("exposure", "places")),
    help="A floor of expected impressions (where forecast the default) or of places.",
)
@click.option(
    "--objective",
    type=click.Choice(("net_gmv", "gmv", "profit")),
    help="What lists are ranked by, and costs are told in.",
)
@click.option(
    "--chart",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.svg",
    help="Draw the Lorenz curves.",
)
@json_option
def concentration(
    k: int,
    floor: tuple[str, ...],
    floor_of: str | None,
    objective: str | None,
    chart: Path | None,
    as_json: bool,
) -> None:
    """Say who is shown and asked, and what a floor for smaller tiers would cost.

    Of the last 90 days, and of the lists that the matrix recommends: every brand's k best. A
    floor is kept over all lists together, at the least loss of what they are worth.

    \b
    For example:
      alliance concentration
      alliance concentration -k 20 --floor waist=0.3 --floor tail=0.15 --chart lorenz.svg
    """  # noqa: D301  (click reads the backspace as "keep these lines")
    from typing import cast

    from models.concentration import floors_named, published_concentration
    from models.concentration.of_matrix import Measure
    from models.matrix.files import current
    from pipelines.commands.output import console, print_json, say
    from pipelines.home import Home
    from serving.concentration_answers import concentration_json
    from serving.concentration_picture import lorenz_svg
    from serving.concentration_table import concentration_table

    if chart is not None and chart.suffix.lower() != ".svg":
        raise click.BadParameter(f"'{chart}' must end in .svg.", param_hint="--chart")
    matrix_dir = Home.from_environment().matrix
    matrix = current(matrix_dir)
    of = cast("Measure | None", floor_of)  # click.Choice lets nothing else through
    folder = matrix_dir / matrix.manifest.version
    told = published_concentration(matrix, folder, k, floors_named(floor), of, objective)
    if chart is not None:
        chart.write_text(lorenz_svg(told), encoding="utf-8")
    if as_json:
        print_json(concentration_json(told))
        return
    console().print(concentration_table(told))
    if chart is not None:
        say(f"Drawn: {chart}.")
