"""What `alliance evaluate --since` prints of rankings: the verdict first, then the table."""

from collections.abc import Hashable, Mapping
from math import isnan
from typing import TYPE_CHECKING, Any

from pipelines.commands.output import console, say

if TYPE_CHECKING:
    from pipelines.drift import RankingDriftReport

SHOWN = {"auc": "AUC", "map": "MAP", "r10": "R@10", "r50": "R@50"}


def print_ranking_drift(report: "RankingDriftReport") -> None:
    """The verdict, slices beside the levels at training, versions, notes, what was left out."""
    from rich.table import Table

    say(report.verdict.sentence)
    shown = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for name in ("", "brands", "ties", *SHOWN.values()):
        shown.add_column(name, justify="right" if name else "left", no_wrap=True)
    rows = report.slices.to_dict("records")
    if len(report.versions) > 1:
        rows += report.versions.to_dict("records")
    for row in rows:
        shown.add_row(str(row["slice"]), f"{row['brands']:,}", f"{row['ties']:,}", *_cells(row))
    if report.then:
        levels: dict[Hashable, float] = {
            name + end: value
            for name, level in report.then.items()
            for end, value in zip(("", "_lo95", "_hi95"), level, strict=True)
        }
        shown.add_row("at training", "", "", *_cells(levels))
    out = console()
    out.print()
    out.print(shown)
    for sentence in report.notes:
        say(sentence)
    for sentence in report.left_out:
        say(f"Left out: {sentence}")
    say(
        "ties: accepted, sampled or aired for the first time after the ranking, each held against "
        "the last ranking before it; in brackets the 95 % interval with brands and creators drawn "
        "anew. AUC decides: the others depend on how many candidates and later ties there are."
    )


def _cells(row: Mapping[Hashable, Any]) -> list[str]:
    return [_cell(*(row[name + end] for end in ("", "_lo95", "_hi95"))) for name in SHOWN]


def _cell(value: float, low: float, high: float) -> str:
    if isnan(value):
        return ""
    return f"{value:.2f}" + ("" if isnan(low) else f" [{max(low, 0):.2f}, {min(high, 1):.2f}]")
