"""What a training says in words: what it could not learn, and where a baseline was better."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from features.facts import Facts
from features.history import collaboration_history
from models.prediction import Target
from pipelines.collaborations import LearnedCollaborations
from pipelines.plans import supported_targets
from pipelines.settings import LEARNED
from pipelines.training_rows import TargetRows


def answered(facts: Facts, as_of: date) -> bool:
    """Whether an invitation was ever declined: from then on scoring tells who says yes."""
    return bool((collaboration_history(facts, as_of)["status"] == "declined").any())


def nothing_learned(facts: Facts, as_of: date, missing: Sequence[str]) -> str:
    """What is missing to learn anything from, and what to add."""
    if facts.has("session_products"):
        lacking = "; ".join(missing[:3])
        return (
            f"Nothing can be learned from what was known before {as_of}: {lacking}. Add session "
            "lines with orders and clicks (or impressions, viewers, views), ingest, train again."
        )
    return (
        f"Nothing can be learned from what was known before {as_of}: there are no session lines, "
        "and no collaboration was accepted, sampled or aired. Add sessions with their products, "
        "or collaborations with such a status (and vectors of creators and brands, "
        "creator_embeddings.<set> and brand_embeddings.<set>), ingest, and train again."
    )


def untrained(facts: Facts, rows: Mapping[Target, TargetRows]) -> tuple[str, ...]:
    """A sentence for each target that the source supports and no window holds an outcome of."""
    return tuple(
        f"{target.value} is not forecast: no window of the facts holds an outcome to learn from."
        for target in supported_targets(facts)
        if target not in rows
    )


def notes(
    facts: Facts, board: pd.DataFrame, partners: LearnedCollaborations | None = None
) -> tuple[str, ...]:
    """Sentences about the leaderboard: sampled rows, and each target where a baseline won."""
    told = []
    if facts.meaning.absent == "zero":
        told.append(
            "Pairs are sampled and weighted: losses stand for all pairs, nDCG ranks the sampled."
        )
    whole = (
        board[(board["slice"] == "all") & (board["predictor"] == LEARNED)] if len(board) else board
    )
    told += [
        f"{LEARNED} is worse than the baseline {row['best_baseline']} on "
        f"{row['target'].replace('_', ' ')} ({_signed(row['difference'])} {row['metric']}, 95 % "
        f"from {_signed(row['difference_lo95'])} to {_signed(row['difference_hi95'])})."
        for row in whole.to_dict("records")
        if row["difference_lo95"] > 0
    ]
    if partners is not None:
        told += partners.notes()
    return tuple(told)


def _signed(difference: float) -> str:
    return f"{difference:+,.0f}" if abs(difference) >= 100 else f"{difference:+.3g}"
