"""The leaderboard in a card: this model against the best simple rule, and all predictors."""

from collections.abc import Mapping
from math import isnan
from typing import Any

import pandas as pd

from models.prediction import Target
from pipelines.model_card.page import Block, Folded, Table
from pipelines.model_card.words import target_words
from pipelines.settings import LEARNED

RULES = {
    "overall": "one rate for all",
    "category": "the category's rate",
    "creator": "the creator's rate",
    "pair-rate": "the pair's past rate",
    "logistic": "a fitted curve",
}
"""The baselines in a manager's words."""


def of_model(board: pd.DataFrame, target: Target, name: str = "all") -> Mapping[Any, Any] | None:
    """The learned predictor's row of the leaderboard; None when it was not judged there."""
    if not len(board):
        return None
    here = (board["target"] == target.value) & (board["predictor"] == LEARNED)
    found = board[here & (board["slice"] == name)].to_dict("records")
    return found[0] if found and found[0]["trials"] > 0 else None


def against_rule(row: Mapping[Any, Any] | None) -> str:
    """Better, worse or about as good as the best baseline, which is named."""
    if row is None or isnan(row["difference"]):
        return "-"
    rule = RULES.get(str(row["best_baseline"]), str(row["best_baseline"]))
    if row["difference_hi95"] < 0:
        return f"better than {rule}"
    if row["difference_lo95"] > 0:
        return f"worse than {rule}"
    return f"about as good as {rule}"


def leaderboard_tables(board: pd.DataFrame, denominator: str) -> list[Block]:
    """Every predictor of every target and slice, folded away."""
    if not len(board):
        return []
    folded: list[Block] = []
    for target in board["target"].unique():
        part = board[(board["target"] == target) & (board["trials"] > 0)]
        rows = [_of_leaderboard(row) for row in part.to_dict("records")]
        header = ("slice", "predictor", "loss", "95 %", "to best baseline", "95 %", "cal.", "nDCG")
        metric = part["metric"].iloc[0] if len(part) else ""
        title = f"All predictors: {target_words(target, denominator)} ({metric}, lower is better)"
        folded.append(Folded(title, [Table(header, rows, numbers=frozenset(range(2, 8)))]))
    return folded


def _of_leaderboard(row: Mapping[Any, Any]) -> tuple[str, ...]:
    digits = ".5f" if row["metric"] == "log-loss" else ",.1f"
    signed = f"+{digits}"
    return (
        str(row["slice"]),
        "this model" if row["predictor"] == LEARNED else str(row["predictor"]),
        f"{row['loss']:{digits}}",
        f"{row['loss_lo95']:{digits}} to {row['loss_hi95']:{digits}}",
        f"{row['difference']:{signed}}",
        f"{row['difference_lo95']:{signed}} to {row['difference_hi95']:{signed}}",
        "-" if isnan(row["calibration_error"]) else f"{row['calibration_error']:.3g}",
        "-" if isnan(row["ndcg10"]) else f"{row['ndcg10']:.3f}",
    )
