"""What a training learned from, for its card: the data, what they lack, possible leaks."""

from collections.abc import Mapping
from datetime import timedelta

from models.prediction import Target
from pipelines.model_card.collaborations import choice_words, dates_of
from pipelines.model_card.page import Block, Paragraph, Part, Points, Table
from pipelines.model_card.page import Facts as Named
from pipelines.model_card.span import Span
from pipelines.model_card.training import Training
from pipelines.model_card.words import short_words, target_words
from pipelines.windows import WindowPlan


def data_part(training: Training, span: Span) -> Part:
    meaning = training.facts.meaning
    absent = {"zero": "was on offer and did not sell", "not_offered": "was not offered"}
    windows = [
        (
            target_words(target, training.denominator),
            f"{plan.learn[0].as_of} to {plan.learn[-1].end}, {len(plan.learn)} windows",
            f"{plan.calibrate.as_of} to {plan.calibrate.end}",
            f"{plan.evaluate.as_of} to {plan.evaluate.end}",
            f"{len(training.rows[target].learn):,}",
        )
        for target, plan in training.plans.items()
        if target in training.rows
    ]
    partners = training.of_collaborations
    if partners is not None:
        first, last = dates_of(partners)
        told = [(name, f"{count:,}") for name, count in span.counts.items() if count]
        named: list[Block] = [Named([("first and last new tie", f"{first} to {last}"), *told])]
        told_of = [choice_words(partners), *training.facts.notes]
        return Part("What it learned from", [*named, Points(told_of)])
    blocks: list[Block] = [
        Named(
            [
                ("first and last session", f"{span.first} to {span.last}"),
                *((name, f"{count:,}") for name, count in span.counts.items()),
                ("conversion is", f"orders / {meaning.denominator or 'nothing (unknown)'}"),
                ("money in", meaning.currency),
                ("a product absent from a session", absent.get(meaning.absent, meaning.absent)),
            ]
        )
    ]
    if windows:
        header = ("forecast of", "learned on", "calibrated on", "judged on", "pairs learned from")
        blocks.append(Table(header, windows, "Which weeks were used for what", frozenset({4})))
        blocks.append(
            Paragraph(
                "Of each window everything known is from before its first day; what happened in "
                "its days is the answer. A window ends the day before the date given.",
                soft=True,
            )
        )
    blocks += [Points(list(training.facts.notes))] if training.facts.notes else []
    return Part("What it learned from", blocks)


def missing_part(training: Training) -> Part:
    if not training.lacking:
        return Part("What the source lacks", [Paragraph("Nothing that this version would use.")])
    told = [sentence[:1].upper() + sentence[1:] for sentence in training.lacking]
    cost = "Each with what it costs. Supplying it and training again is all that is needed."
    return Part("What the source lacks", [Paragraph(cost), Points(told)])


def leaks_part(training: Training) -> Part:
    guard = (
        "What was learned from sessions, returns and collaborations is cut at each window's first "
        "day; a test holds that later facts change no feature."
    )
    if not training.leaks:
        return Part("Possible leaks", [Paragraph(f"None found in the source. {guard}")])
    why = (
        "If these rows tell of later days than they pretend, the figures above are better than "
        "what a new date will give. Give dates (valid_from, launched_at), or leave the rows out "
        "and compare."
    )
    return Part(
        "Possible leaks", [Points(training.leaks), Paragraph(why), Paragraph(guard, soft=True)]
    )


def judged_on(plans: Mapping[Target, WindowPlan]) -> str:
    """The judging window in words; targets that have another one are named with theirs."""
    of_window: dict[str, list[str]] = {}
    for target, plan in plans.items():
        last = plan.evaluate.end - timedelta(days=1)
        of_window.setdefault(f"{plan.evaluate.as_of} to {last}", []).append(short_words(target))
    first, *others = sorted(of_window, key=lambda window: -len(of_window[window]))
    told = [f"{', '.join(of_window[window])} on {window}" for window in others]
    return first + (f" ({'; '.join(told)})" if told else "")
