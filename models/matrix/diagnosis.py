"""Diagnosis of a pair: is its conversion above the benchmark, is its traffic, what follows."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import logit

from models.uncertainty.tails import below

Floats = npt.NDArray[np.float64]

HIGH: Final = 0.8
LOW: Final = 0.2

CORE_CONTRIBUTOR: Final = "core contributor"
RISING_STAR: Final = "rising star"
MEND: Final = "mend"
NOT_ENOUGH_DATA: Final = "not_enough_data"
QUADRANTS: Final = (CORE_CONTRIBUTOR, RISING_STAR, MEND, NOT_ENOUGH_DATA)

ACTIONS: Final = {
    CORE_CONTRIBUTOR: "strengthen the tie",
    RISING_STAR: "watch how impressions change; more sessions whatever the size; "
    "deepen if they grow",
    MEND: "change the product, then the pitch, then the live offer; log which has been tried",
    NOT_ENOUGH_DATA: "neither clearly above nor below the benchmark; another session tells more",
}
"""The rule of each quadrant, in the words of the FACT method."""

FIRST_ACTIONS: Final = {
    CORE_CONTRIBUTOR: "new: invite, conversion and traffic are forecast above the benchmark",
    RISING_STAR: "new: invite and watch how impressions change; conversion is forecast high",
    MEND: "new: others come first, conversion is forecast below the benchmark",
    NOT_ENOUGH_DATA: "new: a first session would tell",
}
"""The same for a pair that never met: there is nothing to mend or to strengthen yet."""

SELLS_HIGH: Final = "conversion is above the benchmark; too little is known of traffic"
SELLS_HIGH_AT_FIRST: Final = (
    "new: invite, conversion is forecast above the benchmark; too little is known of traffic"
)
"""Where only traffic keeps the pair from a quadrant."""


def p_above(
    mean: npt.ArrayLike,
    spread_logit: npt.ArrayLike,
    benchmark_mean: npt.ArrayLike,
    benchmark_spread_logit: npt.ArrayLike,
    wild: float = 0.0,
) -> Floats:
    """P(the pair's true rate > the benchmark's true rate), (n,), nan where a number is.

    Errors are independent, of these sds on the logit scale, the share `wild` of the pairs erring
    three times as far (`models.uncertainty.tails`). The pair's middle is that of its interval,
    spread^2 / 2 * (1 - 2 mean) below the logit of its mean; the benchmark's is the logit of its
    rate. Without any spread it is 1, 0 or, for equal rates, .5. Rates of exactly 0 or 1 are certain
    to lie below or above the others.

    >>> float(p_above(0.05, 0.0, 0.05, 0.2)), float(p_above(0.05, 0.3, 0.05, 0.2).round(3))
    (0.5, 0.455)
    """
    own = logit_middle(mean, spread_logit)
    return _p_above(own, spread_logit, logit(benchmark_mean), benchmark_spread_logit, wild)


def p_above_log(
    mean: npt.ArrayLike,
    spread_log: npt.ArrayLike,
    benchmark_mean: npt.ArrayLike,
    benchmark_spread_log: npt.ArrayLike,
    wild: float = 0.0,
) -> Floats:
    """The same for sizes (impressions), normal on the log scale, where the benchmark is typical.

    The pair's middle is that of its interval, spread^2 / 2 below the log of its mean; the
    benchmark's is the log of its (geometric) mean.
    """
    with np.errstate(divide="ignore"):
        other = np.log(benchmark_mean)
    own = log_middle(mean, spread_log)
    return _p_above(own, spread_log, other, benchmark_spread_log, wild)


def logit_middle(mean: npt.ArrayLike, spread_logit: npt.ArrayLike) -> Floats:
    """Middle, on the logit scale, of a share of this mean and spread."""
    share = np.asarray(mean, float)
    return np.asarray(logit(share) - np.asarray(spread_logit, float) ** 2 / 2 * (1 - 2 * share))


def log_middle(mean: npt.ArrayLike, spread_log: npt.ArrayLike) -> Floats:
    """Middle, on the log scale, of a size of this mean and spread."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(mean) - np.asarray(spread_log, float) ** 2 / 2)


def _p_above(own: Any, own_spread: Any, other: Any, other_spread: Any, wild: float) -> Floats:
    spread = np.hypot(np.asarray(own_spread, float), np.asarray(other_spread, float))
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.asarray(np.subtract(own, other), float)
        gap = np.where(np.asarray(own) == np.asarray(other), 0.0, gap)
        distance = np.where(gap == 0, 0.0, gap / spread)
    known = ~(np.isnan(gap) | np.isnan(spread))
    return np.where(known, below(distance, wild), np.nan)


def quadrant(
    p_conversion_above: npt.ArrayLike, p_impressions_above: npt.ArrayLike
) -> npt.NDArray[np.object_]:
    """The quadrant of each pair: high is a probability of at least .8, low of at most .2.

    Low conversion is `mend` whatever the traffic. High conversion with traffic neither high nor
    low, or unknown, is `not_enough_data`, like conversion that is neither.

    >>> quadrant([0.9, 0.9, 0.1, 0.5], [0.8, 0.1, float("nan"), 0.9]).tolist()
    ['core contributor', 'rising star', 'mend', 'not_enough_data']
    """
    conversion = np.atleast_1d(np.asarray(p_conversion_above, float))
    impressions = np.atleast_1d(np.asarray(p_impressions_above, float))
    high = conversion >= HIGH
    return np.select(
        [high & (impressions >= HIGH), high & (impressions <= LOW), conversion <= LOW],
        [CORE_CONTRIBUTOR, RISING_STAR, MEND],
        default=NOT_ENOUGH_DATA,
    ).astype(object)


def action(
    quadrants: npt.ArrayLike,
    met: npt.NDArray[np.bool_] | None = None,
    p_conversion_above: npt.ArrayLike | None = None,
) -> npt.NDArray[np.object_]:
    """What to do about each quadrant, as one sentence; `met` tells pairs that worked together.

    With `p_conversion_above` a pair that lacks data says so of traffic alone where conversion is
    high: more sessions settle nothing if the source does not count impressions.

    >>> action(["mend"], np.array([False])).tolist()
    ['new: others come first, conversion is forecast below the benchmark']
    """
    names = [str(name) for name in np.atleast_1d(np.asarray(quadrants, dtype=object))]
    together = [True] * len(names) if met is None else met.tolist()
    told = np.array(
        [
            (ACTIONS if known else FIRST_ACTIONS)[name]
            for name, known in zip(names, together, strict=True)
        ],
        dtype=object,
    )
    if p_conversion_above is not None:
        only_traffic = np.atleast_1d(np.asarray(p_conversion_above, float)) >= HIGH
        only_traffic &= np.array(names, dtype=object) == NOT_ENOUGH_DATA
        told[only_traffic] = np.where(together, SELLS_HIGH, SELLS_HIGH_AT_FIRST)[only_traffic]
    return told
