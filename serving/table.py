"""A shortlist for the terminal, and as one JSON object."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from models.reasons import effect_words
from models.shortlist import OBJECTIVES, Shortlist
from models.shortlist_rows import Estimate, ShortlistRow
from serving.responses import ShortlistAnswer
from serving.words import UNKNOWN, amount, interval, percent, signed_percent

WIDE = 110
"""From this width on (in columns of the terminal) the table has all its columns."""

Justify = Literal["left", "right"]


def shortlist_json(shortlist: Shortlist) -> dict[str, Any]:
    """The same object that the service answers, with its `rows`."""
    return ShortlistAnswer.model_validate(shortlist).model_dump(mode="json")


def shortlist_table(shortlist: Shortlist) -> Table:
    """Headline, ranked creators, then the reasons and the action for each.

    Columns are chosen by the width that is there: all of them from 110, the essential ones from
    80. Chinese names are measured as they are drawn.
    """
    page = Table.grid(padding=(0, 0, 0, 0))
    page.add_column(overflow="fold")
    page.add_row(_headline(shortlist))
    if shortlist.rows:
        page.add_row(_Ranking(shortlist))
        page.add_row("")
        page.add_row(_reasons(shortlist))
        page.add_row("")
    for sentence in _footnotes(shortlist):
        page.add_row(Text(sentence, style="dim"))
    return page


@dataclass(frozen=True)
class _Column:
    header: str
    cell: Callable[[ShortlistRow], str]
    justify: Justify = "right"
    wide_only: bool = False
    forecast: str = ""
    """The column of the matrix it shows; left out where that is null."""


@dataclass(frozen=True)
class _Ranking:
    """The ranked table, laid out for the width it is given."""

    shortlist: Shortlist

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        wide = options.max_width >= WIDE
        table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
        columns = [c for c in _columns(self.shortlist) if wide or not c.wide_only]
        for column in columns:
            # Only names may be cut; a number that is cut would be another number.
            is_text = column.justify == "left"
            table.add_column(
                column.header,
                justify=column.justify,
                no_wrap=True,
                overflow="ellipsis",
                min_width=4 if is_text else None,
                max_width=18 if is_text else None,
            )
        for row in self.shortlist.rows:
            table.add_row(*(Text(column.cell(row)) for column in columns))
        yield table


def _columns(told: Shortlist) -> list[_Column]:
    ranked_by = OBJECTIVES[told.objective]
    money = ranked_by if ranked_by in ("gmv", "profit", "gpm") else "net_gmv"
    if money in told.null_columns:
        money = "gmv"
    columns = [
        _Column("#", lambda row: str(row.rank)),
        _Column("creator", _creator, "left"),
        _Column("tier", lambda row: row.tier or UNKNOWN, "left", wide_only=True),
        _Column("conv.", lambda row: percent(_mean(row.conversion)), forecast="conversion_rate"),
        _Column(
            "80%", lambda row: interval(row.conversion, share=True), forecast="conversion_rate"
        ),
        _Column("lift", lambda row: signed_percent(row.lift), forecast="benchmark_rate"),
        _Column(
            "P(>b)",
            lambda row: percent(row.p_above_benchmark),
            wide_only=True,
            forecast="p_above_benchmark",
        ),
        _Column("shown", lambda row: amount(_mean(row.impressions)), forecast="impressions"),
        _Column("GPM", lambda row: amount(_mean(row.gpm)), wide_only=True, forecast="gpm"),
        _Column(
            money.replace("_", " "),
            lambda row: amount(_mean(getattr(row, money))),
            forecast=money,
        ),
        _Column("80%", lambda row: interval(getattr(row, money)), forecast=money),
        _Column(
            "P(yes)",
            lambda row: percent(row.p_accept),
            wide_only=ranked_by != "p_accept",
            forecast="p_accept",
        ),
        _Column(
            "score",
            lambda row: amount(row.p_collaboration),
            wide_only=ranked_by != "p_collaboration",
            forecast="p_collaboration",
        ),
        _Column("product", _product, "left", wide_only=True, forecast="best_product_id"),
        _Column("seen", _evidence),
    ]
    return [column for column in columns if column.forecast not in told.null_columns]


def _reasons(told: Shortlist) -> Table:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for row in told.rows:
        table.add_row(Text(str(row.rank), style="bold"), Text(_why(row)))
    return table


def _why(row: ShortlistRow) -> str:
    reasons = [f"{reason.words} {effect_words(reason.odds_factor)}" for reason in row.reasons]
    parts = ["; ".join(reasons)] if reasons else []
    if row.quadrant is not None:
        parts.append(f"{row.quadrant.replace('_', ' ')}: {row.action}")
    if row.extrapolated:
        parts.append("extrapolated: unlike what the model has seen")
    return " | ".join(parts) or "no reasons are known"


def _headline(told: Shortlist) -> Text:
    name = f"{told.brand_name} ({told.brand_id})" if told.brand_name else told.brand_id
    text = Text(name, style="bold")
    text.append(
        f"  {len(told.rows)} of {told.remaining:,} creators by {told.objective}"
        f"  |  matrix {told.matrix_version}, sessions before {told.as_of}\n",
        style="not bold",
    )
    return text


def _footnotes(told: Shortlist) -> Sequence[str]:
    notes = [told.message, told.objective_note]
    removed = [f"{words} {count:,}" for words, count in told.removed.items()]
    if removed:
        notes.append(f"removed by filters: {'; '.join(removed)}")
    if told.rows:
        levels = sorted({row.benchmark_level for row in told.rows if row.benchmark_level})
        if levels:
            notes.append(f"lift: against field sessions, {', '.join(levels)}")
        notes.append(
            f"conversion: orders per {told.conversion_denominator}; money: {told.currency} per "
            "session of the best product; 80%: interval of the forecast; seen: sessions and "
            f"{told.conversion_denominator} of the pair so far; x: what a fact does to the odds"
        )
    for why in dict.fromkeys(told.null_columns.values()):
        names = [name for name, reason in told.null_columns.items() if reason == why]
        notes.append(f"not known: {', '.join(names)} ({why})")
    return [note for note in notes if note]


def _creator(row: ShortlistRow) -> str:
    return f"{row.creator_id} {row.creator_name}" if row.creator_name else row.creator_id


def _product(row: ShortlistRow) -> str:
    return row.best_product_title or row.best_product_id or UNKNOWN


def _evidence(row: ShortlistRow) -> str:
    if row.evidence_sessions is None:
        return UNKNOWN
    if not row.evidence_sessions:
        return "new"
    return f"{row.evidence_sessions:,} / {amount(row.evidence_denominator)}"


def _mean(estimate: Estimate | None) -> float | None:
    return None if estimate is None else estimate.mean
