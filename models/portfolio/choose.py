"""Choose: the set a brand should ask, what each of it adds, and what every limit costs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from features.errors import WrongInput
from models.portfolio.candidates import Candidates, Floats, Mask, Positions
from models.portfolio.exact import bound, exact
from models.portfolio.explore import likeliest, p_among_best, unproven
from models.portfolio.limits import Limits, Wishes, expected_spending
from models.portfolio.search import addition, searched
from models.portfolio.settings import PortfolioSettings
from models.portfolio.value import SetValue

EXACT_UP_TO = 20
"""Of so few candidates the best set is found for certain."""
BUDGET_STEP = 0.1
"""A budget's worth is read off so much more of it."""


@dataclass(frozen=True)
class LimitTold:
    """A limit: how much of it the portfolio takes, and what more of it would give."""

    name: str
    used: float
    limit: float
    binding: bool
    more: float
    """By how much it was widened to see: one, or a tenth of the budget."""
    gain: float
    """Expected profit that so much more would add."""

    @property
    def shadow_price(self) -> float:
        """Expected profit for one more unit."""
        return self.gain / self.more


@dataclass(frozen=True)
class Choice:
    """The chosen set; arrays (m,) in the order of `order`, the one that adds most first."""

    order: Positions
    """Positions of the chosen among the candidates."""
    worth: float
    """Expected profit of all together."""
    adds: Floats
    """What each adds to those before it; sums to `worth`."""
    marginal: Floats
    """What would be lost without it."""
    overlap: Floats
    """What it loses with the others to a shared audience; `crowding` to their number."""
    crowding: Floats
    shares_with: Positions
    """With whom of the chosen it loses most to a shared audience; -1 where with nobody."""
    replacement: Positions
    """Who would best take its place within the limits; -1 where nobody can."""
    replaced_gain: Floats
    """What that exchange would change; at most 0 unless the creator is there to explore."""
    among_best: Floats
    """Probability of being among the best, see `p_among_best`."""
    explores: Mask
    """Picked by posterior, to explore."""
    exploration_cost: float
    """Expected profit given up for exploring."""
    limits: tuple[LimitTold, ...]
    upper_bound: float
    """No set is worth more, without exploring."""
    is_exact: bool
    """Whether the best set was found for certain (without exploring)."""


def choose(
    some: Candidates, value: SetValue, wishes: Wishes, settings: PortfolioSettings
) -> Choice:
    """The best set found within what is wished. Raises WrongInput where none keeps the limits."""
    limits = Limits.of(some, wishes, settings)
    certain = len(some) <= EXACT_UP_TO
    best = exact(value, limits) if certain else searched(value, limits)
    if best is None:
        raise WrongInput(_no_set(some, wishes, settings))
    top = value.worth(best) if certain else max(bound(value, limits, best), value.worth(best))
    chance = p_among_best(some, min(wishes.asked, len(some)), settings)
    chosen, explorers = _exploring(some, value, limits, best, chance, wishes, settings)
    told = _limits_told(value, limits.with_forced(explorers), chosen)
    order, adds = _order(value, chosen)
    marginal = value.marginal(chosen)
    shared = np.where(chosen, value.overlap[order], 0.0)
    swaps = [_replacement(value, limits, chosen, i) for i in order.tolist()]
    return Choice(
        order=order,
        worth=value.worth(chosen),
        adds=adds,
        marginal=marginal[order],
        overlap=shared.sum(axis=1),
        crowding=value.crowding[np.ix_(order, order)].sum(axis=1),
        shares_with=np.where(shared.max(axis=1, initial=0) > 0, shared.argmax(axis=1), -1)
        if len(order)
        else order,
        replacement=np.array([swap[0] for swap in swaps], dtype=np.intp),
        replaced_gain=np.array([swap[1] for swap in swaps], dtype=float),
        among_best=chance[order],
        explores=explorers[order],
        exploration_cost=value.worth(best) - value.worth(chosen),
        limits=told,
        upper_bound=top,
        is_exact=certain,
    )


