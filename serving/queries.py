"""What a request may ask: parameters with their limits, checked before anything is read."""

import datetime
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from features.errors import WrongInput
from models.shortlists.constraints import audience_limit, quadrant_named
from models.shortlists.filters import SOFTENED, ShortlistFilters
from models.shortlists.objectives import DEFAULTS, OBJECTIVES, weights_of

MOST = 1_000


def _objective(text: str) -> str:
    return _checked(_known_weights, text)


def _known_weights(text: str) -> None:
    for name in weights_of(text):
        if name not in OBJECTIVES:
            raise WrongInput(f"there is no objective '{name}'; there are {', '.join(OBJECTIVES)}")


def named_quadrant(name: str) -> str:
    """The name as it came; ValueError, which tells those there are, where there is none."""
    return _checked(quadrant_named, name)


def _audience(text: str) -> str:
    return _checked(audience_limit, text)


def _checked(read: Callable[[str], object], text: str) -> str:
    """The text as it came, once `read` accepts it."""
    try:
        read(text)
    except WrongInput as error:
        raise ValueError(str(error)) from None
    return text


class FiltersQuery(BaseModel):
    """Whom to leave out; a name that is not here is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    product: list[str] = Field([], description="Only these products of the brand.")
    min_price: float | None = Field(None, ge=0, description="Only products at this price on.")
    max_price: float | None = Field(None, ge=0, description="Only products up to this price.")
    category: list[str] = Field([], description="Main category of the creator; repeat for more.")
    tier: list[str] = Field([], description="Tier of the creator, by followers.")
    level: list[str] = Field([], description="The marketplace's own grade.")
    region: list[str] = []
    agency: list[str] = []
    audience: list[Annotated[str, AfterValidator(_audience)]] = Field(
        [],
        description="`group=share`: at least this share of the audience.",
        examples=["female=0.6"],
    )
    format: list[Literal["dedicated", "mixed"]] = Field([], description="Has held such sessions.")
    min_followers: int | None = Field(None, ge=0)
    max_followers: int | None = Field(None, ge=0)
    max_slot_fee: float | None = Field(None, ge=0, description="In the matrix's currency.")
    max_commission: float | None = Field(None, ge=0, le=1, description="A share: 0.2 is 20 %.")
    max_return_rate: float | None = Field(None, ge=0, le=1, description="As forecast.")
    min_acceptance: float | None = Field(None, ge=0, le=1, description="Probability of a yes.")
    live_within: int | None = Field(None, ge=0, description="Days since the last session, at most.")
    not_invited_within: int | None = Field(
        None, ge=0, description="Leave out whom the brand has invited within so many days."
    )
    quadrant: list[Annotated[str, AfterValidator(named_quadrant)]] = Field(
        [],
        description="core contributor, rising star (sells well, shown little), mend, "
        "not_enough_data.",
    )
    without_flag: list[str] = Field([], description="Leave out creators with this flag.")
    no_flags: bool = Field(False, description="Leave out creators with any flag.")
    exclude: list[str] = Field([], description="Creator ids to leave out.")
    new_only: bool = Field(False, description="Only creators who never sold for the brand.")
    existing_only: bool = Field(False, description="Only creators who did.")
    rising_only: bool = Field(
        False, description="Only creators named for growth, as `/v1/rising` lists them."
    )
    soft: list[Literal[SOFTENED]] = Field(  # type: ignore[valid-type]
        [],
        description="Conditions that are preferences: who misses one moves down, none is removed.",
    )

    @property
    def filters(self) -> ShortlistFilters:
        return ShortlistFilters(**self.model_dump(include=set(FiltersQuery.model_fields)))


class ShortlistQuery(FiltersQuery):
    """Parameters of a shortlist."""

    k: int = Field(20, ge=1, le=MOST, description="How many creators to list.")
    objective: Annotated[str, AfterValidator(_objective)] | None = Field(
        None,
        description="What to rank by: one of " + ", ".join(OBJECTIVES) + "; or a weighted mix of "
        "their standings, profit=0.7,conversion=0.3. Without it the first the matrix has of "
        + ", ".join(DEFAULTS)
        + ".",
        examples=["profit", "profit=0.7,conversion=0.3"],
    )

    date: datetime.date | None = Field(
        None, description="Forecasts for the 30 days from a later day, where published."
    )
    campaign: str | None = Field(
        None, description="Forecasts for the 30 days from a campaign's start, where published."
    )

    @property
    def occasion(self) -> str | None:
        """What these forecasts are published under; WrongInput for both a day and a campaign."""
        if self.date is not None and self.campaign is not None:
            raise WrongInput("Give `date` or `campaign`, not both.")
        return self.campaign if self.date is None else self.date.isoformat()


class ChangesQuery(ShortlistQuery):
    """A shortlist, and the version it is compared with."""

    against: str = Field("previous", description="A kept version, or the one before this.")


class BrandsQuery(BaseModel):
    """Parameters of a search for brands."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    q: str = Field("", description="A part of the id or of the name; empty lists all.")
    limit: int = Field(50, ge=1, le=MOST)
    offset: int = Field(0, ge=0)
