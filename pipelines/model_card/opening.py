"""The first screen of a card: what a manager reads before the lists."""

from collections.abc import Sequence

from pipelines.model_card.collaborations import choice_words, collaboration_table, dates_of
from pipelines.model_card.page import Block, Paragraph, Points
from pipelines.model_card.slices import quality_table, weak_spots
from pipelines.model_card.source import judged_on
from pipelines.model_card.span import Span
from pipelines.model_card.training import Training

NOTHING_LACKS = "nothing that this version would use."
NO_LEAK = "none found."


def opening(training: Training, span: Span) -> list[Block]:
    counts = span.counts
    blocks: list[Block] = [
        Points(
            [
                f"Learned from: {_learned_from(training, span)}, "
                f"{counts['brands known']:,} brands, {counts['creators known']:,} creators.",
                *_used_for(training),
                *weak_spots(training.board, training.promises),
                f"Missing from the source: {_first(training.lacking, NOTHING_LACKS)}",
                f"Possible leaks: {_first(training.leaks, NO_LEAK)}",
            ]
        )
    ]
    if training.promises:
        until = judged_on(training.plans)
        blocks += [
            quality_table(training.board, training.promises, training.denominator),
            Paragraph(
                f"Judged on {until}, which it had not learned from. Said and happened are "
                "means over all judged pairs; a simple rule is, for example, the pair's own past "
                "rate, pulled to the usual where little is known.",
                soft=True,
            ),
        ]
    elif len(training.collaborations):
        blocks.append(collaboration_table(training.collaborations))
    return blocks


def _used_for(training: Training) -> list[str]:
    if training.of_collaborations is not None:
        words = "Use it for: choosing whom to invite first. Not for sales, or judging a creator."
        return [words, f"Ranked by: {choice_words(training.of_collaborations)}"]
    return [
        "Use it for: choosing whom to invite first and sizing a session. Not for judging a "
        "creator, one evening, or causes."
    ]


def _learned_from(training: Training, span: Span) -> str:
    if span.counts["sessions"] or "collaborations" not in span.counts:
        return f"{span.counts['sessions']:,} sessions, {span.first} to {span.last}"
    told = f"{span.counts['collaborations']:,} records of collaborations"
    if training.partners is None:
        return told
    first, last = dates_of(training.partners)
    return f"{told}, {first} to {last}"


def _first(sentences: Sequence[str], otherwise: str) -> str:
    """The first sentence and how many more there are."""
    if not sentences:
        return otherwise
    more = f" (and {len(sentences) - 1} more, below)" if len(sentences) > 1 else ""
    return f"{sentences[0]}{more}."
