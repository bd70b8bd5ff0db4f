"""A deal of a brand with a creator: mixed against dedicated, slot fee against pure commission."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from features.errors import UnknownProduct, WrongInput
from models.acceptance.terms import CAVEAT
from models.deals import formats
from models.deals.option import Asking, DealOption, known, reckoned
from models.deals.sold import Sold, dedicated
from models.matrix.lookup import pair_row, product_position
from models.matrix.matrix import AllianceMatrix

FEE: Final = "mixed session, slot fee"
PURE: Final = "mixed session, pure commission"
DEDICATED: Final = "dedicated session"


@dataclass(frozen=True)
class Deal:
    """Every way to make the deal, each on its terms; None is not known, and `notes` say why."""

    brand_id: str
    brand_name: str | None
    creator_id: str
    creator_name: str | None
    tier: str | None
    product_id: str | None
    product_title: str | None
    asked_commission: float | None
    asked_slot_fee: float | None
    margin_rate: float | None
    return_rate: float | None
    options: tuple[DealOption, ...]
    fee_worth: float | None
    """The slot fee at which a dedicated session is expected to earn what the mixed one does."""
    commission_worth_fee: float | None
    """The pure commission that costs the brand what slot fee and commission together do."""
    notes: tuple[str, ...]
    matrix_version: str
    as_of: date
    currency: str


def deal(
    matrix: AllianceMatrix,
    brand_id: str,
    creator_id: str,
    product_id: str | None = None,
    commission: float | None = None,
    slot_fee: float | None = None,
    dedicated_fee: float | None = None,
) -> Deal:
    """The deal on the terms last known, or on those given (a share; money of `currency`).

    Raises UnknownBrand, UnknownCreator, UnknownProduct, and WrongInput for terms that are none.
    """
    _refuse_terms(commission, slot_fee, dedicated_fee)
    row = pair_row(matrix, brand_id, creator_id)
    product = _product(matrix, brand_id, row, product_id)
    usual = _sold(matrix, row, product, brand_id, creator_id)
    asking = _asking(matrix, row)
    sold = usual.on(commission, slot_fee)
    notes = _missing(matrix, sold)
    outside = _outside(asking, sold.commission)
    options = []
    if sold.slot_fee > 0:
        options.append(reckoned(FEE, "mixed", sold, asking, list(outside)))
    unpaid = sold.on(slot_fee=0.0)
    pure_notes = list(outside)
    if sold.slot_fee > 0 and asking.at(np.array([unpaid.commission]), 0.0) is None:
        pure_notes.append(_no_pure(asking))
    options.append(reckoned(PURE, "mixed", unpaid, asking, pure_notes))
    whole, why = _dedicated(matrix, row, asking.tier)
    worth = None
    if whole is None:
        notes.append(why)
    else:
        whole = whole.on(commission, np.nan if dedicated_fee is None else dedicated_fee)
        option = reckoned(DEDICATED, "dedicated", whole, asking, [why], asked=False)
        options.append(option)
        if options[0].profit is not None and option.profit is not None:
            worth = option.profit.mean + (dedicated_fee or 0.0) - options[0].profit.mean
            worth = max(worth, 0.0)
        if dedicated_fee is None:
            notes.append(
                "the source names no fee for a dedicated session: its profit is reckoned before "
                "any fee (--dedicated-fee adds one)"
            )
    values, brand = matrix.creator_values, matrix.brand_position(brand_id)
    creator = int(matrix.columns["creator_id"][row])
    return Deal(
        brand_id=brand_id,
        brand_name=_text(matrix.brands["name"].iloc[brand]),
        creator_id=creator_id,
        creator_name=_text(values["name"][creator]),
        tier=asking.tier,
        product_id=None if product < 0 else str(matrix.products["product_id"].iloc[product]),
        product_title=None if product < 0 else _text(matrix.product_values["title"][product]),
        asked_commission=asking.asked_commission,
        asked_slot_fee=asking.asked_fee,
        margin_rate=known(sold.margin),
        return_rate=known(sold.return_rate),
        options=tuple(options),
        fee_worth=worth,
        commission_worth_fee=_commission_worth(sold),
        notes=tuple(dict.fromkeys(notes)),
        matrix_version=matrix.manifest.version,
        as_of=matrix.manifest.as_of,
        currency=matrix.manifest.currency,
    )


def _refuse_terms(commission: float | None, *fees: float | None) -> None:
    if commission is not None and not 0 <= commission <= 1:
        raise WrongInput(
            f"A commission is a share of GMV, from 0 to 1 (.2 is 20 %), not {commission:g}."
        )
    for fee in fees:
        if fee is not None and not 0 <= fee < np.inf:
            raise WrongInput(f"A fee is an amount of money, 0 or more, not {fee:g}.")


def _product(matrix: AllianceMatrix, brand_id: str, row: int, wanted: str | None) -> int:
    if wanted is not None:
        return product_position(matrix, brand_id, wanted)
    return int(matrix.columns["best_product_id"][row])


def _sold(matrix: AllianceMatrix, row: int, product: int, brand_id: str, creator_id: str) -> Sold:
    if product == int(matrix.columns["best_product_id"][row]):
        return Sold.of_best(matrix, row)
    wanted = matrix.products["product_id"].iloc[product]
    if matrix.offers is None:
        raise UnknownProduct(
            f"This matrix keeps only the best product of each pair, not '{wanted}' of "
            f"'{brand_id}' with '{creator_id}'; its notes say why."
        )
    sold = Sold.of_product(matrix, row, matrix.offers, product)
    if sold is None:
        raise UnknownProduct(
            f"'{wanted}' was not on sale on {matrix.manifest.as_of}: no forecast was made of it."
        )
    return sold


def _asking(matrix: AllianceMatrix, row: int) -> Asking:
    creator, values = int(matrix.columns["creator_id"][row]), matrix.creator_values
    return Asking(
        terms=matrix.manifest.acceptance,
        p=known(float(matrix.columns["p_accept"][row])),
        lo80=known(float(matrix.columns["p_accept_lo80"][row])),
        hi80=known(float(matrix.columns["p_accept_hi80"][row])),
        commission=float(matrix.columns["commission_rate"][row]),
        slot_fee=float(matrix.columns["slot_fee"][row]),
        asked_commission=known(float(values["commission_rate"][creator])),
        asked_fee=known(float(values["slot_fee"][creator])),
        category=_text(values["main_category"][creator]),
        tier=_text(values["tier"][creator]),
    )


def _dedicated(matrix: AllianceMatrix, row: int, tier: str | None) -> tuple[Sold | None, str]:
    """What a dedicated session would sell, and what to know of it (or why it is not known)."""
    learned = matrix.manifest.formats
    effect = None if learned is None else learned.of(tier)
    if learned is None or effect is None or effect.gmv is None:
        why = "the formats of sessions were not read" if learned is None else learned.absent
        return None, f"a dedicated session is not reckoned: {why or 'its GMV is not known'}"
    if matrix.offers is None:
        return (
            None,
            "a dedicated session is not reckoned: the matrix keeps one product of each pair",
        )
    whole = dedicated(matrix, row, matrix.offers, effect)
    if whole is None:
        return None, "a dedicated session is not reckoned: GMV is not forecast"
    ratio = effect.gmv
    return whole, (
        f"GMV of a line in a dedicated session is x{ratio.mean:.2f} ({ratio.lo80:.2f} to "
        f"{ratio.hi80:.2f}) that in a mixed one of the same creator, {effect.products:.1f} "
        f"products a session ({effect.sessions} dedicated sessions, {effect.creators} creators); "
        f"{formats.CAVEAT}; past offers do not name their format, so P(yes) is not known"
    )


def _missing(matrix: AllianceMatrix, sold: Sold) -> list[str]:
    """Sentences for what the source lacks; then for what everybody must know."""
    absent = matrix.manifest.null_columns
    notes = []
    if np.isnan(sold.gmv):
        why = absent.get("gmv", "no value for this pair")
        notes.append(f"GMV is not forecast: {why}; nothing of a deal can be reckoned")
    for value, name, words in (
        (sold.margin, "margin_rate", "the margin of the product"),
        (sold.commission, "commission_rate", "the commission"),
        (sold.return_rate, "return_rate", "the return rate"),
    ):
        if np.isnan(value):
            why = absent.get(name, "the source has none for it")
            notes.append(f"{words} is not known ({why}): no profit, break-even GMV or P(loss)")
    for value, words in (
        (sold.slot_fee, "the slot fee"),
        (sold.sample_cost, "the cost of a sample"),
        (sold.handling, "the handling cost of returns"),
    ):
        if np.isnan(value):
            notes.append(f"{words} is not known: taken as 0")
    notes.append("ads are not in the source of a deal: taken as 0")
    if matrix.manifest.acceptance is None:
        why = absent.get("p_accept", "the source has no answered invitations")
        notes.append(f"P(yes) is not known, nor a commission to suggest: {why}")
    else:
        notes.append(CAVEAT)
    return notes


def _outside(asking: Asking, commission: float) -> list[str]:
    seen = None if asking.terms is None else asking.terms.range_of(asking.category, asking.tier)
    if seen is None or np.isnan(commission):
        return []
    if seen.commission_lo <= commission <= seen.commission_hi:
        return []
    return [
        f"a commission of {commission:.1%} lies outside of the {seen.commission_lo:.1%} to "
        f"{seen.commission_hi:.1%} that {seen.whose} were offered ({seen.offers} offers)"
    ]


def _no_pure(asking: Asking) -> str:
    """Why P(yes) without the slot fee is not known."""
    if asking.p is None or asking.terms is None:
        return "P(yes) is not known"
    return (
        "P(yes) without the slot fee is not known: too few creators who ask a fee were ever "
        "offered none"
    )


def _commission_worth(sold: Sold) -> float | None:
    """C + fee / [(1 - r) GMV]: commission is paid on what is not returned."""
    net = (1 - sold.return_rate) * sold.gmv
    if not net > 0 or not sold.slot_fee > 0 or np.isnan(sold.commission):
        return None
    return sold.commission + sold.slot_fee / net


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
