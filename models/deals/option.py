"""One way to make a deal: break-even, expected profit, P(loss), P(yes), best commission."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from models.acceptance.terms import OfferRange, OfferTerms
from models.deals.economics import break_even_gmv, expected_profit, kept_share, p_loss
from models.deals.sold import Sold
from models.money import Z80, lognormal, profit
from models.prediction import Floats, Forecast
from models.shortlists.rows import Estimate

STEP: Final = 0.005
"""Commissions are tried in steps of half a point."""


@dataclass(frozen=True)
class Suggestion:
    """The commission with the highest P(yes) x expected profit within what was offered before."""

    commission_rate: float
    lo80: float
    hi80: float
    """The same if the effect of commission is at the ends of its 80 % interval."""
    p_accept: float
    profit: float
    value: float
    """P(yes) x expected profit."""
    range: OfferRange
    at_end: str | None
    """lowest or highest of the range, where it is that: beyond it nothing was seen."""


@dataclass(frozen=True)
class CurvePoint:
    """What a commission would bring."""

    commission_rate: float
    p_accept: float
    profit: float
    value: float


@dataclass(frozen=True)
class DealOption:
    """A format on its terms. None is not known, and `notes` say why."""

    name: str
    format: str
    slot_fee: float | None
    commission_rate: float | None
    gmv: Estimate | None
    break_even_gmv: float | None
    profit: Estimate | None
    """Expected, with its 80 % interval."""
    p_loss: float | None
    """That one session loses money."""
    p_accept: Estimate | None
    value: float | None
    """P(yes) x expected profit."""
    suggestion: Suggestion | None
    curve: tuple[CurvePoint, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Asking:
    """How likely this creator says yes, at the terms of the matrix and at others."""

    terms: OfferTerms | None
    p: float | None
    """At commission `commission` and slot fee `slot_fee`."""
    lo80: float | None
    hi80: float | None
    commission: float
    slot_fee: float
    asked_commission: float | None
    asked_fee: float | None
    category: str | None
    tier: str | None

    def at(
        self, commission: Floats, slot_fee: float, terms: OfferTerms | None = None
    ) -> Floats | None:
        """P(yes) at these commissions and this fee; None where past offers do not tell."""
        told = terms or self.terms
        if self.p is None or told is None:
            return None
        p: float | None = self.p
        if not np.isnan(slot_fee) and not np.isnan(self.slot_fee):
            p = told.at_fee(self.p, slot_fee, self.slot_fee, self.asked_fee)
        if p is None:
            return None
        unnamed = np.isnan(commission) | np.isnan(self.commission)
        usual = float(np.nan_to_num(self.commission))
        moved = told.at_commission(p, np.nan_to_num(commission), usual, self.asked_commission)
        return np.where(unnamed, p, moved)

    def on(self, sold: Sold) -> Estimate | None:
        """P(yes) on the terms of this session, its interval moved with it; None where unknown."""
        terms = np.array([sold.commission]), sold.slot_fee
        ends = [replace(self, p=end).at(*terms) for end in (self.p, self.lo80, self.hi80)]
        mean, low, high = (None if end is None else float(end[0]) for end in ends)
        return None if mean is None else Estimate(mean, low, high)


def reckoned(
    name: str, format_: str, sold: Sold, asking: Asking, notes: list[str], *, asked: bool = True
) -> DealOption:
    """The option; `asked` False where P(yes) of this format is not known."""
    fixed = float(np.nansum([sold.slot_fee, sold.sample_cost]))
    handling = float(np.nan_to_num(sold.handling))
    earned = _profit(sold, handling, fixed)
    kept = kept_share(*_arrays(sold.return_rate, sold.margin, sold.commission, handling))
    if not np.isnan(kept[0]) and kept[0] <= 0:
        notes.append(
            "margin, commission and returns leave nothing of a sale: the more is sold, the more "
            "is lost, and no GMV breaks even"
        )
    p = asking.on(sold) if asked else None
    gmv = lognormal(*_arrays(sold.gmv, sold.doubt))
    mean = None if earned is None else earned.mean
    suggestion: Suggestion | None = None
    curve: tuple[CurvePoint, ...] = ()
    if asked and earned is not None:
        suggestion, curve = suggested(sold, asking, notes)
    return DealOption(
        name=name,
        format=format_,
        slot_fee=known(sold.slot_fee),
        commission_rate=known(sold.commission),
        gmv=None if np.isnan(sold.gmv) else _estimate(gmv),
        break_even_gmv=known(float(break_even_gmv(kept, np.array([fixed]))[0])),
        profit=earned,
        p_loss=known(_p_loss(sold, handling, fixed)),
        p_accept=p,
        value=None if p is None or mean is None else p.mean * mean,
        suggestion=suggestion,
        curve=curve,
        notes=tuple(notes),
    )


def suggested(
    sold: Sold, asking: Asking, notes: list[str]
) -> tuple[Suggestion | None, tuple[CurvePoint, ...]]:
    """The best commission of the observed range, and the curve over it; says why there is none."""
    terms = asking.terms
    if terms is None or asking.p is None:
        return None, ()
    seen = terms.range_of(asking.category, asking.tier)
    if seen is None or terms.commission is None or terms.commission_se is None:
        notes.append(
            "no commission is suggested: past offers do not tell what commission does to a yes"
        )
        return None, ()
    grid = commissions(seen)
    rate, margin, handling, fixed = _arrays(
        sold.return_rate,
        sold.margin,
        float(np.nan_to_num(sold.handling)),
        float(np.nansum([sold.slot_fee, sold.sample_cost])),
    )
    kept = kept_share(rate, margin, grid, handling)
    earned = expected_profit(np.array([sold.gmv]), kept, fixed)

    def best(effect: float) -> tuple[int, Floats] | None:
        p = asking.at(grid, sold.slot_fee, terms.model_copy(update={"commission": effect}))
        return None if p is None else (int(np.argmax(p * earned)), p)

    found = best(terms.commission)
    if found is None:
        notes.append("no commission is suggested: P(yes) on such a slot fee is not known")
        return None, ()
    i, p = found
    curve = tuple(
        CurvePoint(*(float(part) for part in point))
        for point in zip(grid, p, earned, p * earned, strict=True)
    )
    if earned[i] <= 0:
        notes.append(
            f"no commission between {seen.commission_lo:.1%} and {seen.commission_hi:.1%} "
            "is expected to earn anything"
        )
        return None, curve
    ends = [best(terms.commission + z * terms.commission_se) for z in (-Z80, Z80)]
    lo, hi = sorted(float(grid[end[0]]) for end in ends if end is not None)
    end = "lowest" if i == 0 else "highest" if i == len(grid) - 1 else None
    point = curve[i]
    told = Suggestion(
        point.commission_rate,
        min(lo, point.commission_rate),
        max(hi, point.commission_rate),
        point.p_accept,
        point.profit,
        point.value,
        seen,
        end,
    )
    return told, curve


def commissions(seen: OfferRange) -> Floats:
    """Half points within the range, its ends among them."""
    first, last = np.ceil(seen.commission_lo / STEP), np.floor(seen.commission_hi / STEP)
    inside = np.arange(first, last + 1) * STEP
    return np.unique(np.round([seen.commission_lo, *inside, seen.commission_hi], 4))


def _profit(sold: Sold, handling: float, fixed: float) -> Estimate | None:
    needed = (sold.gmv, sold.doubt, sold.return_rate, sold.margin, sold.commission)
    if np.isnan(needed).any():
        return None
    gmv = lognormal(*_arrays(sold.gmv, sold.doubt))
    rate = np.array([sold.return_rate])
    returned = Forecast(rate, rate, rate, np.array([sold.return_spread]))
    kept = np.array([sold.margin - sold.commission])
    return _estimate(profit(gmv, returned, kept, *_arrays(handling, fixed)))


def _p_loss(sold: Sold, handling: float, fixed: float) -> float:
    returns = np.array([sold.return_rate]), np.array([sold.return_spread])
    kept = np.array([sold.margin - sold.commission]), np.array([handling])
    gmv, spread, value, cost = _arrays(sold.gmv, sold.session_spread, sold.order_value, fixed)
    return float(p_loss(gmv, spread, value, returns, kept, cost, sold.cut_short)[0])


def _arrays(*values: float) -> list[Floats]:
    return [np.array([value], dtype=np.float64) for value in values]


def _estimate(forecast: Forecast) -> Estimate:
    return Estimate(float(forecast.mean[0]), float(forecast.lo80[0]), float(forecast.hi80[0]))


def known(value: float) -> float | None:
    """None for nan."""
    return None if np.isnan(value) else value
