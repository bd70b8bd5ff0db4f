"""Money of a session: GMV, GPM, net GMV and profit of a product with a creator, with intervals.

Volume x conversion x order value, each taken as independent of the others. An interval is of
what such a session is expected to bring (the rates are uncertain), not of one evening's luck.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, ndtri

from features.contract import Denominator
from models.prediction import Floats, Forecast

Z80 = 1.2815515655446004
"""90 % of a standard normal lie below this: the upper end of an 80 % interval."""

PRODUCT_GPM = "1000 x GMV / product impressions"
TRAFFIC_GPM = "1000 x GMV / {denominator} of the session"

GRID_RETURNS, GRID_GMV = 7, 24
ROWS_AT_A_TIME = 20_000


@dataclass(frozen=True)
class DealInputs:
    """What the money of n pairs follows from; every array (n,), nan where unknown.

    `impressions`: times the product is shown in one session; `traffic`: the denominator of one
    session where that is viewers or views. Rates are shares; money is in major units. None
    where the source has nothing of the kind.
    """

    denominator: Denominator | None
    conversion: Forecast
    order_value: Floats
    """GMV per order."""
    impressions: Forecast | None = None
    click_through: Forecast | None = None
    traffic: Forecast | None = None
    return_rate: Forecast | None = None
    margin_rate: Floats | None = None
    commission_rate: Floats | None = None
    return_handling_rate: Floats | None = None
    """Handling cost of a returned order, as a share of its GMV."""
    slot_fee: Floats | None = None
    sample_cost: Floats | None = None


@dataclass(frozen=True)
class Money:
    """Forecasts in major money units, all nan where they cannot be made.

    `absent` says why a whole column is nan; `assumed` what was taken as zero. Both belong in
    the manifest.
    """

    gmv: Forecast
    net_gmv: Forecast
    gpm: Forecast
    profit: Forecast
    gpm_is: str
    absent: dict[str, str] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()


def deal_money(deal: DealInputs) -> Money:
    """GMV, net GMV, GPM and profit of one session of these pairs.

    - clicks: GMV = impressions x CTR x conversion x order value
    - impressions: GMV = impressions x conversion x order value
    - viewers, views: GMV = traffic x conversion x order value
    - GPM = 1000 GMV / impressions (or / traffic, where impressions are unknown)
    - net GMV = GMV (1 - r)
    - profit = GMV [(1 - r)(m - c) - r h] - slot fee - sample cost, with return rate r, gross
      margin m, commission c and handling cost h.

    Handling, fee and samples count as 0 where unknown, and `assumed` says so; without margin or
    commission there is no profit.
    """
    n = len(deal.conversion.mean)
    absent: dict[str, str] = {}
    per_order = _certain(deal.order_value)
    volume, gpm_factors, gpm_is = _volume(deal, absent)
    if volume is None:
        gmv = net = profit = _nothing(n)
    else:
        gmv = product(*volume, _rate(deal.conversion), per_order)
        net = _net(deal, gmv, absent)
        profit = _profit(deal, gmv, absent)
    gpm = _nothing(n)
    if gpm_factors is not None:
        thousand = _certain(np.full(n, 1000.0))
        gpm = product(thousand, *gpm_factors, _rate(deal.conversion), per_order)
    assumed = _assumed(deal) if not np.isnan(profit.mean).all() else ()
    return Money(gmv, net, gpm, profit, gpm_is, absent, assumed)


def product(*factors: Forecast) -> Forecast:
    """The product of independent factors whose `spread` is on the log scale.

    Taken as lognormal: means multiply, log-variances add, and the 80 % interval is
    mean x exp(-s^2 / 2 -+ 1.2816 s). Exact when every factor is lognormal; for a rate the log
    spread is that of the logit times (1 - rate), good to a few percent below rates of a third.
    """
    mean = np.prod([factor.mean for factor in factors], axis=0)
    spread = np.sqrt(np.sum([factor.spread**2 for factor in factors], axis=0))
    return lognormal(mean, spread)


def lognormal(mean: Floats, spread: Floats) -> Forecast:
    """A forecast with this mean, and this standard deviation of its logarithm."""
    median = mean * np.exp(-(spread**2) / 2)
    return Forecast(mean, median * np.exp(-Z80 * spread), median * np.exp(Z80 * spread), spread)


def _volume(
    deal: DealInputs, absent: dict[str, str]
) -> tuple[list[Forecast] | None, list[Forecast] | None, str]:
    """Factors of a session's denominator, those of a denominator per view, and what GPM means."""
    shown = deal.impressions
    if deal.denominator == "clicks" and shown is not None and deal.click_through is not None:
        click_through = _rate(deal.click_through)
        return [shown, click_through], [click_through], PRODUCT_GPM
    if deal.denominator == "impressions" and shown is not None:
        return [shown], [], PRODUCT_GPM
    if deal.denominator in ("viewers", "views") and deal.traffic is not None:
        return [deal.traffic], [], TRAFFIC_GPM.format(denominator=deal.denominator)
    why = {
        None: "the source has no denominator of a conversion rate, so no volume to multiply it by",
        "clicks": "clicks without impressions: how many clicks a session brings is not forecast",
    }.get(deal.denominator, f"the {deal.denominator} of a session are not forecast")
    absent.update(dict.fromkeys(("gmv", "net_gmv", "gpm", "profit"), why))
    return None, None, ""


