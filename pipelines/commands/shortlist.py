"""`alliance shortlist`."""

from typing import Any

import click

from pipelines.commands.options import json_option

OBJECTIVES = (
    "net_gmv",
    "gmv",
    "profit",
    "conversion",
    "gpm",
    "impressions",
    "acceptance",
    "collaboration",
)
QUADRANTS = ("core contributor", "rising star", "mend", "not_enough_data")


@click.command()
@click.argument("brand")
@click.option("-k", default=20, show_default=True, type=click.IntRange(1), help="Creators listed.")
@click.option(
    "--objective",
    type=click.Choice(OBJECTIVES),
    help="What to rank by. Default: net_gmv, else the next that the matrix has.",
)
@click.option("--category", multiple=True, help="Main category of the creator. May be repeated.")
@click.option("--tier", multiple=True, help="Tier by followers. May be repeated.")
@click.option("--region", multiple=True)
@click.option("--agency", multiple=True)
@click.option("--min-followers", type=click.IntRange(0))
@click.option("--max-followers", type=click.IntRange(0))
@click.option("--max-slot-fee", type=click.FloatRange(0), help="In the matrix's currency.")
@click.option("--max-commission", type=click.FloatRange(0, 1), help="A share: 0.2 is 20 %.")
@click.option("--quadrant", multiple=True, type=click.Choice(QUADRANTS))
@click.option("--exclude", multiple=True, metavar="CREATOR", help="Leave out. May be repeated.")
@click.option("--new-only", is_flag=True, help="Only creators who never sold for the brand.")
@json_option
def shortlist(brand: str, k: int, objective: str | None, as_json: bool, **filters: Any) -> None:
    """Rank creators for BRAND (its id) from the published matrix.

    Each row has the forecast with its 80 % interval, the lift over the benchmark, the evidence
    and three reasons with what each does to the odds of an order.

    \b
    For example:
      alliance shortlist b0001 -k 10 --objective conversion
      alliance shortlist b0001 --new-only --min-followers 1000000 --max-slot-fee 50000
    """  # noqa: D301  (click reads the backspace as "keep these lines")
    from models.filters import ShortlistFilters
    from models.matrix_files import current
    from models.shortlist import shortlist as shortlist_of
    from pipelines.commands.output import print_json, print_shortlist, shortlist_document
    from pipelines.home import Home

    matrix = current(Home.from_environment().matrix)
    listed = shortlist_of(matrix, brand, k, objective, ShortlistFilters(**filters))
    if as_json:
        print_json(shortlist_document(listed))
    else:
        print_shortlist(listed)
