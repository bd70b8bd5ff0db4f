"""Where a pair's result comes from: parts, reasons for and against, and what would move it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import exp
from typing import Final

import numpy as np

from models.explanations.attribution import logarithmic_mean
from models.explanations.rank_changes import standing_of
from models.explanations.standing import Standing
from models.matrix.columns import COUNTERS
from models.matrix.lookup import pair_row, product_position
from models.matrix.matrix import AllianceMatrix
from models.matrix.parts import PARTS
from models.shortlists.filters import ShortlistFilters
from models.shortlists.objectives import objective_of
from models.shortlists.product_choice import chosen_products
from models.shortlists.reasons import Reason, reason
from models.shortlists.rows import ShortlistRow, shortlist_rows

OTHERS: Final = 5
"""Other products told of, at most."""
NOTHING: Final = 0.05
"""A part this near to the usual is no reason to change anything."""
CREATORS_SIDE: Final = ("creator", "fit", "organic_traffic", "paid_traffic")
PRODUCTS_SIDE: Final = ("product", "price")


@dataclass(frozen=True)
class Part:
    """What one part does to the outcome, against the brand's usual candidate."""

    name: str
    factor: float
    """By what it multiplies the usual outcome; all parts together multiply to the pair's."""
    usual_factor: float | None
    """By what it multiplies the brand's usual outcome, against the other brands' usual ones."""
    money: float | None
    """In GMV; all parts together sum to what the pair brings more. None where GMV is unknown."""


@dataclass(frozen=True)
class OtherProduct:
    """What this creator is expected to bring with another product of the brand."""

    product_id: str
    title: str | None
    price: float | None
    gmv: float | None
    net_gmv: float | None
    profit: float | None
    evidence_sessions: int | None
    extrapolated: bool


@dataclass(frozen=True)
class Explanation:
    """One pair explained. None is always 'not known', never zero."""

    brand_id: str
    brand_name: str | None
    row: ShortlistRow
    """What a shortlist says of the pair: forecasts, evidence, reasons."""
    product_id: str | None
    """The product that everything is of; the pair's best where none was asked for."""
    outcome: str
    """What the parts are of: gmv, conversion where GMV is not forecast, or collaboration where no
    sale is: then reasons are of the odds of being chosen by the brand."""
    gmv: float | None
    usual_gmv: float | None
    """Of the brand's usual candidate."""
    parts: tuple[Part, ...]
    no_parts: str | None
    """Why there are no parts; None where there are."""
    counters: tuple[Reason, ...]
    """Groups of facts that lower the outcome most; `odds_factor` is of the outcome."""
    advice: str | None
    others: tuple[OtherProduct, ...]
    """Other products of the brand with this creator, the best first."""
    further_sessions: int | None
    """Sessions together that would settle the diagnosis; None where none would."""
    standing: Standing
    matrix_version: str
    as_of: date
    currency: str
    conversion_denominator: str | None


def explanation(
    matrix: AllianceMatrix,
    brand_id: str,
    creator_id: str,
    product: str | None = None,
    k: int = 10,
    objective: str | None = None,
) -> Explanation:
    """The pair's parts and what would change its rank in the list of k.

    Raises UnknownBrand, UnknownCreator, UnknownProduct with close ids, UnsupportedObjective, and
    WrongInput.
    """
    row = pair_row(matrix, brand_id, creator_id)
    best = int(matrix.columns["best_product_id"][row])
    position = best if product is None else product_position(matrix, brand_id, product)
    filters = ShortlistFilters(product=() if product is None else (product,))
    view, _ = chosen_products(matrix, brand_id, objective_of(matrix, objective), filters)
    place = row - view.rows.start
    parts: tuple[Part, ...] = ()
    no_parts = _of_another(matrix, position, best)
    gmv, usual = _known(view.column("gmv")[place]), None
    if no_parts is None:
        parts, usual, no_parts = _parts(matrix, row, gmv)
    others = _others(matrix, row, position)
    sessions = _known(matrix.columns["sessions_to_settle"][row])
    name = matrix.brands["name"].iloc[matrix.brand_position(brand_id)]
    manifest = matrix.manifest
    return Explanation(
        brand_id=brand_id,
        brand_name=name if isinstance(name, str) else None,
        row=shortlist_rows(view, np.array([place]))[0],
        product_id=_product_id(matrix, position),
        outcome=_outcome(manifest.null_columns),
        gmv=gmv,
        usual_gmv=usual,
        parts=parts,
        no_parts=no_parts,
        counters=_counters(matrix, row) if no_parts is None else (),
        advice=_advice(parts, others, gmv) if parts else None,
        others=others,
        further_sessions=None if sessions is None else round(sessions),
        standing=standing_of(matrix, brand_id, creator_id, k, objective, product),
        matrix_version=manifest.version,
        as_of=manifest.as_of,
        currency=manifest.currency,
        conversion_denominator=manifest.conversion_denominator,
    )


def _outcome(absent: Mapping[str, str]) -> str:
    if "gmv" not in absent:
        return "gmv"
    only_chosen = "conversion_rate" in absent and "p_collaboration" not in absent
    return "collaboration" if only_chosen else "conversion"


