"""What a deal earns: break-even, expected profit and P(loss) of one session (domain notes, 3).

All arrays are (n,) or broadcast to it; money in major units, rates are shares, nan is unknown.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit, gammaincc, logit, ndtr

from models.money import Z80, equally_likely
from models.prediction import Floats
from models.uncertainty.predictive import UNITS_PER_ORDER
from models.uncertainty.session_spread import OF_AN_ORDER

GRID_RETURNS: Final = 7
GRID_SOLD: Final = 40
MANY_ORDERS: Final = 400.0
"""From so many expected orders on, the chance of single orders is left to the lognormal."""


def kept_share(return_rate: Floats, margin: Floats, commission: Floats, handling: Floats) -> Floats:
    """What is left of each unit of GMV: (1 - r)(m - c) - r h."""
    return (1 - return_rate) * (margin - commission) - return_rate * handling


def expected_profit(gmv: Floats, kept: Floats, fixed: Floats) -> Floats:
    """GMV [(1 - r)(m - c) - r h] - slot fee - ads - samples."""
    return gmv * kept - fixed


def break_even_gmv(kept: Floats, fixed: Floats) -> Floats:
    """(slot fee + ads + samples) / [(1 - r)(m - c) - r h]; nan where nothing is kept of a sale."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(kept > 0, fixed / kept, np.nan)


def logit_spread(rate: Floats, lo80: Floats, hi80: Floats) -> Floats:
    """Spread of a rate's logit from its 80 % interval; 0 where it has none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = (logit(hi80) - logit(lo80)) / (2 * Z80)
    return np.where(np.isfinite(spread) & (rate > 0) & (rate < 1), spread, 0.0)


def p_loss(
    gmv: Floats,
    session_spread: Floats,
    order_value: Floats,
    returns: tuple[Floats, Floats],
    kept: tuple[Floats, Floats],
    fixed: Floats,
    cut_short: float = 0.0,
) -> Floats:
    """P(profit < 0) of ONE session.

    The share `cut_short` of sessions sells next to nothing, and so loses whatever they cost.

    `session_spread` is the sd of log GMV of one session (`models.uncertainty.session_spread`),
    `returns` the return rate and its logit's spread, `kept` margin - commission and handling. With
    return rates on a grid (logit-normal), a session loses where GMV < fixed / [(1 - r) kept - r
    handling], or always where that bracket is not positive. A session that costs nothing and keeps
    some of every sale does not lose. GMV is `below`'s.
    """
    rate, spread = (np.asarray(part, dtype=np.float64) for part in returns)
    margin, handling = (np.asarray(part, dtype=np.float64) for part in kept)
    z = equally_likely(GRID_RETURNS)
    safe = np.clip(rate, 1e-9, 1 - 1e-9)
    drawn = np.where(
        ((rate > 0) & (rate < 1))[..., None],
        expit(logit(safe)[..., None] + spread[..., None] * z),
        rate[..., None],
    )
    w = (1 - drawn) * margin[..., None] - drawn * handling[..., None]
    cost = np.asarray(fixed, dtype=np.float64)[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        threshold = np.where(w > 0, cost / w, np.inf)
    parts = [
        below(threshold[..., i], gmv, session_spread, order_value) for i in range(GRID_RETURNS)
    ]
    lost = (1 - cut_short) * np.mean(parts, axis=0) + cut_short * (threshold > 0).mean(axis=-1)
    return np.asarray(np.where(np.isnan(w).any(axis=-1), np.nan, lost))


def below(
    threshold: Floats, gmv: Floats, session_spread: Floats, order_value: Floats
) -> npt.NDArray[np.float64]:
    """P(GMV of one session < threshold): units are Poisson around a lognormal rate.

    The rate's log variance is what the session's has beyond the chance of single orders,
    log(exp(s^2) - OF_AN_ORDER / orders): so a session may sell nothing. Where the order's value
    is unknown, or orders are many, GMV itself is taken as lognormal.
    """
    t, g, s, value = np.broadcast_arrays(threshold, gmv, session_spread, order_value)
    t, g, s, value = (np.asarray(part, dtype=np.float64) for part in (t, g, s, value))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        whole = ndtr((np.log(t / g) + s**2 / 2) / s)
        orders = g / value
        rate_variance = np.log(np.maximum(np.exp(s**2) - OF_AN_ORDER / orders, 1.0))
    whole = np.where(t <= 0, 0.0, np.where(np.isinf(t), 1.0, whole))
    few = (orders < MANY_ORDERS) & np.isfinite(t) & (t > 0) & np.isfinite(rate_variance)
    if few.any():
        units = 1 + UNITS_PER_ORDER
        fewest = np.ceil(np.minimum(units * t[few] / value[few], 1e9))[:, None]
        sd = np.sqrt(rate_variance[few])[:, None]
        rates = units * orders[few][:, None] * np.exp(sd * equally_likely(GRID_SOLD) - sd**2 / 2)
        whole[few] = np.mean(gammaincc(fewest, rates), axis=1)
    return np.asarray(np.where(np.isnan(t) | np.isnan(g) | np.isnan(s), np.nan, whole))
