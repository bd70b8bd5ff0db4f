"""Said and happened in a card: a line a target, its slices, and where to be careful."""

from collections.abc import Mapping
from math import isnan

import pandas as pd

from models.prediction import Target
from pipelines.model_card.leaderboard import against_rule, of_model
from pipelines.model_card.page import Table
from pipelines.model_card.words import number, share, short_words, target_words
from serving.words import amount

NEARLY_UNTRIED = 200
"""Trials below which a slice is too small for a sentence."""
OFF = 0.15
"""Ratio of happened to said, away from 1, that a reader is told of."""
TOO_FEW_HELD, TOO_MANY_HELD = 0.7, 0.9


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
                share(whole["covered80"]),
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
                share(told["covered80"]),
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
