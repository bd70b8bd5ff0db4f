"""A creator's opportunities for the terminal."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from models.opportunities import Opportunities, Opportunity
from serving.words import UNKNOWN, amount, interval, percent

NAME = 22
"""Cells of the terminal after which a name is cut."""


def opportunities_table(told: Opportunities) -> RenderableType:
    """Headline, ranked products, then what speaks for and against each."""
    parts: list[RenderableType] = [_headline(told)]
    if told.rows:
        ranking = _brands(told) if told.of_brands else _ranking(told)
        parts += [ranking, Text(), _reasons(told), Text()]
    parts += [Text(sentence, style="dim") for sentence in (*told.notes, _legend(told))]
    return Group(*parts)


def _headline(told: Opportunities) -> Text:
    name = f"{told.creator_name} ({told.creator_id})" if told.creator_name else told.creator_id
    text = Text(name, style="bold")
    text.append(
        f"  {told.main_category or 'category unknown'}, {told.tier or 'tier unknown'}: "
        f"{len(told.rows)} of {told.considered:,} {'brands' if told.of_brands else 'products'}  |  "
        f"matrix {told.matrix_version}, {'known' if told.of_brands else 'sessions'} before "
        f"{told.as_of}\n",
        style="not bold",
    )
    return text


def _ranking(told: Opportunities) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("#", justify="right", no_wrap=True)
    for header in ("brand", "product"):
        table.add_column(header, no_wrap=True, overflow="ellipsis", max_width=NAME)
    for header in ("price", "comm.", "fee", "net GMV", "earns", "80%", "wanted"):
        table.add_column(header, justify="right", no_wrap=True)
    for row in told.rows:
        net, earned = row.net_gmv, row.earnings
        cells = (
            str(row.rank),
            _brand(row),
            row.product_title or row.product_id or UNKNOWN,
            amount(row.price),
            percent(row.commission_rate),
            amount(row.slot_fee),
            amount(None if net is None else net.mean),
            amount(None if earned is None else earned.mean),
            interval(earned) or UNKNOWN,
            f"{row.interest:.0%}",
        )
        table.add_row(*map(Text, cells))
    return table


def _brands(told: Opportunities) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("brand", no_wrap=True, overflow="ellipsis", max_width=2 * NAME)
    table.add_column("industry", no_wrap=True, overflow="ellipsis", max_width=NAME)
    table.add_column("wanted", justify="right", no_wrap=True)
    for row in told.rows:
        cells = (str(row.rank), _brand(row), row.industry or UNKNOWN, f"{row.interest:.0%}")
        table.add_row(*map(Text, cells))
    return table


def _brand(row: Opportunity) -> str:
    return f"{row.brand_id} {row.brand_name}" if row.brand_name else row.brand_id


def _reasons(told: Opportunities) -> Table:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for row in told.rows:
        table.add_row(Text(str(row.rank), style="bold"), Text(why(row)))
    return table


def why(row: Opportunity) -> str:
    """For and against, in one line."""
    against = f" | but {'; '.join(row.counter_reasons)}" if row.counter_reasons else ""
    return "; ".join(row.reasons) + against


def _legend(told: Opportunities) -> str:
    if told.of_brands:
        return (
            "wanted: share of those the brand could ask who would not come before you, in tenths; "
            "ranked by it before rounding"
        )
    return (
        f"{told.currency} of one session; net GMV: after returns; earns: commission x net GMV + "
        "slot fee; wanted: share of those the brand could ask who would not come before you; "
        "ranked by earns x wanted"
    )
