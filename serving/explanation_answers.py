"""An explained pair as it is answered: the same shapes serve HTTP and the command line's JSON."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import Field

from models.explanations.explanation import Explanation
from models.shortlists.reasons import Reason
from serving.explanation_words import change_words, standing_words
from serving.responses import Answer, ReasonAnswer, ShortlistRowAnswer


class PartAnswer(Answer):
    """What one part does to the outcome, against the brand's usual candidate."""

    name: Literal[
        "creator", "product", "price", "paid_traffic", "organic_traffic", "campaign", "fit"
    ]
    factor: float = Field(description="The factors of all parts multiply to pair / usual.")
    usual_factor: float | None = Field(
        description="The brand's usual candidate against the mean of those of all brands."
    )
    money: float | None = Field(description="In GMV; all parts sum to gmv - usual_gmv.")


class CounterReasonAnswer(Answer):
    """A group of facts that lowers the outcome."""

    words: str
    group: str
    feature: str
    value: float | None
    factor: float = Field(description="By what the group multiplies the outcome; below 1.")


class OtherProductAnswer(Answer):
    """The same creator with another product of the brand; money of one session."""

    product_id: str
    title: str | None
    price: float | None
    gmv: float | None
    net_gmv: float | None
    profit: float | None
    evidence_sessions: int | None = Field(description="Of this creator with this product.")
    extrapolated: bool


class RankChangeAnswer(Answer):
    """The least change of one lever that takes the pair across rank k."""

    lever: Literal["commission", "slot_fee", "product", "price", "product_list"]
    value: float | None = Field(description="Commission (a share), fee or price; null of products.")
    now: float | None
    rank: int = Field(description="The rank it would have.")
    products: list[str]
    at_most: bool = Field(description="Of a price: at most; else at least.")
    words: str


class StandingAnswer(Answer):
    """Rank in the brand's list, and what would change it within what was observed."""

    objective: str
    objective_note: str | None
    k: int
    rank: int | None
    candidates: int
    score: float | None
    bar: float | None = Field(description="The k-th best score of the others.")
    within: bool
    reaches: bool | None = Field(description="The other side of the bar lies in its 80 % interval.")
    changes: list[RankChangeAnswer]
    tried: Mapping[str, str] = Field(description="Levers that do not change it, with why.")
    words: list[str]


class ExplanationAnswer(Answer):
    """Where the expected result of one pair comes from."""

    brand_id: str
    brand_name: str | None
    product_id: str | None
    outcome: Literal["gmv", "conversion", "collaboration"] = Field(
        description="What the parts are of."
    )
    gmv: float | None
    usual_gmv: float | None = Field(description="Of the brand's usual candidate.")
    parts: list[PartAnswer]
    no_parts: str | None = Field(description="Why there are no parts.")
    reasons: list[ReasonAnswer] = Field(
        description="What moved the conversion forecast (or score) most."
    )
    counters: list[CounterReasonAnswer]
    advice: str | None = Field(description="Whether to change the product or the creator.")
    others: list[OtherProductAnswer]
    further_sessions: int | None = Field(description="Together, that would settle the diagnosis.")
    standing: StandingAnswer
    row: ShortlistRowAnswer
    matrix_version: str
    as_of: date
    currency: str
    conversion_denominator: str | None


def explanation_answer(told: Explanation) -> ExplanationAnswer:
    """The answer of an explanation."""
    standing = told.standing
    changes = [
        {**vars(change), "words": change_words(change, standing)} for change in standing.changes
    ]
    same = {
        name: getattr(told, name)
        for name in ExplanationAnswer.model_fields
        if name not in ("standing", "counters", "reasons")
    }
    return ExplanationAnswer.model_validate(
        same
        | {
            "reasons": told.row.reasons,
            "counters": [_counter(one) for one in told.counters],
            "standing": vars(standing) | {"changes": changes, "words": standing_words(standing)},
        }
    )


def explanation_json(told: Explanation) -> dict[str, Any]:
    """The same object that the service answers, with `rows`: its parts."""
    document = explanation_answer(told).model_dump(mode="json")
    return document | {"rows": document["parts"]}


def _counter(one: Reason) -> dict[str, Any]:
    return {name: value for name, value in vars(one).items() if name != "odds_factor"} | {
        "factor": one.odds_factor
    }
