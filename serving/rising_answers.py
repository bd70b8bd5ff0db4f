"""What is answered about rising creators and cold starts: over HTTP and as JSON alike."""

from datetime import date
from typing import Any

from pydantic import Field

from models.rising.rising_list import RisingList
from serving.responses import Answer, EstimateAnswer, Share


class OutlookAnswer(Answer):
    """What is forecast of the creator for a brand. Null always means not known, never zero."""

    conversion: EstimateAnswer | None = Field(description="A share: mean over active products.")
    benchmark_rate: float | None
    p_above_benchmark: Share | None = Field(
        description="Probability that the true conversion is above the benchmark."
    )
    gmv: EstimateAnswer | None = Field(description="Money paid in one session of the product.")
    net_gmv: EstimateAnswer | None = Field(description="GMV after returns, money per session.")
    profit: EstimateAnswer | None
    best_product_id: str | None
    best_product_title: str | None
    p_accept: Share | None = Field(description="Probability that an invitation is accepted.")
    quadrant: str | None
    action: str | None
    evidence_sessions: int | None = Field(description="Sessions of this creator with this brand.")


class RisingCreatorAnswer(Answer):
    """One creator who was named as rising."""

    rank: int = Field(ge=1)
    creator_id: str
    creator_name: str | None
    main_category: str | None
    tier: str | None
    followers: int | None
    growth: EstimateAnswer = Field(
        description="How many times as many come to a session as before: 1 is as many. Views "
        "that were paid for are left out, and so is what moved the whole market."
    )
    growth_probability: Share = Field(
        description="Posterior probability that at least a tenth more come."
    )
    growth_p: Share = Field(
        description="p-value of no such growth; what trying several windows costs is paid for."
    )
    growth_days: int = Field(description="Recent sessions are those of so many days.")
    sessions: int = Field(description="Recent sessions that counted.")
    sessions_before: int = Field(description="Sessions of the year before them.")
    brand_id: str | None = Field(
        description="The brand asked for, else the one with the highest forecast."
    )
    pair: OutlookAnswer | None = Field(description="Null where that pair was not scored.")


class ColdStartAnswer(Answer):
    """One creator who never went live."""

    rank: int = Field(ge=1)
    creator_id: str
    creator_name: str | None
    rests_on: str = Field(examples=["category beauty, 210,000 followers; no session"])
    brand_id: str
    pair: OutlookAnswer
    width: float | None = Field(
        description="Upper over lower end of the 80 % interval of the list's `objective`."
    )


class RisingAnswer(Answer):
    """Rising creators by expected growth, and cold starts apart from them."""

    q: float = Field(
        description="Of the named at most this share is expected not to have grown (Benjamini "
        "and Hochberg)."
    )
    brand_id: str | None
    objective: str | None = Field(description="What cold starts are ranked by.")
    k: int
    tested: int
    untested: int = Field(description="Creators with sessions, but too few to be tested.")
    named: int
    rows: list[RisingCreatorAnswer]
    cold_creators: int = Field(description="Creators without any session.")
    cold_start: list[ColdStartAnswer]
    usual_width: float | None = Field(
        description="The middle `width` of forecasts for creators with sessions."
    )
    message: str | None = Field(description="Why nobody is named.")
    matrix_version: str
    as_of: date
    currency: str


def rising_json(told: RisingList) -> dict[str, Any]:
    """The same object that the service answers."""
    return RisingAnswer.model_validate(told).model_dump(mode="json")
