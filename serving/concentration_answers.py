"""What is answered about concentration: over HTTP and as JSON alike."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field

from models.concentration import Concentration
from serving.responses import Answer


class InequalityAnswer(Answer):
    """How unevenly one thing is shared out among all creators."""

    name: str = Field(
        description="exposure and invitations are of the last 90 days; listed_exposure and "
        "listed_places are of every brand's list of k."
    )
    total: float
    creators: int
    without: int = Field(description="Creators who have none of it.")
    gini: float | None = Field(description="0: all have as much; near 1: one has all.")
    top_tenth: float | None = Field(description="Share of the tenth who have most.")
    lorenz: list[float] = Field(description="Share of the poorest 0, 1, ... 100 % of the creators.")


class TierSharesAnswer(Answer):
    """What the creators of one tier have, as shares. Null means not known."""

    tier: str
    creators: int
    creators_share: float
    exposure: float | None
    invitations: float | None
    listed_exposure: float | None
    listed_places: float


class CreatorSharesAnswer(Answer):
    """What one creator has, as shares. Null means not known."""

    creator_id: str
    creator_name: str | None
    tier: str | None
    exposure: float | None
    invitations: float | None
    listed_exposure: float | None
    lists: int = Field(description="How many brands' lists name the creator.")


class FloorCostAnswer(Answer):
    """What floors cost: the same lists without and with them."""

    floors: Mapping[str, float]
    feasible: bool = Field(description="False: no lists can keep them, and the rest is null.")
    worth: float | None = Field(description="Of one session with every creator of every list.")
    cost: float | None = Field(description="By how much less than without a floor, money.")
    cost_share: float | None
    changed: int | None = Field(description="Places that go to another creator.")
    shares: Mapping[str, float] | None = Field(description="Share of each tier under the floors.")


class ConcentrationAnswer(Answer):
    """Who is seen and asked, and what it would cost to share it out more widely."""

    k: int = Field(description="Creators each brand lists.")
    objective: str = Field(description="What lists are ranked by, and costs are told in.")
    exposure_is: str | None = Field(description="What exposure of the past counts.")
    measures: list[InequalityAnswer]
    tiers: list[TierSharesAnswer]
    creators: list[CreatorSharesAnswer]
    floor_of: str = Field(description="exposure (expected impressions of the lists) or places.")
    worth: float = Field(description="Of the lists without a floor, money.")
    floor: FloorCostAnswer
    frontier: list[FloorCostAnswer] = Field(description="Lower and higher floors, and their cost.")
    message: str | None = Field(description="Why the floor cannot be kept.")
    matrix_version: str
    as_of: date
    currency: str


def concentration_json(told: Concentration) -> dict[str, Any]:
    """The same object that the service answers."""
    return ConcentrationAnswer.model_validate(told).model_dump(mode="json")