def _of_another(matrix: AllianceMatrix, position: int, best: int) -> str | None:
    if position == best:
        return None
    named = _product_id(matrix, best) or "none"
    return f"parts are kept for the pair's best product alone, {named}"


def _parts(
    matrix: AllianceMatrix, row: int, gmv: float | None
) -> tuple[tuple[Part, ...], float | None, str | None]:
    """The parts, the usual candidate's GMV, and why there are none."""
    names = [f"part_{part}" for part in PARTS]
    logs = np.array([float(matrix.columns[name][row]) for name in names])
    if np.isnan(logs).any():
        why = next(
            (matrix.manifest.null_columns[n] for n in names if n in matrix.manifest.null_columns),
            "only the best pairs of each brand are explained, and this is none of them",
        )
        return (), None, why
    usual, money = None, np.full(len(PARTS), np.nan)
    if gmv is not None and gmv > 0:
        usual = gmv * exp(-float(logs.sum()))
        money = logs * float(logarithmic_mean(np.array(gmv), np.array(usual)))
    brand = matrix.brands.iloc[int(matrix.columns["brand_id"][row])]
    of_brand = [_known(brand[f"usual_{part}"]) for part in PARTS]
    parts = tuple(
        Part(part, exp(log), None if usual_log is None else exp(usual_log), _known(value))
        for part, log, usual_log, value in zip(
            PARTS, logs.tolist(), of_brand, money.tolist(), strict=True
        )
    )
    return parts, usual, None


def _counters(matrix: AllianceMatrix, row: int) -> tuple[Reason, ...]:
    found = []
    for i in COUNTERS:
        feature, effect = matrix.text(f"counter{i}_feature", row), f"counter{i}_effect"
        if feature is not None:
            value = _known(matrix.columns[f"counter{i}_value"][row])
            told = float(matrix.columns[effect][row])
            found.append(reason(feature, value, told, matrix.manifest.feature_words))
    return tuple(found)


def _others(matrix: AllianceMatrix, row: int, position: int) -> tuple[OtherProduct, ...]:
    """The brand's other products with this creator, by net GMV, else GMV, else conversion."""
    offers = matrix.offers
    if offers is None:
        return ()
    own = offers.of(row)
    by = next(
        (
            name
            for name in ("net_gmv", "gmv", "conversion_rate")
            if not np.isnan(offers.columns[name][own]).all()
        ),
        None,
    )
    if by is None:
        return ()
    places = np.arange(own.start, own.stop)
    places = places[offers.product[own] != position]
    worth = np.nan_to_num(offers.columns[by][places], nan=-np.inf)
    places = places[np.argsort(-worth, kind="stable")][:OTHERS]
    return tuple(_other(matrix, int(at)) for at in places)


def _other(matrix: AllianceMatrix, at: int) -> OtherProduct:
    assert matrix.offers is not None
    columns = matrix.offers.columns
    of = matrix.products.iloc[int(matrix.offers.product[at])]
    sessions = _known(columns["evidence_sessions"][at])
    return OtherProduct(
        str(of["product_id"]),
        of["title"] if isinstance(of["title"], str) else None,
        _known(of["price"]),
        _known(columns["gmv"][at]),
        _known(columns["net_gmv"][at]),
        _known(columns["profit"][at]),
        None if sessions is None else round(sessions),
        bool(columns["extrapolated"][at]),
    )


def _advice(parts: tuple[Part, ...], others: tuple[OtherProduct, ...], gmv: float | None) -> str:
    """Whether the product or the creator is what could be changed, in a sentence.

    The creator's side is what another creator would bring otherwise (creator, fit, traffic),
    against the brand's usual candidate. A brand's candidates share its products, so product and
    price are held against those of all brands, and against the brand's next best product.
    """
    side = float(np.prod([part.factor for part in parts if part.name in CREATORS_SIDE]))
    weakest = min(parts, key=lambda part: part.factor)
    goods = float(
        np.prod([p.factor * (p.usual_factor or 1) for p in parts if p.name in PRODUCTS_SIDE])
    )
    told = f"what this creator brings is x{side:.2f} of the usual"
    if weakest.factor < 1 - NOTHING:
        told += f", weakest in {weakest.name.replace('_', ' ')} (x{weakest.factor:.2f})"
    if parts[0].usual_factor is not None:
        told += f"; product and price are x{goods:.2f} of those of all brands"
    second = others[0] if others else None
    if second is not None and gmv and second.gmv:
        told += f"; product {second.product_id} instead would bring x{second.gmv / gmv:.2f} of it"
    if side < 1 and goods < 1 - NOTHING:
        return f"neither helps: {told}"
    if side < 1:
        return f"change the creator rather than the product: {told}"
    if goods < 1 - NOTHING:
        return f"keep the creator, look at product and price: {told}"
    return f"keep both: {told}"


def _product_id(matrix: AllianceMatrix, position: int) -> str | None:
    return None if position < 0 else str(matrix.products["product_id"].iloc[position])


def _known(value: float) -> float | None:
    number = float(value)
    return None if np.isnan(number) else number
