"""What would change a creator's rank with a brand: the least change of one lever that does.

Every change is tried by ranking again; none leaves the range that was observed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from features.errors import WrongInput
from models.explanations.levers import (
    TermRange,
    at_commission,
    at_slot_fee,
    commission_range,
    commission_steps,
    fee_range,
    fee_steps,
    price_band,
)
from models.explanations.standing import Lever, RankChange, Standing
from models.matrix.lookup import pair_row
from models.matrix.matrix import AllianceMatrix
from models.shortlists.brand_view import BrandView
from models.shortlists.filters import ShortlistFilters
from models.shortlists.objectives import Objective, objective_of
from models.shortlists.shortlist import considered

Floats = npt.NDArray[np.float64]
UNSEEN = "too few creators of its tier have a known {} to say between which ends it lies"


@dataclass(frozen=True)
class _Term:
    """A term of an offer that could be another: within what range, in which steps."""

    lever: Lever
    column: str
    words: str
    range_of: Callable[[BrandView, int], TermRange | None]
    steps: Callable[[TermRange, float], Floats]
    at: Callable[[BrandView, int, float], Mapping[str, float]]
    """The pair's numbers at another value."""
    format: str
    digits: int


TERMS = (
    _Term(
        "commission",
        "commission_rate",
        "commission",
        commission_range,
        commission_steps,
        at_commission,
        ".1%",
        6,
    ),
    _Term("slot_fee", "slot_fee", "slot fee", fee_range, fee_steps, at_slot_fee, ",.0f", 2),
)


@dataclass(frozen=True)
class _Case:
    """One creator among those of a brand, and how it ranks when its own numbers change."""

    view: BrandView
    objective: Objective
    kept: npt.NDArray[np.bool_]
    place: int
    k: int

    def number(self, name: str) -> float:
        return float(self.view.column(name)[self.place])

    def scores(self, changed: Mapping[str, float] | None = None) -> Floats:
        values = {name: self.view.numbers(name) for name in self.objective.columns}
        for name, value in (changed or {}).items():
            if name in values:
                values[name] = values[name].copy()
                values[name][self.place] = value
        return self.objective.scores(values)

    def rank(self, changed: Mapping[str, float] | None = None) -> int:
        return rank_of(self.scores(changed), self.kept, self.place)

    def first_across(
        self,
        steps: Floats,
        numbers: Callable[[float], Mapping[str, float]],
        within: bool,
    ) -> tuple[float, int] | None:
        """The first of these steps (nearest first) at which it crosses rank k, and its rank."""
        for step in steps.tolist():
            rank = self.rank(numbers(step))
            if (rank <= self.k) != within:
                return step, rank
        return None


def rank_of(scores: Floats, kept: npt.NDArray[np.bool_], place: int) -> int:
    """Place in the ranking (`models.shortlists.shortlist.ranking`) of a row whose score is known.

    >>> [rank_of(np.array([1.0, 3.0, 1.0]), np.ones(3) > 0, place) for place in range(3)]
    [2, 1, 3]
    """
    before = scores > scores[place]
    before[:place] |= scores[:place] == scores[place]
    return int((before & kept).sum()) + 1


def standing_of(
    matrix: AllianceMatrix,
    brand_id: str,
    creator_id: str,
    k: int = 10,
    objective: str | None = None,
    product: str | None = None,
) -> Standing:
    """Rank of the pair by the objective (as in a shortlist), and what would change it.

    For one outside the first k each lever alone is moved as little as brings it in; for one
    inside, as little as drops it out. With `product` everybody is ranked for that product.
    Raises UnknownBrand, UnknownCreator, UnsupportedObjective, WrongInput.
    """
    if k < 1:
        raise WrongInput(f"k is how many creators the list has: at least 1, not {k}.")
    row = pair_row(matrix, brand_id, creator_id)
    chosen = objective_of(matrix, objective)
    filters = ShortlistFilters(product=() if product is None else (product,))
    view, left, scores = considered(matrix, brand_id, chosen, filters)
    case = _Case(view, chosen, left.kept, row - view.rows.start, k)
    score = float(scores[case.place])
    others = np.delete(scores[left.kept], np.flatnonzero(left.kept) == case.place)
    others = np.sort(others[np.isfinite(others)])[::-1]
    bar = float(others[k - 1]) if len(others) >= k else None
    rank = case.rank() if np.isfinite(score) else None
    within = rank is not None and rank <= k
    changes: list[RankChange] = []
    tried: dict[Lever, str] = {}
    if rank is not None and bar is not None:
        for term in TERMS:
            _note(_term(case, within, term), changes, tried)
        for found in _products(case, within, product):
            _note(found, changes, tried)
        if not within and product is None:
            _note(_lists(matrix, brand_id, creator_id, chosen, k), changes, tried)
    return Standing(
        chosen.name,
        chosen.note,
        k,
        rank,
        int(left.kept.sum()),
        score if np.isfinite(score) else None,
        bar,
        within,
        tuple(changes),
        tried,
        _reaches(case, bar, within),
    )


