"""Shortlist: the creators whom a brand should ask first, with forecast, certainty and reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from features.errors import UnsupportedObjective, WrongInput
from models.filters import Filtered, ShortlistFilters, filtered
from models.matrix import AllianceMatrix
from models.matrix_columns import TERMS
from models.shortlist_rows import ShortlistRow, shortlist_rows

OBJECTIVES: Mapping[str, str] = {
    "net_gmv": "net_gmv",
    "gmv": "gmv",
    "profit": "profit",
    "conversion": "conversion_rate",
    "gpm": "gpm",
    "impressions": "impressions",
    "new_followers": "new_followers",
    "repurchase": "repurchase_rate",
    "acceptance": "p_accept",
    "collaboration": "p_collaboration",
}
"""What to rank by -> the column of the matrix that it reads."""

DEFAULTS = ("net_gmv", "gmv", "conversion", "acceptance", "collaboration")
"""Without a wish: the first of these that the matrix has."""


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
    message: str | None
    """Why the list is empty or short; None otherwise."""
    matrix_version: str
    as_of: date
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

    Ties keep the order of creator ids; creators without a forecast of the objective come last.
    Without an objective: the first of `DEFAULTS` that is there, and `objective_note` says which.
    Reads only the brand's slice of the matrix. Raises UnknownBrand, UnsupportedObjective (with
    the reason), WrongInput when k < 1.
    """
    if k < 1:
        raise WrongInput(f"k is how many creators to list: at least 1, not {k}.")
    rows = matrix.brand_rows(brand_id)
    chosen, note = _objective(matrix, objective)
    left = filtered(matrix, rows, filters or ShortlistFilters())
    order = _ranking(matrix.columns[OBJECTIVES[chosen]][rows], left.kept)
    candidates = rows.stop - rows.start
    name = matrix.brands["name"].iloc[matrix.brand_position(brand_id)]
    manifest = matrix.manifest
    return Shortlist(
        brand_id=brand_id,
        brand_name=name if isinstance(name, str) else None,
        objective=chosen,
        objective_note=note,
        k=k,
        rows=shortlist_rows(matrix, rows.start + order[:k]),
        candidates=candidates,
        remaining=len(order),
        removed=left.removed,
        message=_message(brand_id, candidates, len(order), k, left),
        matrix_version=manifest.version,
        as_of=manifest.as_of,
        conversion_denominator=manifest.conversion_denominator,
        currency=manifest.currency,
        gpm_is=manifest.gpm_is,
        null_columns=_told(manifest.null_columns),
        notes=manifest.notes,
    )


def supported_objectives(matrix: AllianceMatrix) -> tuple[str, ...]:
    """The objectives whose column has values in this matrix."""
    absent = matrix.manifest.null_columns
    return tuple(name for name, column in OBJECTIVES.items() if column not in absent)


def _objective(matrix: AllianceMatrix, wanted: str | None) -> tuple[str, str | None]:
    """The objective to use, and why when it was not asked for."""
    supported = supported_objectives(matrix)
    absent = matrix.manifest.null_columns
    if wanted is None:
        chosen = next((name for name in DEFAULTS if name in supported), None)
        if chosen is None:
            return DEFAULTS[2], "nothing is forecast in this matrix: in the order of creator ids"
        if chosen == DEFAULTS[0]:
            return chosen, f"ranked by {chosen}, the default"
        why = f"{DEFAULTS[0]} is not in this matrix: {absent[OBJECTIVES[DEFAULTS[0]]]}"
        return chosen, f"ranked by {chosen}; {why}"
    if wanted not in OBJECTIVES:
        raise UnsupportedObjective(
            f"There is no objective '{wanted}'. This matrix can rank by {', '.join(supported)}."
        )
    if wanted not in supported:
        raise UnsupportedObjective(
            f"This matrix cannot rank by {wanted}: {absent[OBJECTIVES[wanted]]}. "
            f"It can rank by {', '.join(supported) or 'nothing'}."
        )
    return wanted, None


def _ranking(values: npt.NDArray[Any], kept: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Positions of the kept rows, best first; rows stand in the order of creator ids."""
    positions = np.flatnonzero(kept)
    return positions[np.argsort(-values[positions], kind="stable")]


def _message(brand_id: str, candidates: int, remaining: int, k: int, left: Filtered) -> str | None:
    if not candidates:
        return (
            f"No creator was scored for '{brand_id}': it had no active product or no candidate "
            "on the date of the matrix. Add its products, then run 'alliance score' again."
        )
    if not remaining:
        return f"None of {candidates:,} creators passes the filters. {left.advice}"
    if remaining < min(k, candidates):
        most = max(left.removed, key=lambda words: left.removed[words])
        return (
            f"Only {remaining:,} of {candidates:,} creators pass the filters; "
            f"'{most}' removed the most ({left.removed[most]:,})."
        )
    return None


def _told(null_columns: Mapping[str, str]) -> dict[str, str]:
    """What a reader of the list would miss: whole forecasts, not their parts nor their inputs."""
    parts = ("_lo80", "_hi80", "_feature", "_value", "_effect", "_spread")
    shown = (name for name in null_columns if name not in TERMS and not name.endswith(parts))
    return {name: null_columns[name] for name in shown}