def _net(deal: DealInputs, gmv: Forecast, absent: dict[str, str]) -> Forecast:
    if deal.return_rate is None:
        absent["net_gmv"] = "no returns were given, so no return rate is forecast"
        return _nothing(len(gmv.mean))
    returned = deal.return_rate
    return product(gmv, _known(1 - returned.mean, returned.spread * returned.mean))


def _profit(deal: DealInputs, gmv: Forecast, absent: dict[str, str]) -> Forecast:
    needed = {
        "no product has a margin_rate": deal.margin_rate,
        "no commission_rate is known": deal.commission_rate,
        "no returns were given, so no return rate is forecast": deal.return_rate,
    }
    for why, given in needed.items():
        if given is None or (not isinstance(given, Forecast) and np.isnan(given).all()):
            absent["profit"] = why
            return _nothing(len(gmv.mean))
    assert deal.margin_rate is not None
    assert deal.commission_rate is not None
    assert deal.return_rate is not None
    kept = deal.margin_rate - deal.commission_rate
    handling = _or_zero(deal.return_handling_rate, kept)
    fixed = _or_zero(deal.slot_fee, kept) + _or_zero(deal.sample_cost, kept)
    return profit(gmv, deal.return_rate, kept, handling, fixed)


def profit(
    gmv: Forecast, return_rate: Forecast, kept: Floats, handling: Floats, fixed: Floats
) -> Forecast:
    """GMV [(1 - r) kept - r handling] - fixed, with its 80 % interval.

    `kept` is margin - commission, `handling` the cost of a return, both as shares of GMV. The
    bracket w is linear in r, so the mean is exact for independent GMV and r. The bracket may be
    negative (the more is sold, the more is lost), so the interval is not lognormal: it is read
    off a fixed grid of equally likely return rates (logit-normal) and GMVs (lognormal), without
    random numbers. `spread` is half the interval's width over 1.2816: money, not a log scale.
    """
    weight = (1 - return_rate.mean) * kept - return_rate.mean * handling
    low, high = np.full(len(kept), np.nan), np.full(len(kept), np.nan)
    z_returns, z_gmv = equally_likely(GRID_RETURNS), equally_likely(GRID_GMV)
    for start in range(0, len(kept), ROWS_AT_A_TIME):
        part = slice(start, start + ROWS_AT_A_TIME)
        returned = _logit_normal(return_rate.mean[part], return_rate.spread[part], z_returns)
        w = (1 - returned) * kept[part, None] - returned * handling[part, None]
        s = gmv.spread[part, None]
        sold = gmv.mean[part, None] * np.exp(-(s**2) / 2 + s * z_gmv)
        outcomes = (w[:, :, None] * sold[:, None, :]).reshape(len(w), -1)
        low[part], high[part] = np.quantile(outcomes, [0.1, 0.9], axis=1, method="hazen")
    mean, low, high = gmv.mean * weight - fixed, low - fixed, high - fixed
    return Forecast(mean, low, high, (high - low) / (2 * Z80))


def equally_likely(n: int) -> Floats:
    """Standard normal quantiles, each standing for 1/n of the probability, of unit variance."""
    z: Floats = ndtri((np.arange(n) + 0.5) / n)
    return z / np.sqrt(np.mean(z**2))


def _logit_normal(mean: Floats, spread: Floats, z: Floats) -> Floats:
    """Rates (n, len(z)) around the mean; rates of exactly 0 or 1 stay."""
    return np.asarray(expit(logit(mean)[:, None] + spread[:, None] * z))


def _rate(forecast: Forecast) -> Forecast:
    """A rate with its spread taken from the logit to the log scale."""
    return _known(forecast.mean, forecast.spread * (1 - forecast.mean))


def _known(mean: Floats, spread: Floats) -> Forecast:
    return Forecast(mean, mean, mean, spread)


def _certain(values: npt.ArrayLike) -> Forecast:
    mean = np.asarray(values, float)
    return _known(mean, np.zeros(len(mean)))


def _nothing(n: int) -> Forecast:
    nan = np.full(n, np.nan)
    return Forecast(nan, nan, nan, nan)


def _or_zero(values: Floats | None, like: Floats) -> Floats:
    return np.zeros(len(like)) if values is None else np.nan_to_num(np.asarray(values, float))


def _assumed(deal: DealInputs) -> tuple[str, ...]:
    """What profit takes as 0 because it is unknown, as sentences."""
    costs = {
        "the handling cost of returns": deal.return_handling_rate,
        "the slot fee": deal.slot_fee,
        "the cost of samples": deal.sample_cost,
    }
    return tuple(
        f"profit takes {cost} as 0 where it is not known"
        for cost, given in costs.items()
        if given is None or np.isnan(given).any()
    )