def _note(
    found: RankChange | tuple[Lever, str], changes: list[RankChange], tried: dict[Lever, str]
) -> None:
    if isinstance(found, RankChange):
        changes.append(found)
    else:
        tried[found[0]] = found[1]


def _reaches(case: _Case, bar: float | None, within: bool) -> bool | None:
    """Whether the other side of the bar lies inside the interval of a single objective."""
    name = case.objective.columns[0]
    ends = f"{name}_lo80", f"{name}_hi80"
    if case.objective.is_mix or bar is None or ends[0] not in case.view.matrix.columns:
        return None
    end = case.number(ends[0] if within else ends[1])
    if np.isnan(end):
        return None
    return end < bar if within else end > bar


def _term(case: _Case, within: bool, term: _Term) -> RankChange | tuple[Lever, str]:
    """A lower one leaves more profit, a higher one makes a yes likelier."""
    if not {"profit", "p_accept"} & set(case.objective.columns):
        article = "a " if term.lever == "slot_fee" else ""
        return term.lever, f"{article}{term.words} does not change {case.objective.name}"
    now = case.number(term.column)
    if np.isnan(now):
        return term.lever, f"the {term.words} is not known"
    seen = term.range_of(case.view, case.place)
    if seen is None:
        return term.lever, UNSEEN.format(term.words)
    steps = term.steps(seen, now)
    found = case.first_across(steps, lambda new: term.at(case.view, case.place, new), within)
    if found is None:
        side = "drop it out" if within else "bring it in"
        ends = f"{seen.low:{term.format}} to {seen.high:{term.format}}"
        return term.lever, f"no {term.words} from {ends} ({seen.whose}) would {side}"
    return RankChange(term.lever, round(found[0], term.digits), now, found[1])


def _products(case: _Case, within: bool, named: str | None) -> list[RankChange | tuple[Lever, str]]:
    """Other products of the brand for this creator alone, and what they say of the price."""
    matrix = case.view.matrix
    if matrix.offers is None:
        return [("product", "the matrix keeps no forecasts by product (its notes say why)")]
    missing = [n for n in case.objective.columns if n not in matrix.offers.columns]
    if missing:
        return [("product", f"{', '.join(missing)} is not told by product")]
    if case.objective.columns == ("conversion_rate",) and named is None:
        return [("product", "conversion is the mean over the brand's products")]
    own = matrix.offers.of(case.view.rows.start + case.place)
    products = matrix.offers.product[own]
    ranks = np.array(
        [
            case.rank({n: float(matrix.offers.columns[n][at]) for n in case.objective.columns})
            for at in range(own.start, own.stop)
        ]
    )
    known = np.isfinite(
        np.stack([matrix.offers.columns[n][own] for n in case.objective.columns])
    ).all(axis=0)
    now = int(case.view.column("best_product_id")[case.place])
    crosses = known & (products != now) & ((ranks <= case.k) != within)
    ids = matrix.products["product_id"].to_numpy(dtype=object)[products]
    if not crosses.any():
        side = "drop it out" if within else "bring it in"
        return [("product", f"no other product of the brand would {side}")]
    rows = np.flatnonzero(crosses)
    best = int(rows[np.argmin(ranks[rows])])
    found: list[RankChange | tuple[Lever, str]] = [
        RankChange("product", None, None, int(ranks[best]), (str(ids[best]),))
    ]
    prices = matrix.products["price"].to_numpy(float)[products]
    own_price = float(prices[products == now][0]) if (products == now).any() else np.nan
    band = price_band(prices, crosses, known, own_price)
    if band is not None:
        at, at_most = band
        names = tuple(str(ids[row]) for row in rows)
        rank = int(ranks[rows][prices[rows] == at][0])
        found.append(RankChange("price", at, own_price, rank, names, at_most))
    return found


def _lists(
    matrix: AllianceMatrix, brand_id: str, creator_id: str, objective: Objective, k: int
) -> RankChange | tuple[Lever, str]:
    """The product in whose own list, where everybody shows that product, the creator is highest."""
    row = pair_row(matrix, brand_id, creator_id)
    if matrix.offers is None:
        return "product_list", "the matrix keeps no forecasts by product (its notes say why)"
    if not set(objective.columns) <= matrix.offers.columns.keys():
        return "product_list", f"not all of {objective.name} is told by product"
    best: tuple[int, str] | None = None
    for product in matrix.offers.product[matrix.offers.of(row)].tolist():
        name = str(matrix.products["product_id"].iloc[product])
        filters = ShortlistFilters(product=(name,))
        view, left, scores = considered(matrix, brand_id, objective, filters)
        place = row - view.rows.start
        if not np.isfinite(scores[place]):
            continue
        rank = rank_of(scores, left.kept, place)
        if best is None or rank < best[0]:
            best = rank, name
    if best is None or best[0] > k:
        highest = "" if best is None else f"; highest for {best[1]}, rank {best[0]:,}"
        return "product_list", f"it is in no product's own list of {k}{highest}"
    return RankChange("product_list", None, None, best[0], (best[1],))
