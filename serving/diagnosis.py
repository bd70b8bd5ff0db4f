"""The diagnosis of a brand as it is read: what the matrix says, and where each remedy stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from models.diagnoses.diagnoses import BrandDiagnoses, Diagnosis
from models.diagnoses.remedies import Move, Remedy, moved_by, trying
from models.matrix.diagnosis import LOW
from models.matrix.matrix import AllianceMatrix
from models.shortlists.constraints import quadrant_named
from serving.state.remedies import RemedyLog


@dataclass(frozen=True)
class Diagnosed:
    """One creator's diagnosis, and its remedy (without moves where it was never low)."""

    diagnosis: Diagnosis
    remedy: Remedy


@dataclass(frozen=True)
class QuadrantCount:
    """How many creators are in a quadrant."""

    quadrant: str
    met: int
    new: int


@dataclass(frozen=True)
class BrandDiagnosis:
    """Creators of a brand (or of one of its products) against their benchmarks."""

    brand_id: str
    brand_name: str | None
    product_id: str | None
    product_title: str | None
    matrix_version: str
    as_of: date
    conversion_denominator: str | None
    candidates: int
    counts: tuple[QuadrantCount, ...]
    null_columns: Mapping[str, str]
    rows: tuple[Diagnosed, ...]


def diagnosed(
    matrix: AllianceMatrix,
    log: RemedyLog,
    brand_id: str,
    product_id: str | None = None,
    creator_id: str | None = None,
    quadrants: Sequence[str] = (),
    k: int | None = None,
) -> BrandDiagnosis:
    """The first k as `BrandDiagnoses.order` has them, of these quadrants (of all when empty).

    Remedies that this matrix moves are moved first, once for each version. Raises UnknownBrand,
    UnknownProduct, UnknownCreator, and WrongInput for a quadrant that is none.
    """
    told = BrandDiagnoses.of(matrix, brand_id, product_id)
    order = told.order() if creator_id is None else np.array([told.place(creator_id)])
    if quadrants:
        wanted = [quadrant_named(name) for name in quadrants]
        order = order[np.isin(told.quadrants[order].astype(str), wanted)]
    remedies = moved(told, log)
    rows = told.diagnoses(order[:k])
    brand = matrix.brands.iloc[matrix.brand_position(brand_id)]
    titles = dict(zip(matrix.products["product_id"], matrix.products["title"], strict=True))
    title = titles.get(product_id) if product_id is not None else None
    return BrandDiagnosis(
        brand_id=brand_id,
        brand_name=brand["name"] if isinstance(brand["name"], str) else None,
        product_id=product_id,
        product_title=title if isinstance(title, str) else None,
        matrix_version=matrix.manifest.version,
        as_of=matrix.manifest.as_of,
        conversion_denominator=matrix.manifest.conversion_denominator,
        candidates=len(told),
        counts=tuple(QuadrantCount(name, *of) for name, of in told.counts().items()),
        null_columns={n: w for n, w in matrix.manifest.null_columns.items() if n in NEEDED},
        rows=tuple(Diagnosed(row, remedies.get(row.creator_id, Remedy())) for row in rows),
    )


NEEDED = (
    "conversion_rate",
    "benchmark_rate",
    "p_above_benchmark",
    "peer_rate",
    "p_above_peers",
    "impressions",
    "benchmark_impressions",
    "p_impressions_above_benchmark",
)
"""Columns without which a diagnosis says less; why they are null is told with it."""


def moved(told: BrandDiagnoses, log: RemedyLog) -> dict[str, Remedy]:
    """The remedies of these pairs after the moves that the matrix makes by itself."""
    above = told.values["p_above_benchmark"]
    low = np.flatnonzero(told.met & (above <= LOW)).tolist()
    places = {str(creator): place for place, creator in enumerate(told.creator_ids)}

    def decide(remedies: Mapping[str, Remedy]) -> dict[str, Move]:
        concerned = {places[creator] for creator in remedies if creator in places}
        moves = {}
        for place in sorted({*low, *(p for p in concerned if above[p] > LOW)}):
            creator = str(told.creator_ids[place])
            move = moved_by(remedies.get(creator, Remedy()), told.seen(place))
            if move is not None:
                moves[creator] = move
        return moves

    return log.moved(told.brand_id, decide, told.product_id)


def tried(
    matrix: AllianceMatrix,
    log: RemedyLog,
    brand_id: str,
    creator_id: str,
    rung: str,
    *,
    who: str,
    product_id: str | None = None,
    on: date | None = None,
    note: str = "",
) -> Remedy:
    """The pair's remedy after this rung was logged; `remedies.trying` tells its refusals."""
    told = BrandDiagnoses.of(matrix, brand_id, product_id)
    place = told.place(creator_id)
    moved(told, log)
    seen, creator = told.seen(place), str(told.creator_ids[place])

    def decide(remedies: Mapping[str, Remedy]) -> dict[str, Move]:
        remedy = remedies.get(creator, Remedy())
        return {creator: trying(remedy, seen, rung, who=who, on=on, note=note)}

    return log.moved(brand_id, decide, product_id)[creator]
