"""How good a training is, for its card: against simple rules, by slice, calibration."""

from collections.abc import Mapping
from math import isnan
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from experiments.leaderboard import evidence_slices
from experiments.metrics import calibration_table
from experiments.plots import calibration_svg
from models.prediction import PairRows, Predictor, Target
from pipelines.learn_acceptance import JudgedAcceptance
from pipelines.model_card_page import Block, Folded, Picture, Table
from pipelines.settings import LEARNED
from serving.words import amount, percent

RULES = {
    "overall": "one rate for all",
    "category": "the category's rate",
    "creator": "the creator's rate",
    "pair-rate": "the pair's past rate",
    "logistic": "a fitted curve",
}
"""The baselines in a manager's words."""

NEARLY_UNTRIED = 200
"""Trials below which a slice is too small for a sentence."""
MEASURES = {"auc": "AUC", "r10": "R@10", "r50": "R@50", "mrr": "MRR", "map": "MAP"}
CATEGORIES_SHOWN = 8
OFF = 0.15
"""Ratio of happened to said, away from 1, that a reader is told of."""
TOO_FEW_HELD, TOO_MANY_HELD = 0.7, 0.9


def target_words(target: Target | str, denominator: str) -> str:
    """What is forecast, in words."""
    words = {
        "conversion": f"conversion of a product (orders / {denominator})",
        "brand_conversion": f"conversion of a brand (orders / {denominator})",
        "click_through": "click-through (clicks / impressions)",
        "return": "returns (orders returned / orders)",
        "exposure": "impressions of a product in a session",
        "traffic": f"{denominator} of a session",
        "acceptance": "acceptance (yes / answers)",
    }
    return words.get(str(target), str(target).replace("_", " "))


ACCEPTANCE_LOSSES = {
    LEARNED: "with the terms",
    "hierarchical": "without them",
    "overall": "by the overall rate",
}

SHORT = {
    "click_through": "click-through",
    "exposure": "impressions",
    "return": "returns",
    "brand_conversion": "conversion of brands",
    "traffic": "the size of sessions",
}


def short_words(target: Target) -> str:
    """What is forecast, in a word or two."""
    return SHORT.get(target.value, target.value.replace("_", " "))


def number(target: Target, value: float) -> str:
    if isnan(value):
        return "-"
    return percent(value) if target.is_rate else amount(value)


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


def quality_table(
    board: pd.DataFrame, promises: Mapping[Target, pd.DataFrame], denominator: str
) -> Table:
    """One line a target: the first thing to look at."""
    rows = []
    for target, promise in promises.items():
        whole = promise.set_index("slice").to_dict("index")["all"]
        rows.append(
            (
                target_words(target, denominator),
                number(target, whole["said"]),
                number(target, whole["happened"]),
                against_rule(of_model(board, target)),
                against_rule(of_model(board, target, "new pairs")),
                _share(whole["covered80"]),
            )
        )
    header = ("forecast of", "said", "happened", "all pairs", "new pairs", "80 % ranges that held")
    return Table(header, rows, "How good it is, beside the best simple rule", frozenset({1, 2, 5}))


def weak_spots(board: pd.DataFrame, promises: Mapping[Target, pd.DataFrame]) -> list[str]:
    """At most three sentences about where to be careful; one that says so when there are none."""
    found = []
    for target, promise in promises.items():
        row = of_model(board, target)
        name = short_words(target)
        if row is not None and row["difference_lo95"] > 0:
            found.append(f"{name}: {against_rule(row)}")
        for told in promise.to_dict("records"):
            if told["trials"] < NEARLY_UNTRIED or isnan(told["ratio"]):
                continue
            off = abs(told["ratio"] - 1)
            if off > OFF and not told["ratio_lo95"] <= 1 <= told["ratio_hi95"]:
                more = "more" if told["ratio"] > 1 else "less"
                where = "" if told["slice"] == "all" else f", {told['slice']}"
                found.append(f"{name}{where}: {off:.0%} {more} happened than was said")
        whole = promise.set_index("slice").to_dict("index")["all"]
        if whole["covered80"] < TOO_FEW_HELD:
            found.append(f"{name}: only {whole['covered80']:.0%} lay within the 80 % ranges")
        elif whole["covered80"] > TOO_MANY_HELD:
            found.append(f"{name}: ranges too wide, {whole['covered80']:.0%} lay within")
    if not promises:
        return []
    if not found:
        return ["Be careful with: nothing stands out; see the slices below."]
    more = f"; and {len(found) - 3} more, below" if len(found) > 3 else ""
    return [f"Be careful with: {'; '.join(found[:3])}{more}."]


