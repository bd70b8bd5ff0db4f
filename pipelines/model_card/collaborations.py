"""Collaborations in a card: when, how they are ranked, by slice, and limits."""

from math import isnan
from typing import Any

import pandas as pd

from experiments.plots import calibration_svg
from pipelines.collaborations import MEANT, CollaborationQuality, LearnedCollaborations
from pipelines.model_card.page import Block, Paragraph, Picture, Pictures, Table
from pipelines.model_card.training import Training

MEASURES = {"auc": "AUC", "r10": "R@10", "r50": "R@50", "mrr": "MRR", "map": "MAP"}
CALIBRATION = "Where a score stands for x % of being chosen"
LIMITS = (
    "A score, no probability: it ranks creators for one brand. It says nothing of what a "
    "collaboration would sell, of whether a creator would accept, nor which brand would do better.",
    "Chosen, not all that was possible: who did not collaborate may never have been asked. A pair "
    "without a collaboration counts as not chosen.",
    "Vectors have no date: what they tell may have come after the collaborations they are judged "
    "on.",
    "Extrapolated: a pair is so marked where the brand or the creator has no vector (or no past, "
    "where that is all there is), or one far from all that were learned from.",
)


def dates_of(partners: LearnedCollaborations) -> tuple[str, str]:
    """The days of the first and the last tie that began."""
    at = pd.to_datetime(partners.known.first["at"])
    return (at.min().date().isoformat(), at.max().date().isoformat()) if len(at) else ("none",) * 2


def choice_words(partners: LearnedCollaborations) -> str:
    """Whether the choice of brands was learned, or what stands in for it."""
    if partners.predictor is not None:
        return (
            f"Learned from {partners.told['ties']:,} pairs of {partners.told['brands']:,} brands "
            "that collaborated; ranks creators for brands without a past as well."
        )
    return f"Nothing was learned: pairs are ranked by {MEANT[partners.ours]}."


def collaboration_blocks(training: Training) -> list[Block]:
    if not len(training.collaborations):
        return []
    words = (
        "Who collaborates with whom is ranked by a score, which is no probability. R@10 is the "
        "share of a brand's collaborators among the first ten, MAP the mean average precision."
    )
    blocks: list[Block] = [collaboration_table(training.collaborations)]
    if training.partners_quality is not None:
        blocks += slices_table(training.partners_quality)
    return [*blocks, Paragraph(words, soft=True)]


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


def slices_table(quality: CollaborationQuality) -> list[Block]:
    if not len(quality.slices):
        return [Paragraph("Too few brands to hold some out: nothing of it was judged by slice.")]
    rows = [_slice(row) for row in quality.slices.to_dict("records")]
    header = ("", "brands", "partners", "R@10", "MAP", "against the best simple rule")
    title = "Ranking by slice of the brands held out, 95 % intervals in brackets"
    return [Table(header, rows, title, frozenset(range(1, 5)))]


def _slice(row: dict[Any, Any]) -> tuple[str, ...]:
    def measure(name: str) -> str:
        low, high = row[f"{name}_lo95"], row[f"{name}_hi95"]
        return f"{row[name]:.3f}" + ("" if isnan(low) else f" [{low:.3f}, {high:.3f}]")

    words = {"better": "better than", "worse": "worse than", "level": "about as good as"}
    told = f"{words[row['verdict']]} {row['best_baseline']}"
    return (
        str(row["slice"]),
        f"{row['brands']:,}",
        f"{row['partners']:,}",
        measure("r10"),
        measure("map"),
        told,
    )


def calibration_blocks(quality: CollaborationQuality) -> list[Block]:
    """The share chosen beside the share that scores stand for; why not, where there is none."""
    table = quality.calibration
    if not len(table):
        return [Paragraph("What ranks here is a rule: its scores stand for an order alone.")]
    told = [
        (f"{row['forecast']:.2%}", f"{row['observed']:.2%}", f"{row['trials']:,.0f}")
        for row in table.to_dict("records")
    ]
    svg = calibration_svg(table, share=True, title=CALIBRATION)
    header = ("said", "happened", "candidates")
    text = (
        "Where scores stood for x, was x chosen? Of brands held out, each dot is a tenth of their "
        "candidates, sorted by what the score stands for: a brand's partners shared out among its "
        "candidates by the odds of their scores. One number, what a point of the score is worth, "
        "was fitted on the same brands; the shape was not."
    )
    picture = Picture(CALIBRATION, svg, Table(header, told, numbers=frozenset({0, 1, 2})))
    return [Paragraph(text), Pictures([picture])]


def importance_blocks(quality: CollaborationQuality) -> list[Block]:
    """What moves a score among a brand's candidates."""
    if not len(quality.moved):
        return [Paragraph("Nothing was learned of what brands look for, so nothing is told apart.")]
    rows = [
        (row["group"], f"x{row['factor']:.2f}", "; ".join(row["features"]))
        for row in quality.moved.to_dict("records")
    ]
    text = (
        "How far each kind of fact typically moves the odds of being chosen away from those of the "
        "brand's usual candidate, by the additive parts of the score. It tells what the model "
        "looks at, not what would happen if it were changed."
    )
    header = ("kind of fact", "moves the odds by", "above all")
    return [Paragraph(text), Table(header, rows, "Who is chosen", frozenset({1}))]
