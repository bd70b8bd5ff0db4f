"""What `alliance evaluate --since` prints: the verdict first, then the tables behind it."""

from collections.abc import Hashable, Mapping
from math import isnan
from typing import TYPE_CHECKING, Any

from pipelines.commands.output import console, say

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.drift import DriftReport


def print_drift(report: "DriftReport") -> None:
    """The verdict, slices, weeks since the training, versions, sizes, and what was left out."""
    say(report.verdict.sentence)
    for title, table in (
        ("conversion by slice", report.slices),
        ("by weeks since the training", report.weeks),
        ("by version of the matrix, each until the next", report.versions),
    ):
        _print_table(title, table)
    _print_money(report.money)
    for row in report.sizes.to_dict("records"):
        say(_size(row))
    for sentence in report.left_out:
        say(f"Left out: {sentence}")
    say(
        "happened / said: orders over orders forecast, in brackets the 95 % interval with brands "
        "and creators drawn anew; loss: log-loss a trial less that of the shrunken rate known at "
        "the time, below 0 is better; held: outcomes within their 80 % ranges; change: GMV "
        "happened / said, now over then."
    )


def _print_table(title: str, table: "pd.DataFrame") -> None:
    from rich.table import Table

    from serving.words import amount, percent

    shown = Table(box=None, padding=(0, 1, 0, 0), header_style="bold", title=title)
    shown.title_justify = "left"
    for name in ("", "pairs", "trials", "said", "happened", "happened / said", "loss", "held"):
        shown.add_column(name, justify="right" if name else "left", no_wrap=True)
    for row in table.to_dict("records"):
        if not row["trials"] or isnan(row["ratio"]):
            continue
        shown.add_row(
            str(row["slice"]).removeprefix("version "),
            f"{row['pairs']:,}",
            amount(row["trials"]),
            percent(row["said"]),
            percent(row["happened"]),
            f"{row['ratio']:.2f} [{row['ratio_lo95']:.2f}, {row['ratio_hi95']:.2f}]",
            "" if isnan(row["difference"]) else f"{row['difference']:+.5f}",
            f"{row['covered80']:.0%}",
        )
    out = console()
    out.print()
    out.print(shown)


def _print_money(table: "pd.DataFrame") -> None:
    from rich.table import Table

    from serving.words import amount

    shown = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    shown.title = "GMV a line of the products shown, beside the model's error when evaluated"
    shown.title_justify = "left"
    for name in ("", "pairs", "lines", "said", "happened", "happened / said", "then", "change"):
        shown.add_column(name, justify="right" if name else "left", no_wrap=True)
    for row in table.to_dict("records"):
        if isnan(row["ratio"]):
            continue
        shown.add_row(
            str(row["slice"]),
            f"{row['pairs']:,}",
            amount(row["lines"]),
            amount(row["said"]),
            amount(row["happened"]),
            f"{row['ratio']:.2f} [{row['ratio_lo95']:.2f}, {row['ratio_hi95']:.2f}]",
            "" if isnan(row["then"]) else f"{row['then']:.2f}",
            ""
            if isnan(row["change"])
            else f"{row['change']:.2f} [{row['change_lo95']:.2f}, {row['change_hi95']:.2f}]",
        )
    if shown.row_count:
        out = console()
        out.print()
        out.print(shown)


def _size(row: Mapping[Hashable, Any]) -> str:
    from serving.words import amount

    told = (
        f"{row['size']} of a session of the best product: {amount(row['said'])} said, "
        f"{amount(row['happened'])} happened, over {row['lines']:,} lines"
    )
    if isnan(row["within_80"]):
        return f"{told}, those without a sale among them."
    return (
        f"{told}; {row['within_80']:.0%} lay within the 80 % interval of what was to be expected "
        "(an evening strays further)."
    )
