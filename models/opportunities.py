"""Opportunities: which brands' products a creator would earn most with, and who would want it.

The creator's view: nothing of a brand's books is in it (docs/opportunities.md says what that is).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from features.errors import WrongInput
from models.matrix.lookup import creator_position
from models.matrix.matrix import AllianceMatrix
from models.prediction import Floats
from models.shortlists.rows import Estimate

ALIKE: Final = 0.9
"""Cosine of audience and buyers from which on they are told to be alike."""
UNLIKE: Final = 0.5
BEST: Final = 0.8
WORST: Final = 0.3


@dataclass(frozen=True)
class Opportunity:
    """A product of a brand. None is not known, never zero."""

    rank: int
    brand_id: str
    brand_name: str | None
    industry: str | None
    product_id: str
    product_title: str | None
    category: str | None
    price: float | None
    commission_rate: float | None
    slot_fee: float | None
    net_gmv: Estimate | None
    earnings: Estimate | None
    """commission x net GMV + slot fee, of one session."""
    interest: float
    """Where the brand would place the creator among all it could ask: 1 is first, in tenths."""
    score: float | None
    """earnings x interest."""
    sessions_together: int
    reasons: tuple[str, ...]
    counter_reasons: tuple[str, ...]


@dataclass(frozen=True)
class Opportunities:
    """The k best of a creator, and what must be known to read them."""

    creator_id: str
    creator_name: str | None
    main_category: str | None
    tier: str | None
    k: int
    considered: int
    rows: tuple[Opportunity, ...]
    notes: tuple[str, ...]
    matrix_version: str
    as_of: date
    currency: str


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
    yes decide whom it asks. Ties keep the order of brand and product ids. Raises UnknownCreator,
    and WrongInput for a k below 1 or a category that no product has.
    """
    if k < 1 or per_brand < 1:
        raise WrongInput(f"k and products per brand are at least 1, not {k} and {per_brand}.")
    creator = creator_position(matrix, creator_id)
    _refuse_category(matrix, category)
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
    values = matrix.creator_values
    return Opportunities(
        creator_id=creator_id,
        creator_name=_text(values["name"][creator]),
        main_category=_text(values["main_category"][creator]),
        tier=_text(values["tier"][creator]),
        k=k,
        considered=len(found),
        rows=tuple(replace(one, rank=rank) for rank, one in enumerate(chosen, 1)),
        notes=_notes(matrix, found),
        matrix_version=matrix.manifest.version,
        as_of=matrix.manifest.as_of,
        currency=matrix.manifest.currency,
    )


def _of_brand(matrix: AllianceMatrix, row: int, creator: int) -> list[Opportunity]:
    """Every product that the brand of this row was scored with, with this creator."""
    position = int(matrix.columns["brand_id"][row])
    interest = _interest(matrix, position, row)
    if matrix.offers is None:
        numbers = {name: np.asarray([matrix.columns[name][row]]) for name in OFFERED}
        products = [int(matrix.columns["best_product_id"][row])]
    else:
        part = matrix.offers.of(row)
        numbers = {name: matrix.offers.columns[name][part] for name in OFFERED}
        products = matrix.offers.product[part].tolist()
    audience = _likeness(matrix, position, creator)
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
    category = _text(product["category"])
    for_, against = _reasons(
        matrix, who[2], offered, earnings, category, interest, audience, together
    )
    return Opportunity(
        rank=0,
        brand_id=str(brand["brand_id"]),
        brand_name=_text(brand["name"]),
        industry=_text(brand["industry"]),
        product_id=str(product["product_id"]),
        product_title=_text(product["title"]),
        category=category,
        price=_figure(float(product["price"])),
        commission_rate=_figure(offered["commission_rate"]),
        slot_fee=_figure(fee),
        net_gmv=_estimate(ends),
        earnings=earnings,
        interest=interest,
        score=None if earnings is None else earnings.mean * interest,
        sessions_together=together,
        reasons=tuple(for_),
        counter_reasons=tuple(against),
    )


def _reasons(
    matrix: AllianceMatrix,
    creator: int,
    offered: dict[str, float],
    earnings: Estimate | None,
    category: str | None,
    interest: float,
    audience: float | None,
    together: int,
) -> tuple[list[str], list[str]]:
    """What speaks for it and what against, in words."""
    values = matrix.creator_values
    for_: list[str] = []
    against: list[str] = []
    if earnings is not None:
        for_.append(f"{offered['commission_rate']:.1%} of what stays sold")
    asked_fee = float(values["slot_fee"][creator])
    if offered["slot_fee"] > 0:
        for_.append("a slot fee whatever is sold")
    elif offered["slot_fee"] == 0 and asked_fee > 0:
        against.append("no slot fee, though you ask for one")
    if offered["commission_rate"] < float(values["commission_rate"][creator]) - 0.005:
        against.append("less commission than you ask")
    if together:
        for_.append(f"{together} session{'s' if together > 1 else ''} with the brand so far")
    else:
        against.append("you have not worked with the brand yet")
    own = _text(values["main_category"][creator])
    if category is not None and own is not None:
        (for_ if category == own else against).append(
            f"{category} is your category" if category == own else f"{category}, not your {own}"
        )
    if audience is not None and audience >= ALIKE:
        for_.append("your audience is like the brand's buyers")
    elif audience is not None and audience <= UNLIKE:
        against.append("your audience is unlike the brand's buyers")
    if interest >= BEST:
        for_.append("you would be among the first the brand would ask")
    elif interest <= WORST:
        against.append("many others would come first for the brand")
    if offered["extrapolated"]:
        against.append("little like it was seen before: the forecast is a guess")
    return for_, against


def _interest(matrix: AllianceMatrix, brand: int, row: int) -> float:
    """Share of the brand's candidates with no higher benefit x acceptance, in tenths, upwards."""
    rows = slice(int(matrix.brand_offsets[brand]), int(matrix.brand_offsets[brand + 1]))
    worth: Floats = np.ones(rows.stop - rows.start)
    for name in ("net_gmv", "p_accept"):
        values = matrix.columns[name][rows].astype(np.float64)
        if not np.isnan(values).all():
            worth = worth * np.nan_to_num(values)
    own = worth[row - rows.start]
    return float(np.ceil(10 * np.mean(worth <= own)) / 10)


def _likeness(matrix: AllianceMatrix, brand: int, creator: int) -> float | None:
    """Cosine of the creator's audience and the brand's buyers; None where either is unknown."""
    a = np.asarray(matrix.audience[creator], dtype=np.float64)
    b = np.asarray(matrix.buyers[brand], dtype=np.float64)
    length = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / length if length > 0 else None


def _ranked_by(found: list[Opportunity]) -> Floats:
    """Scores; where no earnings are known, interest."""
    scored = [np.nan if one.score is None else one.score for one in found]
    if found and np.isnan(scored).all():
        return np.array([one.interest for one in found])
    return np.nan_to_num(np.array(scored, dtype=np.float64), nan=-np.inf)


def _notes(matrix: AllianceMatrix, found: list[Opportunity]) -> tuple[str, ...]:
    notes = []
    if not len(matrix.products) and "p_collaboration" not in matrix.manifest.null_columns:
        notes.append(
            "only collaborations are known, so no brand has a product to earn with; 'alliance "
            "shortlist BRAND --objective collaboration' ranks creators for a brand"
        )
    elif not found:
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


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
