"""What the service answers about a portfolio; the same shapes serve the command line's JSON."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field

from models.portfolio.choose import LimitTold
from models.portfolio.portfolio import Pick, Portfolio
from serving.digits import rounded
from serving.portfolio_words import assumptions, limit_words, why
from serving.responses import Answer, EstimateAnswer, RankedCreatorAnswer, Share


class PickAnswer(RankedCreatorAnswer):
    """One creator to ask. Money is expected, in major units; null always means not known."""

    rank: int = Field(ge=1, description="The creator that adds most comes first.")
    best_product_id: str | None
    best_product_title: str | None
    why: str = Field(description="Why this creator, and what speaks against it, in a sentence.")
    explores: bool = Field(description="Picked by posterior, to learn; not for what it brings.")
    rising: bool = Field(
        description="In the diagnosis's quadrant `rising star` (`quadrant` says so), or `growing`."
    )
    growing: bool = Field(description="Named for growth: ever more people come to its sessions.")
    p_accept: Share | None = Field(description="Probability that the invitation is accepted.")
    p_accept_assumed: Share | None = Field(
        description="What its value is reckoned with where `p_accept` is null; else null."
    )
    slot_fee: float
    sample_cost: float
    if_live: float = Field(description="What a session brings before its slot fee and sample.")
    alone: float = Field(description="What asking this creator and nobody else brings.")
    adds: float = Field(description="What it adds to those before it; sums to `worth`.")
    marginal: float = Field(description="What would be lost without it.")
    lost_to_overlap: float = Field(description="With the others, to a shared audience.")
    shares_with: str | None = Field(description="Creator with whom most of that is lost.")
    lost_to_crowding: float = Field(description="With the others, as one of many.")
    sample_loss: float = Field(description="Expected cost of a sample without a session.")
    p_among_best: Share = Field(
        description="Probability of being among as many best as there are invitations."
    )
    replacement: str | None = Field(description="Who would best take its place; null: nobody fits.")
    replaced_gain: float | None = Field(description="What that exchange would change.")
    net_gmv: EstimateAnswer | None
    profit: EstimateAnswer | None
    quadrant: str | None
    evidence_sessions: int | None
    extrapolated: bool


class LimitAnswer(Answer):
    """A limit, and what more of it would give."""

    name: str
    words: str
    used: float
    limit: float
    binding: bool = Field(description="Full, or more of it would add something.")
    more: float = Field(description="By how much it was widened to see.")
    gain: float = Field(description="What that would add.")
    shadow_price: float = Field(description="What one more unit gives: gain / more.")


class FrontierPointAnswer(Answer):
    """The most that a budget brings."""

    budget: float
    spent: float
    worth: float
    creators: int


class PortfolioAnswer(Answer):
    """Creators to ask together for one brand, from one version of the matrix."""

    brand_id: str
    brand_name: str | None
    objective: str = Field(description="What was maximised, in words.")
    objective_note: str | None = Field(description="Why not profit, where it is not.")
    k: int
    invitations: int = Field(description="Creators asked at most.")
    worth: float = Field(description="Expected, of all together, in major units.")
    worth_lo80: float = Field(description="One in ten outcomes lies below.")
    worth_hi80: float = Field(description="One in ten outcomes lies above.")
    p_loss: Share = Field(description="Probability that fees and samples are not earned back.")
    expected_yes: float = Field(description="Reckoned with what is assumed where unknown.")
    expected_live: float
    spent: float = Field(description="Slot fees and samples, on average.")
    spent_if_all: float = Field(description="The same when everybody accepts and goes live.")
    p_over_budget: Share | None = Field(description="Null without a budget.")
    sample_loss: float
    exploration_cost: float = Field(description="Expected worth given up for exploring.")
    upper_bound: float = Field(description="No portfolio within the limits is worth more.")
    gap_at_most: float = Field(
        description="By which share the best portfolio, without exploring, could be better."
    )
    is_exact: bool = Field(description="The best of all was found for certain.")
    candidates: int = Field(description="Creators scored for the brand, before filters.")
    remaining: int = Field(description="Of whom the portfolio was chosen.")
    removed: Mapping[str, int]
    message: str | None = Field(description="Why the portfolio is short or empty.")
    limits: list[LimitAnswer]
    frontier: list[FrontierPointAnswer] = Field(
        description="Budget against worth, other limits as asked, without exploring."
    )
    assumptions: list[str] = Field(description="What no source told.")
    notes: list[str] = Field(description="What this source lacks, and what was taken instead.")
    matrix_version: str
    as_of: date
    currency: str
    rows: list[PickAnswer]


def portfolio_answer(told: Portfolio) -> PortfolioAnswer:
    """The answer of a portfolio, numbers rounded to the digits that the matrix holds."""
    return PortfolioAnswer.model_validate(
        rounded(
            {
                **{name: getattr(told, name) for name in _SAME},
                "k": told.wishes.k,
                "invitations": told.wishes.asked,
                "worth_lo80": told.outcomes.lo80,
                "worth_hi80": told.outcomes.hi80,
                "p_loss": told.outcomes.p_loss,
                "p_over_budget": told.outcomes.p_over_budget,
                "limits": [_limit(limit) for limit in told.limits],
                "frontier": [vars(point) for point in told.frontier],
                "assumptions": list(assumptions(told)),
                "notes": list(told.notes),
                "rows": [_pick(pick, told) for pick in told.picks],
            }
        )
    )


def portfolio_json(told: Portfolio) -> dict[str, Any]:
    """The same object that the service answers, with its `rows`."""
    return portfolio_answer(told).model_dump(mode="json")


_SAME = tuple(
    name
    for name in PortfolioAnswer.model_fields
    if name in Portfolio.__dataclass_fields__ and name not in ("limits", "frontier", "notes")
)


def _limit(limit: LimitTold) -> dict[str, Any]:
    return {**vars(limit), "words": limit_words(limit), "shadow_price": limit.shadow_price}


def _pick(pick: Pick, told: Portfolio) -> dict[str, Any]:
    of_row = {name: getattr(pick.row, name, None) for name in PickAnswer.model_fields}
    own = {name: getattr(pick, name) for name in of_row if hasattr(pick, name)}
    return {**of_row, **own, "why": why(pick, told)}
