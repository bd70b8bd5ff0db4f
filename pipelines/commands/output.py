"""What the verbs print: sentences, tables and JSON."""

import json
import math
from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from models.shortlists.shortlist import Shortlist

SLICES = ("all", "new pairs")
"""What the printed leaderboard shows; --json has every slice of evidence."""


def say(sentence: str) -> None:
    """One sentence on standard output."""
    click.echo(sentence)


def say_missing(sentences: Iterable[str]) -> None:
    """What the source lacks, each as a line; nothing when nothing is missing."""
    sentences = list(sentences)
    if sentences:
        click.echo("What is missing:")
    for sentence in sentences:
        click.echo(f"  - {sentence}")


def print_json(document: Mapping[str, Any]) -> None:
    """One JSON object; numbers that are not numbers become null."""
    click.echo(json.dumps(_plain(document), ensure_ascii=False, default=str))


def print_leaderboard(board: "pd.DataFrame") -> None:
    """Every target's predictors on all rows, and on new pairs; best loss first."""
    if not len(board):
        say("No leaderboard: the facts hold no outcome that could be judged.")
        return
    shown = board[board["slice"].isin(SLICES) & (board["trials"] > 0)]
    out = console()
    for target in shown["target"].unique():
        out.print(_leaderboard_table(target, shown[shown["target"] == target].to_dict("records")))
        out.print()
    say(
        "loss: log-loss a trial for rates, Poisson deviance a line for counts, lower is better; "
        "in brackets the 95 % interval by bootstrap over brands; new pairs never met before."
    )


MEASURES_TOLD = {"auc": "AUC", "r10": "R@10", "r50": "R@50", "mrr": "MRR", "map": "MAP"}


def print_collaborations(board: "pd.DataFrame") -> None:
    """Scorers of collaborations, a row each; nothing where none were learned."""
    if not len(board):
        return
    from rich.table import Table

    table = Table(
        box=None,
        padding=(0, 1, 0, 0),
        header_style="bold",
        title=f"collaboration (judged on {board['judged_by'].iloc[0]}; "
        f"{board['brands'].iloc[0]:,} brands)",
        title_justify="left",
    )
    table.add_column("predictor", no_wrap=True, min_width=9)
    for words in MEASURES_TOLD.values():
        table.add_column(words, justify="right", no_wrap=True)
    ours = board.loc[board["verdict"] == "", "predictor"].iloc[0]
    table.add_column(f"MAP of {ours} against it", justify="right", no_wrap=True)
    for predictor in board["predictor"].unique().tolist():
        value = board[board["predictor"] == predictor].set_index("measure")
        best = value.loc["map"]
        gap = (
            ""
            if not best["verdict"]
            else (
                f"{best['difference']:+.3f} [{best['difference_lo95']:+.3f}, "
                f"{best['difference_hi95']:+.3f}]"
            )
        )
        table.add_row(predictor, *(f"{value.loc[m, 'value']:.3f}" for m in MEASURES_TOLD), gap)
    console().print(table)


def print_shortlist(shortlist: "Shortlist") -> None:
    """A shortlist as a table with its reasons."""
    from serving.table import shortlist_table

    console().print(shortlist_table(shortlist))


def shortlist_document(shortlist: "Shortlist") -> dict[str, Any]:
    """A shortlist as the object that the service answers."""
    from serving.table import shortlist_json

    return shortlist_json(shortlist)


def console() -> "Console":
    """Standard output, wide enough for a table where it is no terminal."""
    from rich.console import Console

    terminal = Console(highlight=False)
    return terminal if terminal.is_terminal else Console(highlight=False, width=120)


def _leaderboard_table(target: str, rows: list[dict[Hashable, Any]]) -> "Table":
    """One target's predictors: a row each, with their losses on all rows and on new pairs."""
    from rich.table import Table

    trials = {str(row["slice"]): f"{row['trials']:,.0f}" for row in rows}
    told = ", ".join(f"{count} trials in {name}" for name, count in trials.items())
    table = Table(
        box=None,
        padding=(0, 1, 0, 0),
        header_style="bold",
        title=f"{target.replace('_', ' ')} ({rows[0]['metric']}; {told})",
        title_justify="left",
    )
    table.add_column("predictor", no_wrap=True, min_width=9)
    for name in trials:
        table.add_column(name, justify="right", no_wrap=True)
        table.add_column("against best baseline", justify="right", no_wrap=True)
        table.add_column("nDCG", justify="right", no_wrap=True)
    of = {(str(row["predictor"]), str(row["slice"])): row for row in rows}
    for predictor in dict.fromkeys(str(row["predictor"]) for row in rows):
        cells = [_measures(of.get((predictor, name))) for name in trials]
        table.add_row(predictor, *(cell for group in cells for cell in group))
    return table


def _measures(row: Mapping[Hashable, Any] | None) -> tuple[str, str, str]:
    """Loss, difference to the best baseline with its interval, nDCG@10."""
    if row is None:
        return "", "", ""
    is_rate = row["metric"] == "log-loss"
    digits = ".5f" if is_rate else ",.0f" if row["loss"] >= 1_000 else ".3f"
    difference = "best baseline" if row["predictor"] == row["best_baseline"] else ""
    if not difference and not math.isnan(row["difference"]):
        low, high = row["difference_lo95"], row["difference_hi95"]
        difference = f"{row['difference']:+{digits}} [{low:+{digits}}, {high:+{digits}}]"
    ranked = "" if math.isnan(row["ndcg10"]) else f"{row['ndcg10']:.3f}"
    return f"{row['loss']:{digits}}", difference, ranked


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
