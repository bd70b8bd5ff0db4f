"""How good a training is, for its card: by slice, acceptance, collaborations, all predictors."""

from pipelines.model_card.acceptance import acceptance_blocks
from pipelines.model_card.collaborations import collaboration_blocks
from pipelines.model_card.leaderboard import leaderboard_tables
from pipelines.model_card.page import Block, Paragraph, Part, Points
from pipelines.model_card.slices import slice_table
from pipelines.model_card.training import Training


def quality_part(training: Training) -> Part:
    if not training.promises:
        nothing = Paragraph("Nothing that a session sells could be judged: no later outcome.")
        blocks = [nothing, *acceptance_blocks(training), *collaboration_blocks(training)]
        return Part("How good it is", blocks)
    tables: list[Block] = [
        slice_table(target, training.board, table, training.denominator)
        for target, table in training.promises.items()
    ]
    return Part(
        "How good it is",
        [
            *tables,
            Paragraph(
                "Cold: no trial of the creator known yet; thin, medium and rich: thirds of the "
                "others by what was known; new pairs: never met before. The range in brackets is "
                "the 95 % interval, brands and creators drawn anew. Ranges that held: outcomes "
                "within their 80 % range, the luck of so few trials included; 80 % should.",
                soft=True,
            ),
            *acceptance_blocks(training),
            *collaboration_blocks(training),
            *([Points(list(training.notes))] if training.notes else []),
            *leaderboard_tables(training.board, training.denominator),
        ],
    )
