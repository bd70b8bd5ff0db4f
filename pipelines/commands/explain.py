"""`alliance explain`."""

from pathlib import Path

import click

from pipelines.commands.options import json_option


@click.command()
@click.argument("brand")
@click.argument("creator")
@click.option("--product", help="Its id; default: the pair's best product.")
@click.option(
    "-k",
    default=10,
    show_default=True,
    type=click.IntRange(1),
    help="Length of the list that it would enter or drop out of.",
)
@click.option("--objective", metavar="NAME[=WEIGHT,...]", help="What the list is ranked by.")
@click.option(
    "--chart",
    "picture",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.svg",
    help="Draw the parts as a waterfall.",
)
@json_option
def explain(
    brand: str,
    creator: str,
    product: str | None,
    k: int,
    objective: str | None,
    picture: Path | None,
    as_json: bool,
) -> None:
    """Explain what CREATOR would sell for BRAND (their ids), and what would change its rank.

    The expected GMV against that of the brand's usual candidate, split into creator, product,
    price, traffic, campaign and fit; what speaks for and against; and the least change of
    commission, fee, price or product that takes it across rank k, within what was observed.

    \b
    For example:
      alliance explain b0001 c00042
      alliance explain b0001 c00042 --objective profit -k 5 --chart parts.svg
    """  # noqa: D301  (click reads the backspace as "keep these lines")
    from models.explanations.explanation import explanation
    from models.matrix.files import current
    from pipelines.commands.output import console, print_json, say
    from pipelines.home import Home
    from serving.explanation_answers import explanation_json
    from serving.explanation_chart import waterfall_svg
    from serving.explanation_table import explanation_table

    if picture is not None and picture.suffix.lower() != ".svg":
        raise click.BadParameter(f"'{picture}' must end in .svg.", param_hint="--chart")
    matrix = current(Home.from_environment().matrix)
    told = explanation(matrix, brand, creator, product, k, objective)
    if picture is not None:
        picture.write_text(waterfall_svg(told), encoding="utf-8")
    if as_json:
        print_json(explanation_json(told))
        return
    console().print(explanation_table(told))
    if picture is not None:
        say(f"Drawn: {picture}.")
