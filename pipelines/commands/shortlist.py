"""`alliance shortlist`."""

from typing import Any

import click

from pipelines.commands.options import json_option, listing_options


@click.command()
@click.argument("brand")
@listing_options
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
