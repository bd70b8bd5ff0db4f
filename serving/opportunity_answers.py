"""What a creator is answered: nothing of a brand's books (docs/opportunities.md)."""

from datetime import date
from typing import Any

from pydantic import Field

from models.opportunities import Opportunities
from serving.responses import Answer, EstimateAnswer, Share


class OpportunityAnswer(Answer):
    """A product of a brand, as the creator may see it; a brand alone where only collaborations
    are known. Null is not known, never zero.
    """

    rank: int = Field(ge=1)
    brand_id: str
    brand_name: str | None
    industry: str | None
    product_id: str | None = Field(description="Null where only collaborations are known.")
    product_title: str | None
    category: str | None
    price: float | None
    commission_rate: float | None = Field(description="A share of what is sold and kept.")
    slot_fee: float | None
    net_gmv: EstimateAnswer | None = Field(description="Sold in one session, after returns.")
    earnings: EstimateAnswer | None = Field(description="commission x net GMV + slot fee.")
    interest: Share = Field(description="1: the brand would ask hardly anybody before; in tenths.")
    score: float | None = Field(
        description="earnings x interest; `rows` are ranked by it, by the place where it is null."
    )
    sessions_together: int
    reasons: list[str]
    counter_reasons: list[str]


class OpportunitiesAnswer(Answer):
    """Products that a creator would earn most with, and whose brands would want it."""

    creator_id: str
    creator_name: str | None
    main_category: str | None
    tier: str | None
    k: int
    considered: int = Field(description="Products (or brands) held against each other.")
    rows: list[OpportunityAnswer]
    notes: list[str]
    matrix_version: str
    as_of: date
    currency: str


def opportunities_answer(told: Opportunities) -> OpportunitiesAnswer:
    return OpportunitiesAnswer.model_validate(told)


def opportunities_json(told: Opportunities) -> dict[str, Any]:
    """The same object that the service answers."""
    return opportunities_answer(told).model_dump(mode="json")