def slice_table(
    target: Target, board: pd.DataFrame, promise: pd.DataFrame, denominator: str
) -> Table:
    """Of one target by slice: said, happened, ratio, against the best simple rule, ranges held."""
    rows = []
    for told in promise.to_dict("records"):
        name = str(told["slice"])
        if not told["rows"]:
            rows.append((name, "0", "0", "-", "-", "-", "-", "-"))
            continue
        ratio = f"{told['ratio']:.2f} [{told['ratio_lo95']:.2f}, {told['ratio_hi95']:.2f}]"
        rows.append(
            (
                name,
                f"{told['rows']:,}",
                amount(told["trials"]),
                number(target, told["said"]),
                number(target, told["happened"]),
                ratio,
                against_rule(of_model(board, target, name)),
                _share(told["covered80"]),
            )
        )
    header = (
        "",
        "pairs",
        "trials",
        "said",
        "happened",
        "happened / said",
        "against the best simple rule",
        "80 % ranges that held",
    )
    words = target_words(target, denominator)
    return Table(header, rows, words[:1].upper() + words[1:], frozenset({1, 2, 3, 4, 5, 7}))


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


def judged_slices(target: Target, rows: PairRows) -> dict[str, npt.NDArray[np.bool_]]:
    """By evidence; a conversion also by the categories with most trials."""
    slices = evidence_slices(rows)
    if target not in (Target.CONVERSION, Target.BRAND_CONVERSION):
        return slices
    names, index = np.unique(rows.category, return_inverse=True)
    trials = np.bincount(index, rows.weight * rows.outcome()[1])
    largest = np.argsort(-trials, kind="stable")[:CATEGORIES_SHOWN]
    return slices | {
        f"category {names[i]}": index == i for i in largest if names[i] and trials[i] > 0
    }


def acceptance_table(judged: JudgedAcceptance) -> Table:
    """P(yes) in bins of equally many answers, the lowest first: said and happened."""
    rows = [
        (
            _share(row["forecast"]),
            _share(row["observed"]),
            f"{_share(row['lo95'])} to {_share(row['hi95'])}",
            f"{row['trials']:,.0f}",
        )
        for row in judged.reliability.to_dict("records")
    ]
    whole = judged.board[judged.board["slice"] == "all"].set_index("predictor")["loss"]
    losses = "; ".join(f"{whole[name]:.4f} {words}" for name, words in ACCEPTANCE_LOSSES.items())
    title = f"Acceptance of {judged.judged_by} (log-loss an answer: {losses})"
    header = ("said", "happened", "95 % of happened", "answers")
    return Table(header, rows, title, frozenset(range(4)))


def collaboration_table(board: pd.DataFrame) -> Table:
    """Scorers of who collaborates with whom, a row each; ours is held against the others."""
    rows = []
    for predictor in board["predictor"].unique().tolist():
        of = board[board["predictor"] == predictor].set_index("measure").to_dict("index")
        verdict = str(of["map"]["verdict"])
        told = {"better": "better than it", "worse": "worse than it", "level": "about as good"}
        values = (f"{of[measure]['value']:.3f}" for measure in MEASURES)
        rows.append((predictor, *values, told.get(verdict, "this model")))
    title = (
        f"Ranking of a brand's collaborators, judged on {board['judged_by'].iloc[0]} "
        f"({board['brands'].iloc[0]:,} brands)"
    )
    header = ("scorer", *MEASURES.values(), "this model is")
    return Table(header, rows, title, frozenset(range(1, 6)))


def calibration_pictures(
    learned: Mapping[Target, Predictor], judged: Mapping[Target, PairRows], denominator: str
) -> list[Picture]:
    """One picture a target, from the rows it was judged on."""
    pictures = []
    for target, rows in judged.items():
        k, n = rows.outcome()
        table = calibration_table(k, n, learned[target].predict(rows).mean, rows.weight)
        if not len(table):
            continue
        title = target_words(target, denominator)
        told = [
            (
                number(target, row["forecast"]),
                number(target, row["observed"]),
                amount(row["trials"]),
            )
            for row in table.to_dict("records")
        ]
        header = ("said", "happened", "trials")
        svg = calibration_svg(table, share=target.is_rate, title=f"Calibration of {title}")
        pictures.append(Picture(title, svg, Table(header, told, numbers=frozenset({0, 1, 2}))))
    return pictures


def _share(value: float) -> str:
    return "-" if isnan(value) else f"{100 * value:.0f} %"
