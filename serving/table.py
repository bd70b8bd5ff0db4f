"""A shortlist for the terminal, and as one JSON object."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from models.shortlists.objectives import OBJECTIVES, weights_of
from models.shortlists.reasons import effect_words
from models.shortlists.rows import Estimate, ShortlistRow
from models.shortlists.shortlist import Shortlist
from serving.responses import ShortlistAnswer
from serving.words import UNKNOWN, amount, interval, percent, probability, signed_percent

NAME_LEAST, NAME_MOST = 16, 24
"""Between how many cells of the terminal a name is cut; a Chinese character takes two."""


YARDSTICKS = {
    "industry x tier": "field sessions of merchants of the same industry and tier",
    "industry": "field sessions of merchants of the same industry",
    "all sessions": "all sessions of all other merchants",
}
"""What a benchmark level compares with, in words."""


def shortlist_json(shortlist: Shortlist) -> dict[str, Any]:
    """The same object that the service answers, with its `rows`."""
    return ShortlistAnswer.model_validate(shortlist).model_dump(mode="json")


def shortlist_table(shortlist: Shortlist) -> Table:
    """Headline, ranked creators, then the reasons and the action for each.

    As many columns as the terminal has room for, the essential ones from a width of 80. Chinese
    names are measured as they are drawn.
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
    rank: int = 0
    """Where the terminal is too narrow, the column with the highest rank goes first."""
    is_text: bool = False
    """Names may be cut; a number that is cut would be another number."""
    forecast: str = ""
    """The column of the matrix it shows; left out where that is null."""

    def width(self, rows: Sequence[ShortlistRow]) -> int:
        return max(cell_len(text) for text in (self.header, *map(self.cell, rows)))


@dataclass(frozen=True)
class _Ranking:
    """The ranked table, laid out for the width it is given."""

    shortlist: Shortlist

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        rows = self.shortlist.rows
        table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
        widths = _fitting(_columns(self.shortlist), rows, options.max_width)
        columns = list(widths)
        for column, width in widths.items():
            justify: Literal["left", "right"] = "left" if column.is_text else "right"
            table.add_column(
                column.header, justify=justify, no_wrap=True, overflow="ellipsis", width=width
            )
        for row in rows:
            table.add_row(*(Text(column.cell(row)) for column in columns))
        yield table


def _fitting(
    columns: Iterable[_Column], rows: Sequence[ShortlistRow], room: int
) -> dict[_Column, int]:
    """Columns with their widths: as many as fit with every number whole, names cut if need be."""
    whole = {column: column.width(rows) for column in columns}
    widths = {c: min(w, NAME_LEAST) if c.is_text else w for c, w in whole.items()}
    while (left := room - sum(widths.values()) - len(widths)) < 0:
        least = max(widths, key=lambda column: column.rank)
        if least.rank == 0:
            break
        del widths[least]
    for column in widths:
        more = min(whole[column], NAME_MOST) - widths[column] if column.is_text else 0
        more = max(min(more, left), 0)
        widths[column] += more
        left -= more
    return widths


def _columns(told: Shortlist) -> list[_Column]:
    """What there is to show, in the order it is read."""
    weights = weights_of(told.objective)
    ranked_by = OBJECTIVES[max(weights, key=lambda name: weights[name])]
    money = ranked_by if ranked_by in ("gmv", "profit", "gpm") else "net_gmv"
    if money in told.null_columns:
        money = "gmv"
    conversion, above = "conversion_rate", "p_above_benchmark"
    columns = [
        _Column("#", lambda row: str(row.rank)),
        _Column("creator", _creator, is_text=True),
        _Column("tier", lambda row: row.tier or UNKNOWN, 9),
        _Column("conv.", lambda row: percent(_mean(row.conversion)), 1, forecast=conversion),
        _Column("80%", lambda row: interval(row.conversion, share=True), 4, forecast=conversion),
        _Column("lift", lambda row: signed_percent(row.lift), 2, forecast="benchmark_rate"),
        _Column("P(>b)", lambda row: probability(row.p_above_benchmark), 7, forecast=above),
        _Column("shown", lambda row: amount(_mean(row.impressions)), 6, forecast="impressions"),
        _Column(
            money.replace("_", " "),
            lambda row: amount(_mean(getattr(row, money))),
            forecast=money,
        ),
        _Column("80%", lambda row: interval(getattr(row, money)), 3, forecast=money),
        _Column("GPM", lambda row: amount(_mean(row.gpm)), 10, forecast="gpm"),
        *_retention([OBJECTIVES[name] for name in weights]),
        _Column("P(yes)", lambda row: probability(row.p_accept), 8, forecast="p_accept"),
        _Column("score", lambda row: amount(row.p_collaboration), 12, forecast="p_collaboration"),
        _Column("standing", lambda row: probability(row.score)),
        _Column("product", _product, 11, is_text=True, forecast="best_product_id"),
        _Column("seen", _evidence, 5),
    ]
    if money == "gpm":
        columns = [column for column in columns if column.header != "GPM"]
    if all(row.score is None for row in told.rows):
        columns = [column for column in columns if column.header != "standing"]
    columns = [replace(c, rank=0) if c.forecast == ranked_by else c for c in columns]
    return [column for column in columns if column.forecast not in told.null_columns]


