"""What the verbs print: sentences, tables and JSON."""

import json
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from models.shortlist import Shortlist


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
    """Every target's predictors over all rows, and for new pairs; best loss first."""
    from rich.table import Table

    if not len(board):
        say("No leaderboard: the facts hold no outcome that could be judged.")
        return
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    columns = ("target", "slice", "predictor", "loss", "95%", "vs best baseline", "calib.err")
    for name in (*columns, "nDCG@10", "trials"):
        table.add_column(name, justify="left" if name in columns[:3] else "right", no_wrap=True)
    shown = board[board["slice"].isin(["all", "new pairs"]) & (board["trials"] > 0)]
    before = ("", "")
    for row in shown.to_dict("records"):
        place = (str(row["target"]), str(row["slice"]))
        if before not in (place, ("", "")):
            table.add_row()
        table.add_row(*(("", "") if place == before else place), *_measures(row))
        before = place
    console().print(table)
    say(
        "loss: log-loss per trial for rates, Poisson deviance for counts (lower is better); "
        "intervals by bootstrap over brands."
    )


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


def _measures(row: Mapping[str, Any]) -> tuple[str, ...]:
    digits = ".5f" if row["metric"] == "log-loss" else ",.1f"
    difference = ""
    if row["predictor"] != row["best_baseline"] and not math.isnan(row["difference"]):
        low, high = row["difference_lo95"], row["difference_hi95"]
        difference = f"{row['difference']:+{digits}} ({low:+{digits}} to {high:+{digits}})"
    ranked = "" if math.isnan(row["ndcg10"]) else f"{row['ndcg10']:.3f}"
    return (
        str(row["predictor"]),
        f"{row['loss']:{digits}}",
        f"{row['loss_lo95']:{digits}} to {row['loss_hi95']:{digits}}",
        difference,
        f"{row['calibration_error']:.4f}" if row["metric"] == "log-loss" else "",
        ranked,
        f"{row['trials']:,.0f}",
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
