"""A diagnosis for the terminal."""

from collections.abc import Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from models.diagnoses.remedies import Remedy
from models.versions import Diagnosed as DiagnosedThen
from serving.diagnosis import BrandDiagnosis, Diagnosed
from serving.diagnosis_chart import heading
from serving.remedy_words import remedy_words
from serving.table import YARDSTICKS
from serving.words import UNKNOWN, amount, interval, percent, probability

NAME: Final = 22
"""Cells of the terminal after which a name is cut."""

PEERS: Final = {
    "category x tier": "creators of the same main category and tier, with goods of the category",
    "category": "creators of the same main category, with goods of the category",
    "all creators": "all other creators, with goods of the category",
}


def diagnosis_table(told: BrandDiagnosis) -> RenderableType:
    """Headline, counts by quadrant, creators, what to do about each, and what is compared."""
    text = Text(heading(told), style="bold")
    text.append(
        f"  {len(told.rows):,} of {told.candidates:,} creators  |  matrix "
        f"{told.matrix_version}, sessions before {told.as_of}\n",
        style="not bold",
    )
    counts = "; ".join(
        f"{count.quadrant.replace('_', ' ')} {count.met:,} met, {count.new:,} new"
        for count in told.counts
    )
    parts: list[RenderableType] = [text, Text(counts), Text()]
    if told.rows:
        parts += [_ranking(told.rows), Text(), _what_to_do(told.rows), Text()]
    parts += [Text(sentence, style="dim") for sentence in _footnotes(told)]
    return Group(*parts)


def _ranking(rows: Sequence[Diagnosed]) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("creator", no_wrap=True, overflow="ellipsis", max_width=NAME)
    table.add_column("quadrant", no_wrap=True)
    for header in (
        "conv.",
        "80%",
        "bench.",
        "P(>b)",
        "peers",
        "P(>p)",
        "shown",
        "bench.",
        "P(>b)",
        "seen",
    ):
        table.add_column(header, justify="right", no_wrap=True)
    for row in rows:
        of = row.diagnosis
        table.add_row(
            Text(f"{of.creator_id} {of.creator_name}" if of.creator_name else of.creator_id),
            of.quadrant.replace("_", " "),
            percent(of.conversion.mean if of.conversion else None),
            interval(of.conversion, share=True),
            percent(of.benchmark_rate),
            probability(of.p_above_benchmark),
            percent(of.peer_rate),
            probability(of.p_above_peers),
            amount(of.impressions.mean if of.impressions else None),
            amount(of.benchmark_impressions),
            probability(of.p_impressions_above_benchmark),
            f"{of.evidence_sessions:,}" if of.met else "new",
        )
    return table


def _what_to_do(rows: Sequence[Diagnosed]) -> Table:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True, overflow="ellipsis", max_width=NAME)
    table.add_column(overflow="fold")
    for row in rows:
        compared = row.diagnosis.p_above_benchmark is not None
        action = row.diagnosis.action if compared else ""
        parts = [action, row.diagnosis.to_settle or "", remedy_words(row.remedy)]
        name = row.diagnosis.creator_name or row.diagnosis.creator_id
        table.add_row(Text(name, style="bold"), Text(" | ".join(part for part in parts if part)))
    return table


def history_table(past: Sequence[DiagnosedThen], remedy: Remedy) -> RenderableType:
    """A pair through the versions of the matrix, and every move of its remedy."""
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0), title="history")
    table.title_justify = "left"
    for header in ("as of", "matrix", "quadrant"):
        table.add_column(header, no_wrap=True)
    for header in ("conv.", "bench.", "P(>b)", "P(>p)", "shown", "P(>b)", "seen"):
        table.add_column(header, justify="right", no_wrap=True)
    for of in past:
        table.add_row(
            str(of.as_of),
            of.matrix_version,
            (of.quadrant or UNKNOWN).replace("_", " "),
            percent(of.conversion.mean if of.conversion else None),
            percent(of.benchmark_rate),
            probability(of.p_above_benchmark),
            probability(of.p_above_peers),
            amount(of.impressions.mean if of.impressions else None),
            probability(of.p_impressions_above_benchmark),
            UNKNOWN if of.evidence_sessions is None else f"{of.evidence_sessions:,}",
        )
    moves = [
        f"{move.on} {move.kind}{f' {move.rung}' if move.rung else ''} ({move.who}): {move.reason}"
        f"{f'. {move.note}' if move.note else ''}"
        for move in remedy.moves
    ]
    told = Text("\n".join(["\nremedy", *moves]) if moves else "")
    return Group(Text(), table, told, Text())


def _footnotes(told: BrandDiagnosis) -> list[str]:
    rows = [row.diagnosis for row in told.rows]
    notes = []
    for why in dict.fromkeys(told.null_columns.values()):
        names = [name for name, reason in told.null_columns.items() if reason == why]
        notes.append(f"not known: {', '.join(names)} ({why})")
    if not rows:
        return ["No creator was scored for it, or none is in the quadrants asked for.", *notes]
    benchmarks = sorted({of.benchmark_level for of in rows if of.benchmark_level})
    peers = sorted({of.peer_level for of in rows if of.peer_level})
    against = ", ".join(YARDSTICKS.get(one, one) for one in benchmarks) or UNKNOWN
    beside = "; or ".join(PEERS.get(one, one) for one in peers) or UNKNOWN
    rates = [
        f"conv.: orders / {told.conversion_denominator}; bench.: {against}",
        f"peers: {beside}",
    ]
    return [
        *(rates if told.conversion_denominator else []),
        "P: how likely it is above; high from 80%, low to 20%. shown: of a product in a session. "
        "seen: sessions together",
        "rising star: the quadrant of high conversion and few impressions; whose audience grows, "
        "'alliance rising' tells",
        *notes,
    ]
