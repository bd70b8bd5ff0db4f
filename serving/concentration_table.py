"""Concentration for the terminal."""

from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text

from models.concentration import Concentration
from serving.words import UNKNOWN, amount, percent

NAMES = {
    "exposure": "exposure, last 90 days",
    "invitations": "invitations, last 90 days",
    "listed_exposure": "exposure of the lists",
    "listed_places": "places of the lists",
}
"""What is shared out, in words."""


def concentration_table(told: Concentration) -> Table:
    """Headline, inequality, tiers, the largest creators, then what floors cost."""
    page = Table.grid()
    page.add_column(overflow="fold")
    page.add_row(_headline(told))
    measures = [
        (
            NAMES[one.name],
            UNKNOWN if one.gini is None else f"{one.gini:.2f}",
            percent(one.top_tenth),
            f"{one.without:,} of {one.creators:,}",
        )
        for one in told.measures
    ]
    page.add_row(_table(("shared out", "Gini", "top tenth has", "creators without"), measures))
    heads = ("", "creators", "exposure", "invitations", "listed exposure", "listed places")
    tiers = [
        (
            one.tier,
            f"{one.creators:,} ({percent(one.creators_share)})",
            *map(percent, (one.exposure, one.invitations, one.listed_exposure, one.listed_places)),
        )
        for one in told.tiers
    ]
    page.add_row("")
    page.add_row(_table(("tier", *heads[1:]), tiers))
    creators = [
        (
            f"{one.creator_id} {one.creator_name or ''}".strip(),
            one.tier or UNKNOWN,
            *map(percent, (one.exposure, one.invitations, one.listed_exposure)),
            f"{one.lists:,}",
        )
        for one in told.creators
    ]
    page.add_row("")
    page.add_row(_table(("creator", "tier", *heads[2:5], "lists"), creators))
    page.add_row("")
    page.add_row(_floors(told))
    return page


def _headline(told: Concentration) -> Text:
    text = Text(f"Concentration: the last 90 days, and {told.k} creators a brand", style="bold")
    counted = f"exposure: {told.exposure_is}  |  " if told.exposure_is else ""
    text.append(
        f"  |  {counted}matrix {told.matrix_version}, sessions before {told.as_of}",
        style="not bold",
    )
    return text


def _floors(told: Concentration) -> Table:
    """What the floor asked costs, and lower and higher ones."""
    page = Table.grid()
    page.add_column(overflow="fold")
    asked = told.floor
    if told.message:
        page.add_row(Text(told.message))
    elif asked.floors:
        page.add_row(
            Text(
                f"A floor of {_told(asked.floors)} of the {told.floor_of} costs "
                f"{amount(asked.cost)} {told.currency} of {amount(told.worth)} expected "
                f"{told.objective.replace('_', ' ')} ({percent(asked.cost_share)}), and gives "
                f"{asked.changed:,} places to another creator. Of one session with every creator "
                "of every list, before anybody declines."
            )
        )
    rows = [
        (
            _told(one.floors),
            amount(one.cost) if one.feasible else "cannot be kept",
            percent(one.cost_share),
            UNKNOWN if one.changed is None else f"{one.changed:,}",
        )
        for one in told.frontier
    ]
    if rows:
        page.add_row(_table(("floor", "costs", "share", "places changed"), rows))
    return page


def _told(floors: Mapping[str, float]) -> str:
    return ", ".join(f"{tier} {percent(share)}" for tier, share in floors.items())


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for i, head in enumerate(heads):
        table.add_column(head, justify="right" if i else "left", no_wrap=True)
    for row in rows:
        table.add_row(*map(Text, row))
    return table
