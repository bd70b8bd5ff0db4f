"""What one session of a pair would sell, by the matrix: of a product, or of a whole brand."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from models.deals.economics import logit_spread
from models.deals.formats import FormatEffect
from models.matrix.matrix import AllianceMatrix
from models.matrix.offers import Offers
from models.money import Z80
from models.prediction import Floats
from models.uncertainty.session_spread import OF_AN_ORDER

UNKNOWN = float("nan")


@dataclass(frozen=True)
class Sold:
    """One session: numbers are nan where unknown; money in major units, rates are shares."""

    gmv: float
    doubt: float
    """Sd of the log of the expected GMV."""
    session_spread: float
    """Sd of the log of one session's GMV (`models.uncertainty.session_spread`)."""
    order_value: float
    return_rate: float
    return_spread: float
    """Sd of its logit."""
    margin: float
    commission: float
    handling: float
    slot_fee: float
    sample_cost: float
    cut_short: float
    """Share of sessions that sell next to nothing."""

    @classmethod
    def of_best(cls, matrix: AllianceMatrix, row: int) -> Self:
        """Of the pair's best product."""

        def number(name: str) -> float:
            return float(matrix.columns[name][row])

        rates = (np.array([number(f"return_rate{end}")]) for end in ("", "_lo80", "_hi80"))
        return cls(
            gmv=number("gmv"),
            doubt=log_spread(number("gmv_lo80"), number("gmv_hi80")),
            session_spread=number("gmv_session_spread"),
            order_value=number("order_value"),
            return_rate=number("return_rate"),
            return_spread=float(logit_spread(*rates)[0]),
            margin=number("margin_rate"),
            commission=number("commission_rate"),
            handling=number("return_handling_rate"),
            slot_fee=number("slot_fee"),
            sample_cost=number("sample_cost"),
            cut_short=matrix.manifest.cut_short or 0.0,
        )

    @classmethod
    def of_product(
        cls, matrix: AllianceMatrix, row: int, offers: Offers, product: int
    ) -> Self | None:
        """Of another product of the brand; None where it was not scored with this creator."""
        best = cls.of_best(matrix, row)
        if int(matrix.columns["best_product_id"][row]) == product:
            return best
        places = offers.for_product(slice(row, row + 1), product)
        if not len(places):
            return None
        i, columns, item = int(places[0]), offers.columns, matrix.products.iloc[product]
        doubt = log_spread(float(columns["net_gmv_lo80"][i]), float(columns["net_gmv_hi80"][i]))
        doubt = best.doubt if np.isnan(doubt) else doubt
        gmv, value = float(columns["gmv"][i]), float(item["order_value"])
        return cls(
            gmv=gmv,
            doubt=doubt,
            session_spread=spread_of(best.lines(), doubt, gmv / value),
            order_value=value,
            return_rate=float(columns["return_rate"][i]),
            return_spread=best.return_spread,
            margin=float(item["margin_rate"]),
            commission=float(columns["commission_rate"][i]),
            handling=float(item["return_handling_rate"]),
            slot_fee=float(columns["slot_fee"][i]),
            sample_cost=float(item["sample_cost"]),
            cut_short=best.cut_short,
        )

    def lines(self) -> float:
        """Log variance by which sessions differ, beyond doubt and the chance of single orders."""
        chance = OF_AN_ORDER * self.order_value / self.gmv
        rate = np.log(max(np.exp(self.session_spread**2) - (chance if chance > 0 else 0.0), 1.0))
        return max(float(rate) - self.doubt**2, 0.0)

    def on(self, commission: float | None = None, slot_fee: float | None = None) -> Self:
        """The same session on other terms."""
        return replace(
            self,
            commission=self.commission if commission is None else commission,
            slot_fee=self.slot_fee if slot_fee is None else slot_fee,
        )


def dedicated(
    matrix: AllianceMatrix, row: int, offers: Offers, effect: FormatEffect
) -> Sold | None:
    """A whole session of the brand: its best products, each line times what the format does.

    As many products as dedicated sessions of the tier show (no more than are active), those with
    the highest GMV; rates are means weighted by GMV. Products err together. Slot fee unknown.
    """
    if effect.gmv is None:
        return None
    best = Sold.of_best(matrix, row)
    part = offers.of(row)
    gmv = offers.columns["gmv"][part].astype(np.float64)
    many = max(1, min(round(effect.products), int(np.isfinite(gmv).sum())))
    chosen = np.argsort(-np.nan_to_num(gmv, nan=-1.0), kind="stable")[:many]
    if not len(chosen) or not gmv[chosen].sum() > 0:
        return None
    weight = gmv[chosen] / gmv[chosen].sum()
    items = matrix.products.iloc[offers.product[part][chosen]]

    def of_items(name: str) -> Floats:
        return np.asarray(items[name], dtype=np.float64)

    def of_offers(name: str) -> Floats:
        return offers.columns[name][part][chosen].astype(np.float64)

    total = effect.gmv.mean * float(gmv[chosen].sum())
    orders = effect.gmv.mean * float(np.sum(gmv[chosen] / of_items("order_value")))
    doubt = float(np.hypot(best.doubt, effect.gmv.spread))
    return Sold(
        gmv=total,
        doubt=doubt,
        session_spread=spread_of(best.lines(), doubt, orders),
        order_value=total / orders,
        return_rate=float(weight @ of_offers("return_rate")),
        return_spread=best.return_spread,
        margin=float(weight @ of_items("margin_rate")),
        commission=float(weight @ of_offers("commission_rate")),
        handling=float(weight @ np.nan_to_num(of_items("return_handling_rate"))),
        slot_fee=UNKNOWN,
        sample_cost=float(np.nan_to_num(of_items("sample_cost")).sum()),
        cut_short=best.cut_short,
    )


def spread_of(lines: float, doubt: float, orders: float) -> float:
    """Sd of log GMV of one session, as `uncertainty.session_spread.session_spread` has it."""
    chance = OF_AN_ORDER / orders if orders > 0 else 0.0
    return float(np.sqrt(np.log(np.exp(doubt**2 + lines) + chance)))


def log_spread(lo80: float, hi80: float) -> float:
    """Sd of the log from an 80 % interval of something positive; nan where there is none."""
    return float(np.log(hi80 / lo80) / (2 * Z80)) if lo80 > 0 and hi80 > 0 else UNKNOWN
