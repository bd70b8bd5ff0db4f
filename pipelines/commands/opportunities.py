"""`alliance opportunities`."""

import click

from pipelines.commands.options import json_option


@click.command()
@click.argument("creator")
@click.option("-k", default=20, show_default=True, type=click.IntRange(1, 500), help="How many.")
@click.option("--category", help="Products of this category only.")
@click.option(
    "--per-brand",
    default=1,
    show_default=True,
    type=click.IntRange(1, 50),
    help="Products of one brand at most.",
)
@json_option
def opportunities(
    creator: str, k: int, category: str | None, per_brand: int, as_json: bool
) -> None:
    """List products that CREATOR (its id) would earn most with, and whose brands would want it.

    Ranked by expected earnings (commission x net GMV + slot fee) x how far up the brand would
    place the creator. Nothing of a brand's books is shown: the list may be handed to the creator.
    Where only collaborations are known brands are listed, by that place alone.

    \b
    For example:
      alliance opportunities c00042 -k 10 --category beauty
    """  # noqa: D301  (click reads the backspace as "keep these lines")
    from models.matrix.files import current
    from models.opportunities import opportunities as opportunities_of
    from pipelines.commands.output import console, print_json
    from pipelines.home import Home
    from serving.opportunity_answers import opportunities_json
    from serving.opportunity_table import opportunities_table

    matrix = current(Home.from_environment().matrix)
    told = opportunities_of(matrix, creator, k, category, per_brand)
    if as_json:
        print_json(opportunities_json(told))
    else:
        console().print(opportunities_table(told))
