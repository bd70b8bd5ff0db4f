"""Levers of a deal: what other terms do to a pair, and between which ends they were seen."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from models.shortlists.brand_view import BrandView

Floats = npt.NDArray[np.float64]

HALF_A_POINT: Final = 0.005
FEE_STEPS: Final = 40
ENDS: Final = (0.05, 0.95)
FEWEST_OF_TIER: Final = 5
"""With fewer creators of a tier whose terms are known, no range was seen."""


@dataclass(frozen=True)
class TermRange:
    """Between which ends a term was seen, and with whom."""

    low: float
    high: float
    whose: str


def at_commission(view: BrandView, place: int, commission: float) -> dict[str, float]:
    """Profit and P(accept) of a row at another commission; without what is not known.

    profit = GMV [(1 - r)(m - c) - r h] - fees, so it changes by GMV (1 - r)(c - commission).
    """
    row = {name: float(view.column(name)[place]) for name in ("profit", "gmv", "return_rate")}
    now = float(view.column("commission_rate")[place])
    changed = {}
    profit = row["profit"] + row["gmv"] * (1 - row["return_rate"]) * (now - commission)
    if np.isfinite(profit):
        changed["profit"] = profit
    terms, p = view.matrix.manifest.acceptance, float(view.column("p_accept")[place])
    if terms is not None and np.isfinite(p):
        asked = float(view.of_creators("commission_rate")[place])
        known = asked if np.isfinite(asked) else None
        changed["p_accept"] = float(terms.at_commission(p, np.array([commission]), now, known)[0])
    return changed


def at_slot_fee(view: BrandView, place: int, fee: float) -> dict[str, float]:
    """Profit and P(accept) of a row at another slot fee; without what is not known."""
    now = float(np.nan_to_num(view.column("slot_fee")[place]))
    changed = {}
    profit = float(view.column("profit")[place]) + now - fee
    if np.isfinite(profit):
        changed["profit"] = profit
    terms, p = view.matrix.manifest.acceptance, float(view.column("p_accept")[place])
    if terms is not None and np.isfinite(p):
        asked = float(view.of_creators("slot_fee")[place])
        told = terms.at_fee(p, fee, now, asked if np.isfinite(asked) else None)
        if told is not None:
            changed["p_accept"] = told
    return changed


def commission_range(view: BrandView, place: int) -> TermRange | None:
    """The 5 to 95 % of commissions offered to (else asked by) such creators, and whose it is."""
    terms = view.matrix.manifest.acceptance
    if terms is not None:
        category = view.of_creators("main_category")[place]
        of = terms.range_of(category, view.of_creators("tier")[place])
        if of is not None:
            return TermRange(of.commission_lo, of.commission_hi, f"offered to {of.whose}")
    return _range_of_tier(view, place, view.numbers("commission_rate"))


def fee_range(view: BrandView, place: int) -> TermRange | None:
    """The 5 to 95 % of the slot fees of the brand's pairs of the same tier."""
    return _range_of_tier(view, place, view.numbers("slot_fee"))


def commission_steps(seen: TermRange, now: float) -> Floats:
    """Commissions by half points inside the range, the nearest to the present one first."""
    first, last = np.ceil(seen.low / HALF_A_POINT - 1e-6), np.floor(seen.high / HALF_A_POINT + 1e-6)
    return nearest_first(np.arange(first, last + 1) * HALF_A_POINT, now)


def fee_steps(seen: TermRange, now: float) -> Floats:
    """Slot fees by fortieths of the range, the nearest to the present one first."""
    return nearest_first(np.unique(np.linspace(seen.low, seen.high, FEE_STEPS + 1)), now)


def _range_of_tier(view: BrandView, place: int, values: Floats) -> TermRange | None:
    """The 5 to 95 % of these values of the brand's pairs of the same tier; None of too few."""
    tiers, tier = view.of_creators("tier"), view.of_creators("tier")[place]
    same = np.isfinite(values) & (tiers == tier)
    if tier is None or same.sum() < FEWEST_OF_TIER:
        return None
    low, high = np.quantile(values[same], ENDS)
    return TermRange(float(low), float(high), f"of {tier} creators")


def nearest_first(values: Floats, now: float) -> Floats:
    """Values other than the present one, the nearest first, lower before higher."""
    other = values[np.abs(values - now) > 1e-9 * max(abs(now), 1.0)]
    return other[np.argsort(np.abs(other - now), kind="stable")]


def price_band(
    prices: Floats, crosses: npt.NDArray[np.bool_], known: npt.NDArray[np.bool_], now: float
) -> tuple[float, bool] | None:
    """The price up to which (or from which) every product of the brand crosses and no other does.

    None where prices do not tell them apart, or the price of the present product is not known.

    >>> price_band(np.array([50.0, 99.0, 200.0]), np.array([1, 1, 0]) > 0, np.ones(3) > 0, 200.0)
    (99.0, True)
    """
    told = known & np.isfinite(prices)
    yes, no = prices[told & crosses], prices[told & ~crosses]
    if not len(yes) or not len(no) or np.isnan(now):
        return None
    if yes.max() < no.min():
        return float(yes.max()), True
    if yes.min() > no.max():
        return float(yes.min()), False
    return None
