"""What a deal is answered as: the same shapes serve HTTP and the command line's JSON."""

from datetime import date
from typing import Any

from pydantic import Field

from models.deals.deal import Deal
from serving.digits import rounded
from serving.responses import Answer, EstimateAnswer, Share


class OfferRangeAnswer(Answer):
    """The middle 90 % of the commissions that creators like this one were offered."""

    whose: str
    commission_lo: float
    commission_hi: float
    offers: int


class SuggestionAnswer(Answer):
    """The commission with the highest P(yes) x expected profit within what was offered before."""

    commission_rate: float
    lo80: float = Field(
        description="The lowest such if commission moves a yes as little, or as much, as its 80 % "
        "interval allows. Equal ends: the best moves by less than the half point that is tried, "
        "or `at_end` holds it."
    )
    hi80: float
    p_accept: Share
    profit: float = Field(description="Expected at that commission, if accepted.")
    value: float = Field(description="P(yes) x expected profit.")
    range: OfferRangeAnswer
    at_end: str | None = Field(description="lowest or highest, where it ends at the range.")


class CurvePointAnswer(Answer):
    """What a commission would bring."""

    commission_rate: float
    p_accept: Share
    profit: float
    value: float


class DealOptionAnswer(Answer):
    """A format on its terms. Null is not known, and `notes` say why."""

    name: str = Field(examples=["mixed session, slot fee"])
    format: str = Field(examples=["mixed"])
    slot_fee: float | None
    commission_rate: float | None = Field(description="A share of GMV.")
    gmv: EstimateAnswer | None = Field(description="Expected of one session.")
    break_even_gmv: float | None = Field(
        description="(slot fee + samples) / [(1 - r)(m - c) - r h]; null where no GMV breaks even."
    )
    profit: EstimateAnswer | None = Field(description="Expected of one session, if accepted.")
    p_loss: Share | None = Field(description="That one session loses money.")
    p_accept: EstimateAnswer | None = Field(description="P(yes) on these terms.")
    value: float | None = Field(description="P(yes) x expected profit.")
    suggestion: SuggestionAnswer | None
    curve: list[CurvePointAnswer]
    notes: list[str]


class DealAnswer(Answer):
    """Every way to make a deal of a brand with a creator, for one product."""

    brand_id: str
    brand_name: str | None
    creator_id: str
    creator_name: str | None
    tier: str | None
    product_id: str | None
    product_title: str | None
    asked_commission: float | None = Field(description="What the creator asks, a share.")
    asked_slot_fee: float | None
    margin_rate: float | None
    return_rate: float | None
    options: list[DealOptionAnswer]
    fee_worth: float | None = Field(
        description="The fee at which a dedicated session is expected to earn what the first "
        "option does."
    )
    commission_worth_fee: float | None = Field(
        description="The pure commission that costs what slot fee and commission together do."
    )
    notes: list[str]
    matrix_version: str
    as_of: date
    currency: str


def deal_answer(told: Deal) -> DealAnswer:
    """The answer of a deal, numbers rounded to the digits that the matrix holds."""
    return DealAnswer.model_validate(rounded(DealAnswer.model_validate(told).model_dump()))


def deal_json(told: Deal) -> dict[str, Any]:
    """The same object that the service answers."""
    return deal_answer(told).model_dump(mode="json")
