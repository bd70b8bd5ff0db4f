"""Differences between two shortlists: who came, who went, who moved, and what moved them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log
from typing import Literal

import numpy as np

from models.matrix.matrix import AllianceMatrix
from models.shortlists.brand_view import BrandView
from models.shortlists.filters import ShortlistFilters
from models.shortlists.objectives import objective_of
from models.shortlists.relaxation import Filtered
from models.shortlists.rows import Estimate, ShortlistRow, shortlist_rows
from models.shortlists.shortlist import considered, ranking

Move = Literal["entered", "left", "up", "down", "stayed"]
TOLD = 0.02
"""Changes of a forecast below this share are not told."""
FACTORS = {
    "impressions": "traffic",
    "click_through_rate": "click-through",
    "conversion": "conversion",
    "return_rate": "returns",
}
"""What a forecast of money follows from, in words."""


@dataclass(frozen=True)
class Moved:
    """One creator in two lists; ranks are among all who passed, None = did not pass."""

    creator_id: str
    creator_name: str | None
    move: Move
    rank_before: int | None
    rank_after: int | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """Two runs of the same request, or two requests of the same matrix, side by side."""

    brand_id: str
    k: int
    objective_before: str
    objective_after: str
    version_before: str
    version_after: str
    same: bool
    rows: tuple[Moved, ...]
    """Those in the first k of either list, in the order of the later one, then those who left."""

    def count(self, move: Move) -> int:
        return sum(row.move == move for row in self.rows)


@dataclass(frozen=True)
class Run:
    """A request of a matrix, ranked to its end."""

    version: str
    objective: str
    column: str
    """Of the weightiest objective, as the rows name it."""
    rows: Mapping[str, ShortlistRow]
    ranks: Mapping[str, int]
    failed: Mapping[str, tuple[str, ...]]
    """Constraints that a creator does not meet, in words."""


def run_of(
    matrix: AllianceMatrix,
    brand_id: str,
    objective: str | None = None,
    filters: ShortlistFilters | None = None,
) -> Run:
    """Every candidate of the brand ranked as in `models.shortlists.shortlist.shortlist`."""
    chosen = objective_of(matrix, objective)
    view, left, scores = considered(matrix, brand_id, chosen, filters or ShortlistFilters())
    order = ranking(scores, left.kept)
    everybody = np.concatenate([order, np.flatnonzero(~left.kept)])
    rows = {row.creator_id: row for row in shortlist_rows(view, everybody)}
    ids = list(rows)
    return Run(
        version=matrix.manifest.version,
        objective=chosen.name,
        column=_field(chosen.columns[0]),
        rows=rows,
        ranks={creator: place + 1 for place, creator in enumerate(ids[: len(order)])},
        failed=dict(zip(ids[len(order) :], _failed(view, left), strict=True)),
    )


def difference(brand_id: str, before: Run, after: Run, k: int) -> Difference:
    """What changed between the first k of two runs, each move with its reasons."""
    top_before = [creator for creator, rank in before.ranks.items() if rank <= k]
    top_after = [creator for creator, rank in after.ranks.items() if rank <= k]
    gone = [creator for creator in top_before if creator not in set(top_after)]
    came = set(top_after) - set(top_before)
    rows = tuple(_moved(creator, before, after, came, gone) for creator in (*top_after, *gone))
    return Difference(
        brand_id=brand_id,
        k=k,
        objective_before=before.objective,
        objective_after=after.objective,
        version_before=before.version,
        version_after=after.version,
        same=top_before == top_after,
        rows=rows,
    )


def _moved(creator: str, before: Run, after: Run, came: set[str], gone: list[str]) -> Moved:
    old, new = before.ranks.get(creator), after.ranks.get(creator)
    move: Move = "stayed"
    if creator in came:
        move = "entered"
    elif creator in gone:
        move = "left"
    elif old is not None and new is not None and old != new:
        move = "up" if new < old else "down"
    row = after.rows.get(creator) or before.rows[creator]
    reasons = () if move == "stayed" else tuple(_reasons(creator, before, after))
    return Moved(creator, row.creator_name, move, old, new, reasons)


def _reasons(creator: str, before: Run, after: Run) -> Iterator[str]:
    """Why its rank is another: constraints, its own forecast and what moved it, or others."""
    if creator not in before.rows:
        yield "was not scored before"
        return
    if creator not in after.rows:
        yield "is no longer scored"
        return
    for run, verb in ((before, "did not meet"), (after, "does not meet")):
        if creator in run.failed:
            yield f"{verb} {', '.join(run.failed[creator])}"
    if before.objective != after.objective:
        yield f"ranked by {after.objective} instead of {before.objective}"
    old, new = before.rows[creator], after.rows[creator]
    changed = _change(old, new, after.column)
    if changed:
        yield changed
        yield from _causes(old, new)
    elif creator in before.ranks and creator in after.ranks and before.objective == after.objective:
        yield "its own forecast is the same; others moved"
    if old.best_product_id != new.best_product_id and new.best_product_id:
        yield f"product {old.best_product_id} -> {new.best_product_id}"
    if old.quadrant != new.quadrant and new.quadrant:
        yield f"{_plain(old.quadrant)} -> {_plain(new.quadrant)}"


def _change(old: ShortlistRow, new: ShortlistRow, column: str) -> str | None:
    """The forecast that is ranked by, before and after; None where it hardly moved."""
    was, now = _value(old, column), _value(new, column)
    if was is None or now is None:
        return None if was is now else f"{column}: {_number(was)} -> {_number(now)}"
    if abs(now - was) <= TOLD * max(abs(was), abs(now)):
        return None
    share = f" ({(now - was) / abs(was):+.0%})" if was else ""
    return f"{column}: {_number(was)} -> {_number(now)}{share}"


def _causes(old: ShortlistRow, new: ShortlistRow) -> Iterator[str]:
    """The factor of money that moved most, and the reason whose effect did."""
    moves = {}
    for name, words in FACTORS.items():
        was, now = _value(old, name), _value(new, name)
        if was and now and was > 0 and now > 0:
            moves[words] = now / was - 1
    if moves:
        words = max(moves, key=lambda name: abs(moves[name]))
        if abs(moves[words]) > TOLD:
            yield f"mostly {words} ({moves[words]:+.0%})"
    effects = {reason.group: reason for reason in old.reasons}
    shifts = [
        (abs(log(reason.odds_factor / effects[reason.group].odds_factor)), reason)
        for reason in new.reasons
        if reason.group in effects and reason.odds_factor > 0
    ]
    strongest = max(shifts, key=lambda pair: pair[0], default=None)
    if strongest is not None and strongest[0] > TOLD:
        reason = strongest[1]
        was_factor = effects[reason.group].odds_factor
        yield f"{reason.words}: x{was_factor:.2f} -> x{reason.odds_factor:.2f}"


def _failed(view: BrandView, left: Filtered) -> list[tuple[str, ...]]:
    """For each row that did not pass, in the order of rows, what it does not meet."""
    return [
        tuple(one.words for one in left.hard if not one.met[row])
        for row in np.flatnonzero(~left.kept)
    ]


def _field(column: str) -> str:
    return "conversion" if column == "conversion_rate" else column


def _value(row: ShortlistRow, name: str) -> float | None:
    value = getattr(row, name)
    return value.mean if isinstance(value, Estimate) else value


def _number(value: float | None) -> str:
    if value is None:
        return "unknown"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _plain(quadrant: str | None) -> str:
    return "no quadrant" if quadrant is None else quadrant.replace("_", " ")
