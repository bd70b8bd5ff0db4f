"""A brand's portfolio: whom to ask together, why each, and which limit holds it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from models.matrix.matrix import AllianceMatrix
from models.portfolio.choose import Choice, LimitTold, choose
from models.portfolio.frontier import FrontierPoint, frontier
from models.portfolio.limits import Wishes, expected_spending
from models.portfolio.of_matrix import OBJECTIVES, Pool, pool_of, settings_of
from models.portfolio.outcomes import Outcomes, outcomes
from models.portfolio.settings import PortfolioSettings
from models.portfolio.value import sample_loss
from models.shortlists.filters import ShortlistFilters
from models.shortlists.rows import ShortlistRow, shortlist_rows


@dataclass(frozen=True)
class Pick:
    """One creator of the portfolio. Money in major units; expected, unless another is said."""

    row: ShortlistRow
    """What the matrix says of the creator; its rank is the order of the picks."""
    p_accept: float | None
    """None where it is not known."""
    p_accept_assumed: float | None
    """What the value is reckoned with instead; None where P(accept) is known."""
    slot_fee: float
    sample_cost: float
    if_live: float
    """What a session brings, before its slot fee and sample."""
    alone: float
    """What asking this creator and nobody else brings."""
    adds: float
    """What it adds to those before it in the list."""
    marginal: float
    """What would be lost without it."""
    lost_to_overlap: float
    """With the others of the portfolio; half of it is each side's."""
    shares_with: str | None
    """With whom most of that."""
    lost_to_crowding: float
    sample_loss: float
    p_among_best: float
    explores: bool
    rising: bool
    """In the quadrant rising star, or named for growth: what exploring counts."""
    growing: bool
    """Named for growth ('alliance rising'), whatever the quadrant."""
    replacement: str | None
    """Who would best take its place within the limits."""
    replaced_gain: float | None
    """What that exchange would change."""


@dataclass(frozen=True)
class Portfolio:
    """Creators to ask together for one brand, and what a reader must know to use it."""

    brand_id: str
    brand_name: str | None
    objective: str
    """In words."""
    objective_note: str | None
    wishes: Wishes
    settings: PortfolioSettings
    picks: tuple[Pick, ...]
    worth: float
    """Expected, of all together."""
    outcomes: Outcomes
    expected_yes: float
    expected_live: float
    spent: float
    """Slot fees and samples, on average."""
    spent_if_all: float
    """The same when everybody accepts and goes live."""
    sample_loss: float
    exploration_cost: float
    limits: tuple[LimitTold, ...]
    frontier: tuple[FrontierPoint, ...]
    upper_bound: float
    is_exact: bool
    gap_at_most: float
    """By which share the best set of all, without exploring, could be better at most."""
    candidates: int
    remaining: int
    removed: Mapping[str, int]
    message: str | None
    notes: tuple[str, ...]
    matrix_version: str
    as_of: date
    currency: str


