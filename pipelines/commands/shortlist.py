"""`alliance shortlist`."""

from typing import TYPE_CHECKING, Any

import click

from pipelines.commands.options import (
    filters_of,
    json_option,
    listing_options,
    occasion_key,
    occasion_options,
)

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from models.matrix.matrix import AllianceMatrix
    from models.shortlists.filters import ShortlistFilters


@click.command()
@click.argument("brand")
@listing_options
@click.option(
    "--against",
    metavar="VERSION",
    help="Tell what changed since that version of the matrix, or since the `previous` one.",
)
@occasion_options("Rank")
@json_option
def shortlist(
    brand: str,
    k: int,
    objective: str | None,
    against: str | None,
    date: "datetime | None",
    campaign: str | None,
    as_json: bool,
    **filters: Any,
) -> None:
    """Rank creators for BRAND (its id) from the published matrix.

    Each row has the forecast with its 80 % interval, the lift over the benchmark, the evidence
    and three reasons with what each does to the odds of an order.

    \b
    For example:
      alliance shortlist b0001 -k 10 --objective conversion
      alliance shortlist b0001 --new-only --min-followers 1000000 --max-slot-fee 50000
      alliance shortlist b0001 --objective profit=0.7,conversion=0.3 --tier waist --soft tier
      alliance shortlist b0001 --product p00012 --audience female=0.6
      alliance shortlist b0001 --campaign 618-2026
      alliance shortlist b0001 --against previous
    """  # noqa: D301  (click reads the backspace as "keep these lines")
    from models.matrix.files import current
    from models.shortlists.shortlist import shortlist as shortlist_of
    from models.versions import occasion_dir, occasion_matrix
    from pipelines.commands.output import print_json, print_shortlist, shortlist_document
    from pipelines.home import Home

    matrix_dir, chosen = Home.from_environment().matrix, filters_of(filters)
    key = occasion_key(date, campaign)
    matrix = current(matrix_dir) if key is None else occasion_matrix(matrix_dir, key)
    matrix_dir = matrix_dir if key is None else occasion_dir(matrix_dir, key)
    if against is not None:
        _print_changes(matrix, matrix_dir, (brand, objective, chosen), k, against, as_json=as_json)
        return
    listed = shortlist_of(matrix, brand, k, objective, chosen)
    if as_json:
        print_json(shortlist_document(listed))
    else:
        print_shortlist(listed)


def _print_changes(
    matrix: "AllianceMatrix",
    matrix_dir: "Path",
    asked: tuple[str, str | None, "ShortlistFilters"],
    k: int,
    against: str,
    *,
    as_json: bool,
) -> None:
    from models.shortlists.difference import difference, run_of
    from models.versions import version_of
    from pipelines.commands.output import console, print_json
    from serving.difference_table import difference_json, difference_table

    earlier = version_of(matrix_dir, against)
    told = difference(asked[0], run_of(earlier, *asked), run_of(matrix, *asked), k)
    if as_json:
        print_json(difference_json(told))
    else:
        console().print(difference_table(told))
