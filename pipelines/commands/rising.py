"""`alliance rising`."""

import click

from pipelines.commands.options import json_option


@click.command()
@click.option(
    "--q",
    default=0.1,
    show_default=True,
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="False-discovery rate: the share of the named that may be wrong.",
)
@click.option("--brand", metavar="BRAND", help="Show the forecasts for this brand (its id).")
@click.option("-k", default=20, show_default=True, type=click.IntRange(1), help="Creators listed.")
@json_option
def rising(q: float, brand: str | None, k: int, as_json: bool) -> None:
    """Name creators to whose sessions ever more people come, and list cold starts.

    A creator is named when luck, the market and the choice of the weeks compared do not explain
    the growth; this is not the quadrant 'rising star' of a diagnosis. Those who never went live
    are listed apart, by what their content and their audience promise.

    \b
    For example:
      alliance rising
      alliance rising --brand b0001 --q 0.05
    """  # noqa: D301  (click reads the backspace as "keep these lines")
    from models.matrix.files import current
    from models.rising.rising_list import rising_list
    from pipelines.commands.output import console, print_json
    from pipelines.home import Home
    from serving.rising_answers import rising_json
    from serving.rising_table import rising_table

    told = rising_list(current(Home.from_environment().matrix), brand, q, k)
    if as_json:
        print_json(rising_json(told))
    else:
        console().print(rising_table(told))