def _reasons(told: Shortlist) -> Table:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for row in told.rows:
        if why := _why(row):
            table.add_row(Text(str(row.rank), style="bold"), Text(why))
    return table


def _retention(ranked_by: Sequence[str]) -> list[_Column]:
    """What only a list that is ranked by it, alone or among others, shows."""
    shown = {
        "new_followers": [
            _Column("new followers", lambda row: amount(_mean(row.new_followers))),
            _Column("80%", lambda row: interval(row.new_followers), 4),
        ],
        "repurchase_rate": [
            _Column("again", lambda row: percent(_mean(row.repurchase_rate))),
            _Column("80%", lambda row: interval(row.repurchase_rate, share=True), 4),
        ],
    }
    return [column for name, columns in shown.items() if name in ranked_by for column in columns]


def _why(row: ShortlistRow) -> str:
    reasons = [f"{reason.words} {effect_words(reason.odds_factor)}" for reason in row.reasons]
    parts = ["; ".join(reasons)] if reasons else []
    if row.quadrant is not None:
        parts.append(f"{row.quadrant.replace('_', ' ')}: {row.action}")
    if row.unmet:
        parts.append(f"not met: {', '.join(row.unmet)}")
    if row.extrapolated:
        why = row.extrapolated_why or "unlike what the model has seen"
        parts.append(f"extrapolated: {why}")
    return " | ".join(parts)


def _headline(told: Shortlist) -> Text:
    name = f"{told.brand_name} ({told.brand_id})" if told.brand_name else told.brand_id
    text = Text(name, style="bold")
    text.append(
        f"  {len(told.rows)} of {told.remaining:,} creators by {told.objective}"
        f"  |  matrix {told.matrix_version}, sessions before {told.as_of}"
        + (f", for {told.occasion}\n" if told.occasion else "\n"),
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
            notes.append(f"lift: against {', '.join(YARDSTICKS.get(one, one) for one in levels)}")
        notes.append("; ".join(_legend(told)))
    for why in dict.fromkeys(told.null_columns.values()):
        names = [name for name, reason in told.null_columns.items() if reason == why]
        notes.append(f"not known: {', '.join(names)} ({why})")
    return [note for note in notes if note]


def _legend(told: Shortlist) -> Sequence[str]:
    """What the columns mean, of those that the matrix has."""
    denominator = told.conversion_denominator
    evidence = f"sessions and {denominator}" if denominator else "sessions"
    of_columns = {
        "conversion_rate": f"conv.: orders / {denominator} of the brand's products",
        "p_above_benchmark": "P(>b): how likely it is above what lift is held against",
        "impressions": "shown: impressions of the best product in a session",
        "gmv": f"money: {told.currency} per session of the best product",
        "gpm": f"GPM: {told.gpm_is}",
        "p_accept": "P(yes): how likely the creator accepts",
        "p_collaboration": _score_words(told),
    }
    legends = {
        "new_followers": "new followers: of the creator, in a session",
        "repurchase": "again: share of the best product's buyers who had bought before",
    }
    ranked_by = [words for name, words in legends.items() if name in weights_of(told.objective)]
    return [
        *(words for column, words in of_columns.items() if column not in told.null_columns),
        *ranked_by,
        "80%: interval of the forecast",
        f"seen: {evidence} of creator and brand so far",
        f"x: what a fact does to the odds of {_outcome(told)}",
    ]


def _score_words(told: Shortlist) -> str:
    """What the score of collaborating rests on, as the matrix says."""
    said = next((note for note in told.notes if note.startswith("p_collaboration is ")), "")
    return said.replace("p_collaboration is", "score:", 1) or "score: of collaborating, to rank by"


def _outcome(told: Shortlist) -> str:
    """What reasons speak of: where no sale is forecast, whom the brand would choose."""
    chosen = "conversion_rate" in told.null_columns and "p_collaboration" not in told.null_columns
    return "being chosen by the brand" if chosen else "an order"


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
