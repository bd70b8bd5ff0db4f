"""Options that several verbs share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

OBJECTIVES = (
    "net_gmv",
    "gmv",
    "profit",
    "conversion",
    "gpm",
    "impressions",
    "new_followers",
    "repurchase",
    "acceptance",
    "collaboration",
)
QUADRANTS = ("core contributor", "rising star", "mend", "not_enough_data")

LISTING = (
    click.option(
        "-k", default=20, show_default=True, type=click.IntRange(1), help="Creators listed."
    ),
    click.option(
        "--objective",
        type=click.Choice(OBJECTIVES),
        help="What to rank by. Default: net_gmv, else the next that the matrix has.",
    ),
)
"""How many, ranked by what."""

FILTERS = (
    click.option(
        "--category", multiple=True, help="Main category of the creator. May be repeated."
    ),
    click.option("--tier", multiple=True, help="Tier by followers. May be repeated."),
    click.option("--region", multiple=True),
    click.option("--agency", multiple=True),
    click.option("--min-followers", type=click.IntRange(0)),
    click.option("--max-followers", type=click.IntRange(0)),
    click.option("--max-slot-fee", type=click.FloatRange(0), help="In the matrix's currency."),
    click.option("--max-commission", type=click.FloatRange(0, 1), help="A share: 0.2 is 20 %."),
    click.option("--quadrant", multiple=True, type=click.Choice(QUADRANTS)),
    click.option("--exclude", multiple=True, metavar="CREATOR", help="Leave out. May be repeated."),
    click.option("--new-only", is_flag=True, help="Only creators who never sold for the brand."),
)
"""The filters of ShortlistFilters."""


def json_option(command: Command) -> Command:
    """`--json`: one object on standard output, alone there."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON object instead of text."
    )(command)


def as_of_option(help_text: str) -> Callable[[Command], Command]:
    """`--as-of DAY`."""
    return click.option(
        "--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help=help_text
    )


def listing_options(command: Command) -> Command:
    """The options of a shortlist, whether it is printed or exported."""
    for option in reversed((*LISTING, *FILTERS)):
        command = option(command)
    return command


def filter_options(command: Command) -> Command:
    """The filters alone."""
    for option in reversed(FILTERS):
        command = option(command)
    return command
