"""What a request for a portfolio may ask."""

from typing import Annotated

from pydantic import AfterValidator, Field

from features.errors import WrongInput
from models.matrix.matrix import AllianceMatrix
from models.portfolio.limits import Wishes, tier_mix
from models.portfolio.of_matrix import settings_of
from models.portfolio.settings import PortfolioSettings
from models.shortlists.filters import ShortlistFilters
from serving.queries import FiltersQuery

MOST_ASKED = 200
USUAL = PortfolioSettings()


def _tier(value: str) -> str:
    try:
        tier_mix([value])
    except WrongInput as error:
        raise ValueError(str(error)) from None
    return value


class PortfolioQuery(FiltersQuery):
    """Parameters of a portfolio."""

    k: int = Field(
        10,
        ge=1,
        le=MOST_ASKED,
        description="Creators who are to accept, on average; asked, unless "
        "invitations says how many are.",
    )
    invitations: int | None = Field(
        None, ge=1, le=MOST_ASKED, description="Creators asked at most."
    )
    budget: float | None = Field(
        None, ge=0, description="Slot fees and samples, in the matrix's currency."
    )
    samples: int | None = Field(None, ge=0, description="Samples sent.")
    max_per_agency: int | None = Field(None, ge=1)
    tier: list[Annotated[str, AfterValidator(_tier)]] = Field(
        [],
        description="Tier to keep to (waist), or how many of it are asked (head=0:2, waist=1:).",
    )
    explore: float = Field(
        0.0, ge=0, le=1, description="Share of the invitations for creators who are not proven."
    )
    hard_budget: bool = Field(
        False, description="Count budget and samples as if everybody accepts, not on average."
    )
    overlap_loss: float = Field(
        USUAL.overlap_loss,
        ge=0,
        le=1,
        description="Assumed: share of a shared follower's second purchase that is lost.",
    )
    peak_creators: float = Field(
        USUAL.peak_creators,
        ge=1,
        le=1e6,
        description="Assumed: so many creators live for the brand sell the most together.",
    )
    fulfilment: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Share of accepted invitations that go live; without it as learned from "
        f"collaborations, else {USUAL.fulfilment:g} is assumed.",
    )

    @property
    def filters(self) -> ShortlistFilters:
        tiers, _ = tier_mix(self.tier)
        told = self.model_dump(include=set(FiltersQuery.model_fields))
        return ShortlistFilters(**{**told, "tier": tiers})

    @property
    def wishes(self) -> Wishes:
        return Wishes(
            k=self.k,
            invitations=self.invitations,
            budget=self.budget,
            samples=self.samples,
            max_per_agency=self.max_per_agency,
            tiers=tier_mix(self.tier)[1],
            explore=self.explore,
            hard_budget=self.hard_budget,
        )

    def settings(self, matrix: AllianceMatrix) -> PortfolioSettings:
        return settings_of(matrix, self.overlap_loss, self.peak_creators, self.fulfilment)
