"""Frontier: the most that each budget can bring."""

from dataclasses import dataclass, replace

import numpy as np

from models.portfolio.candidates import Candidates, Mask
from models.portfolio.limits import Limits, Wishes, expected_spending
from models.portfolio.search import searched
from models.portfolio.settings import PortfolioSettings
from models.portfolio.value import SetValue

POINTS = 12
FAR = 1.5
"""A wished budget beyond so many times what could be spent is left out: nothing changes."""


@dataclass(frozen=True)
class FrontierPoint:
    """A budget, what of it is spent, and the expected profit of the best set found within it."""

    budget: float
    spent: float
    worth: float
    creators: int


def frontier(
    some: Candidates, value: SetValue, wishes: Wishes, settings: PortfolioSettings
) -> tuple[FrontierPoint, ...]:
    """From the least budget that holds any set up to one that no longer binds.

    Budgets in `POINTS` equal steps, and the one wished; all other limits as wished, without
    exploring. Worth never falls: what fits a budget fits a larger one. Each is found by swaps,
    so it is a lower bound of the true frontier.
    """
    spent = expected_spending(some, settings, hard=wishes.hard_budget)
    free = searched(value, Limits.of(some, replace(wishes, budget=None), settings), thorough=False)
    if free is None:
        return ()
    top = float(spent[free].sum())
    budgets = set(np.linspace(0.0, top, POINTS + 1).tolist())
    if wishes.budget is not None and wishes.budget <= FAR * top:
        budgets.add(wishes.budget)
    points: list[FrontierPoint] = []
    before: list[Mask] = []
    for budget in sorted(budgets):
        limits = Limits.of(some, replace(wishes, budget=budget), settings)
        tried = [*before, free] if budget >= top else before
        found = searched(value, limits, tried, thorough=False)
        if found is None:
            continue
        before = [found]
        points.append(
            FrontierPoint(budget, float(spent[found].sum()), value.worth(found), int(found.sum()))
        )
    return tuple(points)
