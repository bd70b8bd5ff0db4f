"""What a training cannot know, for its card."""

from pipelines.model_card.collaborations import LIMITS
from pipelines.model_card.page import Part, Points
from pipelines.model_card.span import Span
from pipelines.model_card.training import Training

FEW_BRANDS = 20
FEW_WINDOWS = 3


def limits_part(training: Training, span: Span) -> Part:
    return Part("Limits", [Points(_limits(training, span))])


def _limits(training: Training, span: Span) -> list[str]:
    if training.of_collaborations is not None:
        return [*LIMITS, *_few_brands(span)]
    told = [
        f"After {training.as_of}: nothing is known. New prices, scripts, stock, rules of the "
        "platform and rival events are not in any forecast.",
        "Chosen, not drawn: it has seen the pairs that people chose. Of pairs nobody would have "
        "tried it knows less than the intervals can tell.",
        "80 % intervals: one in five lies outside, by construction. Those in the lists are of what "
        "is to be expected, not of one evening.",
        "Money: GMV and profit are products of forecasts; their intervals take the parts as "
        "unrelated.",
        "Extrapolated: a forecast is so marked, with the reason, where price, followers or another "
        "fact that matters lies well outside what was learned from, where the category is new, "
        "where creators without any session were hardly seen in learning, or where its date lies "
        "far from the weeks learned from.",
    ]
    plans = list(training.plans.values())
    if plans and len(plans[0].learn) < FEW_WINDOWS:
        told.append(
            f"Short history: it learned from {len(plans[0].learn)} window(s), so seasons and "
            "campaigns are hardly known."
        )
    elif plans:
        days = (plans[0].evaluate.end - plans[0].learn[0].as_of).days
        if days < 365:
            told.append(
                f"Seasons: its windows span {days} days, less than a year; what the other months "
                "bring it cannot know."
            )
    told += _few_brands(span)
    if training.facts.meaning.absent == "zero":
        told.append(
            "Sampling: pairs without a sale are sampled and weighted, in learning and in judging."
        )
    return told


def _few_brands(span: Span) -> list[str]:
    if span.counts["brands known"] >= FEW_BRANDS:
        return []
    return [f"Few brands: with {span.counts['brands known']} the intervals over brands are rough."]
