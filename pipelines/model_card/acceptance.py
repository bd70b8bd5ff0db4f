"""Acceptance in a card: how likely a yes was said to be, and how often it came."""

from models.acceptance.terms import CAVEAT
from pipelines.learn_acceptance import JudgedAcceptance
from pipelines.model_card.page import Block, Paragraph, Table
from pipelines.model_card.training import Training
from pipelines.model_card.words import share
from pipelines.settings import LEARNED

ACCEPTANCE_LOSSES = {
    LEARNED: "with the terms",
    "hierarchical": "without them",
    "overall": "by the overall rate",
}


def acceptance_blocks(training: Training) -> list[Block]:
    judged = training.acceptance
    if judged is None:
        return []
    caveat = f"Said is the chance of a yes on the terms that were offered. But {CAVEAT}."
    return [acceptance_table(judged), Paragraph(caveat, soft=True)]


def acceptance_table(judged: JudgedAcceptance) -> Table:
    """P(yes) in bins of equally many answers, the lowest first: said and happened."""
    rows = [
        (
            share(row["forecast"]),
            share(row["observed"]),
            f"{share(row['lo95'])} to {share(row['hi95'])}",
            f"{row['trials']:,.0f}",
        )
        for row in judged.reliability.to_dict("records")
    ]
    whole = judged.board[judged.board["slice"] == "all"].set_index("predictor")["loss"]
    losses = "; ".join(f"{whole[name]:.4f} {words}" for name, words in ACCEPTANCE_LOSSES.items())
    title = f"Acceptance of {judged.judged_by} (log-loss an answer: {losses})"
    header = ("said", "happened", "95 % of happened", "answers")
    return Table(header, rows, title, frozenset(range(4)))
