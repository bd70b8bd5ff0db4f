"""Shortlist: the creators whom a brand should ask first, with forecast, certainty and reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from features.errors import WrongInput
from models.matrix.columns import PART_COLUMNS, TERMS
from models.matrix.matrix import AllianceMatrix
from models.shortlists.brand_view import BrandView
from models.shortlists.constraints import constraints_of
from models.shortlists.filters import ShortlistFilters
from models.shortlists.objectives import Objective, objective_of, standing
from models.shortlists.product_choice import chosen_products
from models.shortlists.relaxation import Filtered, Relaxation, advice, apply, relaxations
from models.shortlists.rows import ShortlistRow, shortlist_rows

Floats = npt.NDArray[np.float64]

PREFERENCE = 0.1
"""What a preference that is not met costs: so much of the way from the worst to the best of the
brand's candidates."""


@dataclass(frozen=True)
class Shortlist:
    """A ranked list for one brand, and what a reader must know to use it."""

    brand_id: str
    brand_name: str | None
    objective: str
    objective_note: str | None
    """Why this objective, when nobody asked for it by name."""
    k: int
    rows: tuple[ShortlistRow, ...]
    candidates: int
    """Creators scored for the brand, before filters."""
    remaining: int
    """Creators left after the filters; `rows` are the first k of them."""
    removed: Mapping[str, int]
    relaxations: tuple[Relaxation, ...]
    """Where fewer than k are left: what each constraint holds back, the most first."""
    products: tuple[str, ...]
    """The products it is about; empty = all active ones of the brand."""
    message: str | None
    """Why the list is empty or short; None otherwise."""
    matrix_version: str
    as_of: date
    occasion: str | None
    """The later day or campaign it is for, in words; None = the weeks from `as_of`."""
    conversion_denominator: str | None
    currency: str
    gpm_is: str
    null_columns: Mapping[str, str]
    notes: tuple[str, ...]


def shortlist(
    matrix: AllianceMatrix,
    brand_id: str,
    k: int = 20,
    objective: str | None = None,
    filters: ShortlistFilters | None = None,
) -> Shortlist:
    """The k creators with the highest forecast of the objective for this brand.

    `objective` is a name of `OBJECTIVES` or a mix, `profit=0.7,conversion=0.3`; without one: the
    first of `DEFAULTS` that is there, and `objective_note` says which. With preferences the rank is
    by standing among the brand's candidates (`models.shortlists.objectives.standing`) less
    `PREFERENCE` for each that is not met. Ties keep the order of creator ids; creators without a
    forecast of the objective come last. The same request of the same matrix gives the same list.

    Reads only the brand's slice of the matrix. Raises UnknownBrand, UnsupportedObjective (with
    the reason), WrongInput when k < 1 or a condition cannot be read.
    """
    if k < 1:
        raise WrongInput(f"k is how many creators to list: at least 1, not {k}.")
    filters = filters or ShortlistFilters()
    chosen = objective_of(matrix, objective)
    view, left, scores = considered(matrix, brand_id, chosen, filters)
    order = ranking(scores, left.kept)
    candidates, remaining = len(view), len(order)
    short = remaining < min(k, candidates)
    name = matrix.brands["name"].iloc[matrix.brand_position(brand_id)]
    manifest = matrix.manifest
    return Shortlist(
        brand_id=brand_id,
        brand_name=name if isinstance(name, str) else None,
        objective=chosen.name,
        objective_note=chosen.note,
        k=k,
        rows=shortlist_rows(view, order[:k], *_scored(chosen, scores, left)),
        candidates=candidates,
        remaining=remaining,
        removed=left.removed,
        relaxations=relaxations(left, k) if short else (),
        products=tuple(filters.product),
        message=_message(view, brand_id, k, remaining, left, filters),
        matrix_version=manifest.version,
        as_of=manifest.as_of,
        occasion=manifest.occasion,
        conversion_denominator=manifest.conversion_denominator,
        currency=manifest.currency,
        gpm_is=manifest.gpm_is,
        null_columns=_told(manifest.null_columns),
        notes=manifest.notes,
    )


def considered(
    matrix: AllianceMatrix, brand_id: str, objective: Objective, filters: ShortlistFilters
) -> tuple[BrandView, Filtered, Floats]:
    """The brand's rows for these products, which of them pass, and the score of every one."""
    view, on_products = chosen_products(matrix, brand_id, objective, filters)
    constraints = (*on_products, *constraints_of(view, filters))
    left = apply(constraints, filters.soft, len(view))
    values = {column: view.numbers(column) for column in objective.columns}
    scores = objective.scores(values)
    if left.soft:
        scores = standing(scores) - PREFERENCE * left.unmet()
    return view, left, scores


def ranking(scores: Floats, kept: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Positions of the kept rows, best first; rows stand in the order of creator ids."""
    positions = np.flatnonzero(kept)
    return positions[np.argsort(-scores[positions], kind="stable")]


def _scored(
    objective: Objective, scores: Floats, left: Filtered
) -> tuple[Floats | None, tuple[tuple[str, npt.NDArray[np.bool_]], ...]]:
    """The score where it is no single forecast, and the preferences with who misses them."""
    told = scores if objective.is_mix or left.soft else None
    return told, tuple((one.words, ~one.met) for one in left.soft)


def _message(
    view: BrandView,
    brand_id: str,
    k: int,
    remaining: int,
    left: Filtered,
    filters: ShortlistFilters,
) -> str | None:
    candidates = len(view)
    if not candidates:
        return (
            f"No creator was scored for '{brand_id}': it had no active product or no candidate "
            "on the date of the matrix. Add its products, then run 'alliance score' again."
        )
    if remaining >= min(k, candidates):
        return None
    told = advice(view, filters, left, min(k, candidates))
    if not remaining:
        return f"None of {candidates:,} creators passes the filters. {told}"
    most = max(left.removed, key=lambda words: left.removed[words])
    return (
        f"Only {remaining:,} of {candidates:,} creators pass the filters; "
        f"'{most}' removed the most ({left.removed[most]:,}). {told}"
    )


def _told(null_columns: Mapping[str, str]) -> dict[str, str]:
    """What a reader of the list would miss: whole forecasts, not their parts nor their inputs."""
    parts = ("_lo80", "_hi80", "_feature", "_value", "_effect", "_spread")
    inputs = (*TERMS, *PART_COLUMNS)
    shown = (name for name in null_columns if name not in inputs and not name.endswith(parts))
    return {name: null_columns[name] for name in shown}
