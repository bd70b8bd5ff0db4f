"""What the service answers, with units: the same shapes serve HTTP and the command line's JSON."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]


class Answer(BaseModel):
    """Read from our own records by attribute."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class EstimateAnswer(Answer):
    """A forecast with its 80 % interval; the interval is of the expected value."""

    mean: float
    lo80: float | None = Field(description="One in ten true values lies below.")
    hi80: float | None = Field(description="One in ten true values lies above.")


class ReasonAnswer(Answer):
    """One of the facts that moved the conversion forecast (else the collaboration score) most."""

    words: str = Field(examples=["sells 5.3 % of clicks over 90 days"])
    group: str = Field(description="The kind of fact, in words.", examples=["creator's conversion"])
    feature: str = Field(description="Name of the strongest feature of the group.")
    value: float | None = Field(description="What the model saw; null when unknown.")
    odds_factor: float = Field(
        description="By what the group multiplies the odds of an order, against the brand's usual "
        "candidate; below 1 it speaks against. Where no sale is forecast, the odds of being "
        "chosen.",
        examples=[1.24],
    )


class RankedCreatorAnswer(Answer):
    """Who stands at a place of a list. Null always means not known, never zero."""

    rank: int = Field(ge=1)
    creator_id: str
    creator_name: str | None
    main_category: str | None
    tier: str | None = Field(description="By followers.")
    followers: int | None
    region: str | None
    agency: str | None


class ShortlistRowAnswer(RankedCreatorAnswer):
    """One creator of a shortlist. Null always means not known, never zero."""

    conversion: EstimateAnswer | None = Field(
        description="Orders per `conversion_denominator`, a share: mean over active products."
    )
    benchmark_rate: float | None = Field(
        description="Conversion of field sessions of comparable merchants, a share."
    )
    benchmark_level: str | None = Field(
        description="Which merchants those are.", examples=["industry x tier"]
    )
    lift: float | None = Field(
        description="conversion / benchmark - 1: 0.31 is 31 % above.", examples=[0.31]
    )
    p_above_benchmark: Share | None = Field(
        description="Probability that the true conversion is above the benchmark."
    )
    impressions: EstimateAnswer | None = Field(
        description="Times the best product is shown in one session."
    )
    click_through_rate: EstimateAnswer | None = Field(description="Clicks per impression, a share.")
    gpm: EstimateAnswer | None = Field(description="Money; the list's `gpm_is` says per what.")
    gmv: EstimateAnswer | None = Field(description="Money paid in one session of the best product.")
    return_rate: EstimateAnswer | None = Field(description="Orders returned, a share.")
    net_gmv: EstimateAnswer | None = Field(description="GMV after returns, money per session.")
    profit: EstimateAnswer | None = Field(
        description="After returns, margin, commission, slot fee and samples, money per session."
    )
    new_followers: EstimateAnswer | None = Field(
        description="People who begin to follow the creator in one session."
    )
    repurchase_rate: EstimateAnswer | None = Field(
        description="Buyers of the best product who had bought before, a share of its buyers."
    )
    best_product_id: str | None = Field(description="The product with the highest net GMV.")
    best_product_title: str | None
    p_accept: Share | None = Field(description="Probability that an invitation is accepted.")
    p_collaboration: float | None = Field(description="A score to rank by, not a probability.")
    quadrant: str | None = Field(
        description="core contributor, rising star, mend, or not_enough_data."
    )
    action: str | None = Field(description="What the diagnosis says to do.")
    evidence_sessions: int | None = Field(description="Sessions of this creator with this brand.")
    evidence_denominator: int | None = Field(
        description="Clicks (or what `conversion_denominator` names) this pair has had."
    )
    extrapolated: bool = Field(description="Forecast outside of what the model has seen.")
    extrapolated_why: str | None = Field(
        description="In which way it lies outside; null when it does not.",
        examples=["price beyond the 5 to 1,200 learned from"],
    )
    reasons: list[ReasonAnswer] = Field(description="At most three, the strongest first.")
    score: float | None = Field(
        description="What it is ranked by, 0 to 1, where that is a mix or there are preferences."
    )
    unmet: list[str] = Field(description="Preferences that it does not meet.")


class RelaxationAnswer(Answer):
    """One constraint that could give way."""

    constraint: str = Field(description="In words.", examples=["at least 1,000,000 followers"])
    remaining: int = Field(description="Creators who would be left without it.")
    enough_at: float | None = Field(
        description="Of a limit: the nearest value at which k would be left."
    )


