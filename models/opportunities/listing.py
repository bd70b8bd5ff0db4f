"""Opportunities: which brands' products a creator would earn most with, and who would want it.

The creator's view: nothing of a brand's books is in it (docs/opportunities.md says what that is).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from features.errors import WrongInput
from models.matrix.lookup import creator_position
from models.matrix.matrix import AllianceMatrix
from models.opportunities.brands import PLACED, UNPLACED, courting_brands
from models.opportunities.place import likeness, only_collaborations, place, tenths
from models.opportunities.reasons import Reasons, text
from models.opportunities.rows import Opportunities, Opportunity
from models.prediction import Floats
from models.shortlists.rows import Estimate


def opportunities(
    matrix: AllianceMatrix,
    creator_id: str,
    k: int = 20,
    category: str | None = None,
    per_brand: int = 1,
) -> Opportunities:
    """The k products with the highest earnings x interest, at most `per_brand` of each brand.

    earnings = commission x net GMV + slot fee, expected of one session. interest = the share of
    the brand's candidates for whom the brand's benefit x the creator's acceptance (net GMV x
    P(yes)) is no higher than for this one: what a brand would gain and whether it would get a
    yes decide whom it asks. Ties keep the order of brand and product ids. Where only
    collaborations are known these are the k brands in whose order by `p_collaboration` the creator
    comes first. Raises UnknownCreator, and WrongInput for a k below 1 or a category that no
    product has.
    """
    if k < 1 or per_brand < 1:
        raise WrongInput(f"k and products per brand are at least 1, not {k} and {per_brand}.")
    creator = creator_position(matrix, creator_id)
    _refuse_category(matrix, category)
    if only_collaborations(matrix):
        courting = courting_brands(matrix, creator)
        notes = (PLACED,) if courting else (PLACED, UNPLACED)
        return _told(matrix, creator, k, len(courting), courting[:k], notes)
    found = [
        one
        for row in np.flatnonzero(matrix.columns["creator_id"] == creator).tolist()
        for one in _of_brand(matrix, row, creator)
        if category is None or one.category == category
    ]
    order = np.lexsort((np.arange(len(found)), -_ranked_by(found)))
    taken: dict[str, int] = {}
    chosen: list[Opportunity] = []
    for i in order.tolist():
        brand = found[i].brand_id
        taken[brand] = taken.get(brand, 0) + 1
        if taken[brand] <= per_brand and len(chosen) < k:
            chosen.append(found[i])
    return _told(matrix, creator, k, len(found), chosen, _notes(matrix, found))


def _told(
    matrix: AllianceMatrix,
    creator: int,
    k: int,
    considered: int,
    chosen: Sequence[Opportunity],
    notes: tuple[str, ...],
) -> Opportunities:
    values = matrix.creator_values
    return Opportunities(
        creator_id=str(values["creator_id"][creator]),
        creator_name=text(values["name"][creator]),
        main_category=text(values["main_category"][creator]),
        tier=text(values["tier"][creator]),
        k=k,
        considered=considered,
        of_brands=only_collaborations(matrix),
        rows=tuple(replace(one, rank=rank) for rank, one in enumerate(chosen, 1)),
        notes=notes,
        matrix_version=matrix.manifest.version,
        as_of=matrix.manifest.as_of,
        currency=matrix.manifest.currency,
    )


def _of_brand(matrix: AllianceMatrix, row: int, creator: int) -> list[Opportunity]:
    """Every product that the brand of this row was scored with, with this creator."""
    position = int(matrix.columns["brand_id"][row])
    interest = tenths(place(matrix, position, row))
    if matrix.offers is None:
        numbers = {name: np.asarray([matrix.columns[name][row]]) for name in OFFERED}
        products = [int(matrix.columns["best_product_id"][row])]
    else:
        part = matrix.offers.of(row)
        numbers = {name: matrix.offers.columns[name][part] for name in OFFERED}
        products = matrix.offers.product[part].tolist()
    audience = likeness(matrix, position, creator)
    together = float(np.nan_to_num(matrix.columns["evidence_sessions"][row]))
    return [
        _opportunity(
            matrix,
            (position, product, creator),
            {name: float(values[i]) for name, values in numbers.items()},
            interest,
            audience,
            round(together),
        )
        for i, product in enumerate(products)
        if product >= 0
    ]


OFFERED: Final = (
    "commission_rate",
    "slot_fee",
    "net_gmv",
    "net_gmv_lo80",
    "net_gmv_hi80",
    "extrapolated",
)


def _opportunity(
    matrix: AllianceMatrix,
    who: tuple[int, int, int],
    offered: dict[str, float],
    interest: float,
    audience: float | None,
    together: int,
) -> Opportunity:
    brand, product = matrix.brands.iloc[who[0]], matrix.products.iloc[who[1]]
    fee = offered["slot_fee"]
    paid = 0.0 if np.isnan(fee) else fee
    ends = (offered["net_gmv"], offered["net_gmv_lo80"], offered["net_gmv_hi80"])
    earnings = _estimate([offered["commission_rate"] * end + paid for end in ends])
    category = text(product["category"])
    met = f"{together} session{'s' if together > 1 else ''} with the brand so far" * bool(together)
    reasons = Reasons()
    reasons.of_terms(matrix, who[2], offered, earnings is not None)
    reasons.of_past(met)
    reasons.of_category(category, text(matrix.creator_values["main_category"][who[2]]))
    reasons.of_fit(audience, interest, "the forecast" if offered["extrapolated"] else None)
    return Opportunity(
        rank=0,
        brand_id=str(brand["brand_id"]),
        brand_name=text(brand["name"]),
        industry=text(brand["industry"]),
        product_id=str(product["product_id"]),
        product_title=text(product["title"]),
        category=category,
        price=_figure(float(product["price"])),
        commission_rate=_figure(offered["commission_rate"]),
        slot_fee=_figure(fee),
        net_gmv=_estimate(ends),
        earnings=earnings,
        interest=interest,
        score=None if earnings is None else earnings.mean * interest,
        sessions_together=together,
        reasons=tuple(reasons.for_),
        counter_reasons=tuple(reasons.against),
    )


def _ranked_by(found: list[Opportunity]) -> Floats:
    """Scores; where no earnings are known, interest."""
    scored = [np.nan if one.score is None else one.score for one in found]
    if found and np.isnan(scored).all():
        return np.array([one.interest for one in found])
    return np.nan_to_num(np.array(scored, dtype=np.float64), nan=-np.inf)


def _notes(matrix: AllianceMatrix, found: list[Opportunity]) -> tuple[str, ...]:
    notes = []
    if not found:
        notes.append("no brand with an active product was scored with this creator")
    elif all(one.earnings is None for one in found):
        notes.append(
            "expected earnings are not known, as net GMV or the commission is not: ranked by the "
            "brand's interest alone"
        )
    if any(one.earnings is not None and one.slot_fee is None for one in found):
        notes.append("where no slot fee is known earnings are commission alone")
    if matrix.offers is None:
        notes.append("one product of each brand: the matrix keeps no others")
    return tuple(notes)


def _refuse_category(matrix: AllianceMatrix, category: str | None) -> None:
    if category is not None and only_collaborations(matrix):
        raise WrongInput(
            "Only collaborations are known: brands are listed, without products, so they cannot be "
            "narrowed down to a category of products."
        )
    known = sorted(matrix.products["category"].dropna().unique().tolist())
    if category is not None and category not in known:
        raise WrongInput(
            f"No product is of the category '{category}'. There are: {', '.join(known) or 'none'}."
        )


def _estimate(ends: Sequence[float]) -> Estimate | None:
    mean, low, high = map(_figure, ends)
    return None if mean is None else Estimate(mean, low, high)


def _figure(value: float) -> float | None:
    """To the digits of a float32; None for nan."""
    return None if np.isnan(value) else float(f"{value:.7g}")