def _exploring(
    some: Candidates,
    value: SetValue,
    limits: Limits,
    best: Mask,
    chance: Floats,
    wishes: Wishes,
    settings: PortfolioSettings,
) -> tuple[Mask, Mask]:
    """The best set with so many explorers, and who they are.

    The wished share of invitations, and of all else that is capped by amount, is kept for those
    who are not proven, by their chance of being among the best; the others are chosen for what
    they bring. Who does not fit beside them is passed over; `best` where nobody is left.
    """
    explorers = np.zeros(len(some), bool)
    wanted = int(np.floor(wishes.explore * wishes.asked + 1e-9))
    sure = searched(value, limits.shrunk(wanted, wishes.explore), thorough=False)
    if not wanted or sure is None:
        return best, explorers
    new = unproven(some, settings) & (value.alone > 0)
    for i in likeliest(chance, new & ~sure).tolist():
        with_i = sure | explorers
        with_i[i] = True
        explorers[i] = limits.hold(with_i)
        if explorers.sum() == wanted:
            break
    if not explorers.any():
        return best, explorers
    found = searched(value, limits.with_forced(explorers), [sure | explorers])
    assert found is not None
    return found, explorers


def _order(value: SetValue, chosen: Mask) -> tuple[Positions, Floats]:
    """The chosen, each time the one that adds most to those before, and what it adds."""
    so_far = np.zeros(len(chosen), bool)
    order, adds = [], []
    for _ in range(int(chosen.sum())):
        marginal = np.where(chosen & ~so_far, value.marginal(so_far), -np.inf)
        come = int(np.argmax(marginal))
        so_far[come] = True
        order.append(come)
        adds.append(float(marginal[come]))
    return np.array(order, dtype=np.intp), np.array(adds)


def _replacement(value: SetValue, limits: Limits, chosen: Mask, i: int) -> tuple[int, float]:
    """Who would best take the place of i, and what that changes; -1 and nan where nobody can."""
    rest = chosen.copy()
    rest[i] = False
    gains = value.marginal(rest)
    others = gains.copy()
    others[i] = -np.inf
    gain, _, come = addition(others, limits, rest)
    return (come[0], gain - float(gains[i])) if come else (-1, np.nan)


def _limits_told(value: SetValue, limits: Limits, chosen: Mask) -> tuple[LimitTold, ...]:
    """Every limit with what more of it gives: the search again, from the set chosen."""
    used = limits.used(chosen)
    told = []
    for name, rows in _together(limits.names).items():
        high = limits.high[rows]
        if not np.isfinite(high).any():
            continue
        at = int(np.argmin(high - used[rows]))
        more = BUDGET_STEP * float(high[at]) if name == "budget" and high[at] > 0 else 1.0
        wider = limits.with_high([limits.names[row] for row in rows], more)
        found = searched(value, wider, [chosen], thorough=False)
        gain = 0.0 if found is None else max(0.0, value.worth(found) - value.worth(chosen))
        full = name != "budget" and bool(used[rows][at] >= high[at] - 1e-6)
        told.append(
            LimitTold(name, float(used[rows][at]), float(high[at]), full or gain > 0, more, gain)
        )
    return tuple(told)


def _together(names: Sequence[str]) -> dict[str, list[int]]:
    """Rows of the limits by what a manager set: all agencies have one cap."""
    rows: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        rows.setdefault("agency" if name.startswith("agency ") else name, []).append(i)
    return rows


def _no_set(some: Candidates, wishes: Wishes, settings: PortfolioSettings) -> str:
    """Why no set keeps the limits; only least numbers of tiers can be to blame."""
    spent = expected_spending(some, settings, hard=wishes.hard_budget)
    needed = {tier: least for tier, (least, _) in wishes.tiers.items() if least}
    cheapest = 0.0
    for tier, least in needed.items():
        of_tier = np.array([str(t).casefold() == tier.casefold() for t in some.tier])
        if of_tier.sum() < least:
            return (
                f"tier {tier}: at least {least} are wanted, but {int(of_tier.sum())} of the "
                "candidates are of that tier. Ask for fewer, or relax the filters."
            )
        cheapest += float(np.sort(spent[of_tier])[:least].sum())
    words = ", ".join(f"at least {least} of tier {tier}" for tier, least in needed.items())
    if sum(needed.values()) > wishes.asked:
        return f"{words}: more than the {wishes.asked} invitations. Allow more invitations."
    if wishes.budget is not None and cheapest > wishes.budget:
        return (
            f"{words}: they cost at least {cheapest:,.0f} in slot fees and samples, and the "
            f"budget is {wishes.budget:,.0f}. Raise it or ask for fewer."
        )
    return f"{words}: no set of creators keeps all the limits together. Relax one of them."