class ShortlistAnswer(Answer):
    """A ranked list of creators for one brand, from one version of the matrix."""

    brand_id: str
    brand_name: str | None
    objective: str = Field(description="What `rows` are ranked by, highest first.")
    objective_note: str | None = Field(description="Why this one, when none was asked for.")
    k: int
    candidates: int = Field(description="Creators scored for the brand, before filters.")
    remaining: int = Field(description="Creators left after filters; `rows` are the first k.")
    removed: Mapping[str, int] = Field(
        description="How many each filter removed from what the earlier ones left."
    )
    relaxations: list[RelaxationAnswer] = Field(
        description="Where fewer than k are left: what each constraint holds back."
    )
    products: list[str] = Field(description="What was asked for; empty = all active products.")
    message: str | None = Field(description="Why the list is short or empty, and what to relax.")
    matrix_version: str
    as_of: date = Field(description="Sessions that ended before this day (UTC) are known.")
    occasion: str | None = Field(
        description="The later day or campaign it is for; null = the weeks from `as_of`."
    )
    conversion_denominator: str | None
    currency: str = Field(description="Of every amount of money, in major units.")
    gpm_is: str = Field(examples=["1000 x GMV / product impressions"])
    null_columns: Mapping[str, str] = Field(
        description="Columns without any value in this matrix, each with the reason."
    )
    notes: list[str] = Field(description="What the source lacks and what was assumed.")
    rows: list[ShortlistRowAnswer]


class MovedAnswer(Answer):
    """One creator in two lists."""

    creator_id: str
    creator_name: str | None
    move: Literal["entered", "left", "up", "down", "stayed"]
    rank_before: int | None = Field(description="Among all who passed; null = did not.")
    rank_after: int | None
    reasons: list[str] = Field(
        description="What moved it, in words.",
        examples=[["net_gmv: 12,300 -> 9,840 (-20%)", "mostly traffic (-18%)"]],
    )


class DifferenceAnswer(Answer):
    """The same request of two versions of the matrix, side by side."""

    brand_id: str
    k: int
    objective_before: str
    objective_after: str
    version_before: str
    version_after: str
    same: bool = Field(description="The same creators in the same order.")
    rows: list[MovedAnswer] = Field(description="The later list in its order, then those who left.")


class BrandAnswer(Answer):
    """A brand of the matrix."""

    brand_id: str
    name: str | None
    industry: str | None
    brand_tier: str | None
    candidates: int = Field(description="Creators scored for it.")


class BrandsAnswer(Answer):
    """Brands that match, in the order of their ids."""

    matrix_version: str
    as_of: date
    total: int = Field(description="How many match; `rows` are `limit` of them after `offset`.")
    rows: list[BrandAnswer]


class MatrixAnswer(Answer):
    """Where the numbers come from and how they are to be read."""

    version: str
    as_of: date
    model_name: str
    model_version: str
    run_id: str = Field(description="The training run in MLflow.")
    data_fingerprint: str
    rows: int = Field(ge=0, description="Pairs of brand and creator.")
    brands: int
    creators: int
    grid: Literal["exact", "retrieval"] = Field(
        description="exact: every candidate of every brand; retrieval: the best of each brand."
    )
    retrieval_k: int | None
    retrieval_recall: float | None = Field(
        description="Share of the exact grid's top list that retrieval kept."
    )
    conversion_denominator: str | None
    currency: str
    absent: str = Field(description="What a session without a line of a product says.")
    gpm_is: str
    objectives: list[str] = Field(description="What shortlists of this matrix can be ranked by.")
    null_columns: Mapping[str, str]
    notes: list[str]


class HealthAnswer(Answer):
    """Whether shortlists can be served."""

    status: Literal["ok", "degraded"] = Field(
        description="degraded: an older version is served because the newer one is broken."
    )
    matrix_version: str
    as_of: date
    refused: str | None = Field(description="Why the newer version is not served.")


class ParameterProblem(Answer):
    """One parameter that cannot be used."""

    parameter: str
    problem: str
    given: str | None = None


class ProblemAnswer(Answer):
    """A problem document (RFC 9457)."""

    type: str = Field(description="Which kind, as a link to its explanation.")
    title: str
    status: int
    detail: str = Field(description="What is wrong and what to do next.")
    instance: str = Field(description="The path that was asked.")
    close: list[str] | None = Field(None, description="Ids close to the one asked for.")
    errors: list[ParameterProblem] | None = Field(None, description="Each wrong parameter.")
