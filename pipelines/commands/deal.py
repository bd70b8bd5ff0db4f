"""`alliance deal`."""

from pathlib import Path

import click

from pipelines.commands.options import json_option


@click.command()
@click.argument("brand")
@click.argument("creator")
@click.option("--product", help="Its id; default: the pair's best product.")
@click.option(
    "--commission", type=click.FloatRange(0, 1), help="A share of GMV: .2 is 20 %.", metavar="SHARE"
)
@click.option("--fee", type=click.FloatRange(0), help="Slot fee of a mixed session.")
@click.option("--dedicated-fee", type=click.FloatRange(0), help="Price of a dedicated session.")
@click.option(
    "--chart",
    "picture",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.svg",
    help="Draw P(yes), profit and their product over commission.",
)
@json_option
def deal(
    brand: str,
    creator: str,
    product: str | None,
    commission: float | None,
    fee: float | None,
    dedicated_fee: float | None,
    picture: Path | None,
    as_json: bool,
) -> None:
    """Reckon a deal of BRAND with CREATOR (their ids): mixed or dedicated, fee or commission.

    Each option with its break-even GMV, expected profit, P(loss) of one session and P(yes), and
    the commission, within what was offered before, that makes P(yes) x profit highest. Terms are
    those last known, unless given.

    \b
    For example:
      alliance deal b0001 c00042
      alliance deal b0001 c00042 --commission 0.2 --fee 20000 --chart deal.svg
    """  # noqa: D301  (click reads the backspace as "keep these lines")
    from models.deals.deal import deal as deal_of
    from models.matrix.files import current
    from pipelines.commands.output import console, print_json, say
    from pipelines.home import Home
    from serving.deal_answers import deal_json
    from serving.deal_picture import deal_svg
    from serving.deal_table import deal_table

    if picture is not None and picture.suffix.lower() != ".svg":
        raise click.BadParameter(f"'{picture}' must end in .svg.", param_hint="--chart")
    matrix = current(Home.from_environment().matrix)
    told = deal_of(matrix, brand, creator, product, commission, fee, dedicated_fee)
    if picture is not None:
        picture.write_text(deal_svg(told), encoding="utf-8")
    if as_json:
        print_json(deal_json(told))
        return
    console().print(deal_table(told))
    if picture is not None:
        say(f"Drawn: {picture}.")
