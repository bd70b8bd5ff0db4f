"""What changed between two shortlists, for the terminal and as one JSON object."""

from typing import Any

from rich.table import Table
from rich.text import Text

from models.shortlists.difference import Difference, Moved
from serving.responses import DifferenceAnswer

MARKS = {"entered": "+", "left": "-", "up": "^", "down": "v", "stayed": "="}


def difference_json(told: Difference) -> dict[str, Any]:
    """The same object that the service answers, with its `rows`."""
    return DifferenceAnswer.model_validate(told).model_dump(mode="json")


def difference_table(told: Difference) -> Table:
    """A headline, then a line for each creator of either list: rank before and after, and why."""
    page = Table.grid(padding=0)
    page.add_column(overflow="fold")
    page.add_row(_headline(told))
    if told.rows and not told.same:
        table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
        table.add_column("", no_wrap=True)
        for header in ("before", "now"):
            table.add_column(header, justify="right", no_wrap=True)
        table.add_column("creator", no_wrap=True, overflow="ellipsis", max_width=24)
        table.add_column("why", overflow="fold")
        for row in told.rows:
            cells = (MARKS[row.move], _rank(row.rank_before), _rank(row.rank_after))
            table.add_row(*cells, Text(_creator(row)), Text("; ".join(row.reasons)))
        page.add_row(table)
    return page


def _headline(told: Difference) -> Text:
    text = Text(f"{told.brand_id}: first {told.k}", style="bold")
    text.append(
        f"  {told.objective_before} of {told.version_before} -> {told.objective_after} of "
        f"{told.version_after}\n",
        style="not bold",
    )
    if told.same:
        text.append("The same creators in the same order.", style="not bold")
    else:
        words = ("entered", "left", "up", "down", "stayed")
        counts = [f"{told.count(move)} {move}" for move in words]  # type: ignore[arg-type]
        text.append(", ".join(counts), style="not bold")
    return text


def _rank(rank: int | None) -> str:
    return "" if rank is None else str(rank)


def _creator(row: Moved) -> str:
    return f"{row.creator_id} {row.creator_name}" if row.creator_name else row.creator_id
