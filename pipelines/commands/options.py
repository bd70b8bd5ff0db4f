"""Options that several verbs share."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from datetime import datetime

    from models.shortlists.filters import ShortlistFilters

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
FORMATS = ("dedicated", "mixed")
QUADRANTS = ("core contributor", "rising star", "mend", "not_enough_data")

LISTING = (
    click.option(
        "-k", default=20, show_default=True, type=click.IntRange(1), help="Creators listed."
    ),
    click.option(
        "--objective",
        metavar="NAME[=WEIGHT,...]",
        help="What to rank by: " + ", ".join(OBJECTIVES) + "; or a mix of their standings, "
        "profit=0.7,conversion=0.3. Default: net_gmv, else the next that the matrix has.",
    ),
)
"""How many, ranked by what."""

FILTERS = (
    click.option(
        "--product", multiple=True, metavar="ID", help="Only this product. May be repeated."
    ),
    click.option("--min-price", type=click.FloatRange(0), help="Only products at this price on."),
    click.option("--max-price", type=click.FloatRange(0), help="Only products up to this price."),
    click.option(
        "--category", multiple=True, help="Main category of the creator. May be repeated."
    ),
    click.option("--tier", multiple=True, help="Tier by followers. May be repeated."),
    click.option("--level", multiple=True, help="The marketplace's own grade. May be repeated."),
    click.option("--region", multiple=True),
    click.option("--agency", multiple=True),
    click.option(
        "--audience", multiple=True, metavar="GROUP=SHARE", help="At least this share: female=0.6."
    ),
    click.option(
        "--format", multiple=True, type=click.Choice(FORMATS), help="Has held such sessions."
    ),
    click.option("--min-followers", type=click.IntRange(0)),
    click.option("--max-followers", type=click.IntRange(0)),
    click.option("--max-slot-fee", type=click.FloatRange(0), help="In the matrix's currency."),
    click.option("--max-commission", type=click.FloatRange(0, 1), help="A share: 0.2 is 20 %."),
    click.option("--max-return-rate", type=click.FloatRange(0, 1), help="A share, as forecast."),
    click.option("--min-acceptance", type=click.FloatRange(0, 1), help="Probability of a yes."),
    click.option("--live-within", type=click.IntRange(0), metavar="DAYS", help="Live of late."),
    click.option(
        "--not-invited-within",
        type=click.IntRange(0),
        metavar="DAYS",
        help="Leave out whom the brand has invited of late.",
    ),
    click.option("--quadrant", multiple=True, type=click.Choice(QUADRANTS)),
    click.option(
        "--without-flag", multiple=True, metavar="FLAG", help="Leave out creators flagged so."
    ),
    click.option("--no-flags", is_flag=True, help="Leave out creators with any flag."),
    click.option("--exclude", multiple=True, metavar="CREATOR", help="Leave out. May be repeated."),
    click.option("--new-only", is_flag=True, help="Only creators who never sold for the brand."),
    click.option("--existing-only", is_flag=True, help="Only creators who did."),
    click.option("--rising-only", is_flag=True, help="Only creators named for growth."),
)
"""The filters of ShortlistFilters."""

SOFT = click.option(
    "--soft",
    multiple=True,
    metavar="CONDITION",
    help="Make a condition a preference: who misses it moves down, none is removed. "
    "E.g. --tier waist --soft tier. May be repeated.",
)


class Day(click.DateTime):
    """A day as YYYY-MM-DD; what is none is refused in words, not by a format string."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> "datetime":
        try:
            day: datetime = super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no day: write it as YYYY-MM-DD, 2026-05-02.", param, ctx)
        return day


def json_option(command: Command) -> Command:
    """`--json`: one object on standard output, alone there."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON object instead of text."
    )(command)


def as_of_option(help_text: str) -> Callable[[Command], Command]:
    """`--as-of DAY`."""
    return click.option("--as-of", type=Day(), metavar="YYYY-MM-DD", help=help_text)


def occasion_options(verb: str) -> Callable[[Command], Command]:
    """`--date DAY` and `--campaign ID`."""

    def decorated(command: Command) -> Command:
        campaign = click.option(
            "--campaign", metavar="ID", help=f"{verb} for the 30 days from a campaign's start."
        )
        day = click.option(
            "--date",
            type=Day(),
            metavar="YYYY-MM-DD",
            help=f"{verb} for the 30 days from a later day.",
        )
        return day(campaign(command))

    return decorated


def occasion_key(date: "datetime | None", campaign: str | None) -> str | None:
    """What forecasts for a later day or a campaign are published under."""
    if date is not None and campaign is not None:
        raise click.UsageError("Give --date or --campaign, not both.")
    return campaign if date is None else date.date().isoformat()


def filters_of(options: Mapping[str, Any]) -> "ShortlistFilters":
    """The filters from the options of `LISTING`; names are spelled as on the command line."""
    from models.shortlists.filters import ShortlistFilters

    soft = tuple(name.replace("-", "_") for name in options["soft"])
    return ShortlistFilters(**{**options, "soft": soft})


def listing_options(command: Command) -> Command:
    """The options of a shortlist, whether it is printed or exported."""
    for option in reversed((*LISTING, *FILTERS, SOFT)):
        command = option(command)
    return command


def filter_options(command: Command) -> Command:
    """The filters alone, all of them hard."""
    for option in reversed(FILTERS):
        command = option(command)
    return command