def portfolio(
    matrix: AllianceMatrix,
    brand_id: str,
    wishes: Wishes | None = None,
    filters: ShortlistFilters | None = None,
    settings: PortfolioSettings | None = None,
) -> Portfolio:
    """The best set found for the brand. The same request on the same matrix gives the same one.

    Raises UnknownBrand, UnsupportedObjective where the matrix forecasts no money, WrongInput
    where no set keeps the limits.
    """
    wishes, settings = wishes or Wishes(), settings or settings_of(matrix)
    pool = pool_of(matrix, brand_id, wishes, filters or ShortlistFilters(), settings)
    some = pool.some
    choice = choose(some, pool.value, wishes, settings)
    order = choice.order
    name = matrix.brands["name"].iloc[matrix.brand_position(brand_id)]
    best = choice.worth + choice.exploration_cost
    return Portfolio(
        brand_id=brand_id,
        brand_name=name if isinstance(name, str) else None,
        objective=OBJECTIVES[pool.objective],
        objective_note=pool.objective_note,
        wishes=wishes,
        settings=settings,
        picks=_picks(matrix, pool, choice, settings),
        worth=choice.worth,
        outcomes=outcomes(some, pool.value, order, settings, wishes.budget),
        expected_yes=float(some.accept[order].sum()),
        expected_live=float(some.accept[order].sum() * settings.fulfilment),
        spent=float(expected_spending(some, settings, hard=False)[order].sum()),
        spent_if_all=float(expected_spending(some, settings, hard=True)[order].sum()),
        sample_loss=float(sample_loss(some, settings)[order].sum()),
        exploration_cost=choice.exploration_cost,
        limits=choice.limits,
        frontier=frontier(some, pool.value, wishes, settings),
        upper_bound=choice.upper_bound,
        is_exact=choice.is_exact,
        gap_at_most=_gap(best, choice.upper_bound),
        candidates=pool.total,
        remaining=len(some),
        removed=pool.removed,
        message=_message(brand_id, pool, choice, wishes),
        notes=pool.notes,
        matrix_version=matrix.manifest.version,
        as_of=matrix.manifest.as_of,
        currency=matrix.manifest.currency,
    )


def _picks(
    matrix: AllianceMatrix, pool: Pool, choice: Choice, settings: PortfolioSettings
) -> tuple[Pick, ...]:
    some, order = pool.some, choice.order
    rows = shortlist_rows(pool.view, pool.rows[order])
    lost = sample_loss(some, settings)[order]
    growing = pool.view.of_creators("rising")[pool.rows] == 1

    def named(position: int) -> str | None:
        return None if position < 0 else str(some.ids[position])

    return tuple(
        Pick(
            row=rows[i],
            p_accept=float(some.accept[at]) if some.accept_known[at] else None,
            p_accept_assumed=None if some.accept_known[at] else float(some.accept[at]),
            slot_fee=float(some.slot_fee[at]),
            sample_cost=float(some.sample_cost[at]),
            if_live=float(some.worth[at]),
            alone=float(pool.value.alone[at]),
            adds=float(choice.adds[i]),
            marginal=float(choice.marginal[i]),
            lost_to_overlap=float(choice.overlap[i]),
            shares_with=named(int(choice.shares_with[i])),
            lost_to_crowding=float(choice.crowding[i]),
            sample_loss=float(lost[i]),
            p_among_best=float(choice.among_best[i]),
            explores=bool(choice.explores[i]),
            rising=bool(some.rising[at]),
            growing=bool(growing[at]),
            replacement=named(int(choice.replacement[i])),
            replaced_gain=None
            if np.isnan(choice.replaced_gain[i])
            else float(choice.replaced_gain[i]),
        )
        for i, at in enumerate(order.tolist())
    )


def _gap(worth: float, top: float) -> float:
    """By which share of itself the worth could be larger; 0 below what rounding makes."""
    return round(max(0.0, top / worth - 1), 9) if worth > 0 else 0.0


def _message(brand_id: str, pool: Pool, choice: Choice, wishes: Wishes) -> str | None:
    """Why the portfolio is empty or short; None otherwise."""
    if not pool.total:
        return (
            f"No creator was scored for '{brand_id}': it had no active product or no candidate "
            "on the date of the matrix. Add its products, then run 'alliance score' again."
        )
    asked = len(choice.order)
    if not len(pool.some):
        most = max(pool.removed, key=lambda words: pool.removed[words])
        return (
            f"None of {pool.total:,} creators is left; '{most}' removed the most "
            f"({pool.removed[most]:,}). {pool.advice or 'Relax that first.'}"
        )
    if asked >= wishes.asked:
        return None
    binding = [limit for limit in choice.limits if limit.gain > 0]
    if not binding:
        return (
            f"{asked:,} are asked and not {wishes.asked:,}: another one would not add to what "
            "these bring together."
        )
    first = max(binding, key=lambda limit: limit.gain)
    return (
        f"{asked:,} are asked and not {wishes.asked:,}: '{first.name}' holds the portfolio back; "
        "widen it for more."
    )
