"""What a request may ask: parameters with their limits, checked before anything is read."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from features.errors import WrongInput
from models.filters import ShortlistFilters, quadrant_named

MOST = 1_000

Objective = Literal[
    "net_gmv",
    "gmv",
    "profit",
    "conversion",
    "gpm",
    "impressions",
    "new_followers",
    "repurchase",
    "acceptance",
    "collaboration",
]


def named_quadrant(name: str) -> str:
    """The quadrant of that name; ValueError, which names them, where there is none."""
    try:
        return quadrant_named(name)
    except WrongInput as error:
        raise ValueError(str(error)) from None


class FiltersQuery(BaseModel):
    """Whom to leave out; a name that is not here is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    category: list[str] = Field([], description="Main category of the creator; repeat for more.")
    tier: list[str] = Field([], description="Tier of the creator, by followers.")
    region: list[str] = []
    agency: list[str] = []
    min_followers: int | None = Field(None, ge=0)
    max_followers: int | None = Field(None, ge=0)
    max_slot_fee: float | None = Field(None, ge=0, description="In the matrix's currency.")
    max_commission: float | None = Field(None, ge=0, le=1, description="A share: 0.2 is 20 %.")
    quadrant: list[Annotated[str, AfterValidator(named_quadrant)]] = Field(
        [], description="core contributor, rising star, mend, not_enough_data."
    )
    exclude: list[str] = Field([], description="Creator ids to leave out.")
    new_only: bool = Field(False, description="Only creators who never sold for the brand.")

    @property
    def filters(self) -> ShortlistFilters:
        return ShortlistFilters(**self.model_dump(include=set(FiltersQuery.model_fields)))


class ShortlistQuery(FiltersQuery):
    """Parameters of a shortlist."""

    k: int = Field(20, ge=1, le=MOST, description="How many creators to list.")
    objective: Objective | None = Field(
        None,
        description="What to rank by; without it the first the matrix has of net_gmv, "
        "gmv, conversion, acceptance, collaboration.",
    )


class BrandsQuery(BaseModel):
    """Parameters of a search for brands."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    q: str = Field("", description="A part of the id or of the name; empty lists all.")
    limit: int = Field(50, ge=1, le=MOST)
    offset: int = Field(0, ge=0)
