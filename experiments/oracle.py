"""How much of what an oracle would reach a forecast reaches, where the truth is known (worlds).

`worth[b, c]` is what creator c truly is to brand b: its conversion, or the money of a line. A
ranking is judged by the mean worth of its first ten. Brands and creators are samples of those one
will meet, so both are drawn with replacement; a creator drawn twice stands twice in every list,
the oracle's too. Arrays of draws hold the world itself in their first row.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import logit

from experiments.paired import Draws
from models.prediction import Floats

TOP: Final = 10
PLACES_READ: Final = 8
"""Times `TOP` places of a ranking are read: enough, whichever creators are drawn."""

ROUNDING: Final = 1e-9
"""An oracle better than the floor by less than this share of itself is no better."""

Floor = Literal["random", "nothing"]
"""What has a share of 0: the mean creator (shares of the lift), or no worth at all."""


def oracle_share(scores: Floats, worth: Floats, floor: Floor = "random", top: int = TOP) -> Floats:
    """(worth of the first `top` - floor) / (the oracle's - floor) of each brand, (brands,).

    1 is the oracle; with the floor "random" 0 is a list drawn blindly. NaN where the oracle is
    no better than the floor. Ties keep the order of creators, unknown (NaN) scores are last.

    >>> oracle_share(np.array([[3.0, 2.0, 1.0]]), np.array([[5.0, 1.0, 9.0]]), top=2).round(2)
    array([-1.])
    """
    once = Draws.of(len(worth), worth.shape[1], 0)
    return np.asarray(_shares(scores, worth, floor, top, once, worth)[0])


def drawn_shares(
    scores: Mapping[str, Floats],
    worth: Floats,
    floor: Floor = "random",
    *,
    got: Mapping[str, Floats] | None = None,
    top: int = TOP,
    draws: int = 500,
    random_state: int = 0,
) -> Floats:
    """Mean `oracle_share` over brands of every score on the same draws, (draws + 1, scores).

    `got` is what each score's creators are worth where that depends on who ranks them (with the
    product it names), `worth` then what they could be at best.
    """
    drawn = Draws.of(len(worth), worth.shape[1], draws, random_state)
    means = []
    for name, score in scores.items():
        each = _shares(score, worth, floor, top, drawn, (got or {}).get(name, worth))
        means.append(_mean(each, drawn.brands))
    return np.column_stack(means)


def pooled(worlds: Sequence[Floats], random_state: int = 0) -> Floats:
    """The mean over worlds of arrays of draws (draws + 1, ...); each draw draws worlds too.

    A world without a case (NaN) is left out.
    """
    stacked = np.stack(list(worlds))
    many, rows = stacked.shape[:2]
    random = np.random.default_rng(random_state)
    chosen = random.integers(many, size=(many, rows))
    chosen[:, 0] = np.arange(many)
    drawn = stacked[chosen, np.arange(rows)]
    known = (~np.isnan(drawn)).sum(axis=0)
    total = np.nansum(drawn, axis=0)
    return np.divide(total, known, out=np.full_like(total, np.nan), where=known > 0)


def beyond_best(shares: Floats, names: Sequence[str], baselines: Sequence[str]) -> Floats:
    """(share - best baseline) / (1 - best baseline) of every score, (draws + 1, scores).

    What a score recovers of that which the best baseline leaves: 1 is the oracle, 0 no better.
    Each draw has a best baseline of its own; NaN where that leaves nothing.

    >>> beyond_best(np.array([[0.5, 0.8, 0.9]]), ["a", "b", "ours"], ["a", "b"]).round(2)
    array([[-1.5,  0. ,  0.5]])
    """
    best = shares[:, [names.index(name) for name in baselines]].max(axis=1, keepdims=True)
    left = np.broadcast_to(1 - best, shares.shape)
    return np.divide(shares - best, left, out=np.full_like(shares, np.nan), where=left > 0)


def interval(drawn: Floats) -> tuple[float, float, float]:
    """Value and central 95 % of one column of draws; NaN without a draw."""
    if np.isnan(drawn[1:]).all():
        return float(drawn[0]), float("nan"), float("nan")
    low, high = np.nanquantile(drawn[1:], [0.025, 0.975])
    return float(drawn[0]), float(low), float(high)


def double_centred(values: Floats) -> Floats:
    """What neither the row nor the column tells: values - row mean - column mean + mean.

    >>> double_centred(np.array([[1.0, 2.0], [3.0, 8.0]])).tolist()
    [[1.0, -1.0], [-1.0, 1.0]]
    """
    rows, columns = values.mean(axis=1, keepdims=True), values.mean(axis=0, keepdims=True)
    return np.asarray(values - rows - columns + values.mean())


def drawn_fit(
    forecast: Floats,
    truth: Floats,
    *,
    creators: npt.NDArray[np.bool_] | None = None,
    draws: int = 500,
    random_state: int = 0,
) -> Floats:
    """R2 of double-centred logits of rates (brands or products, creators), (draws + 1,).

    1 - sum (forecast - truth)^2 / sum truth^2, so a fit that is not there costs (below 0), and
    a forecast without any fit has 0. With `creators` the sums are over those alone.
    """
    planted, found = double_centred(logit(truth)), double_centred(logit(forecast))
    drawn = Draws.of(len(truth), truth.shape[1], draws, random_state)
    counted = drawn.stores if creators is None else drawn.stores * creators
    missed = ((drawn.brands @ (planted - found) ** 2) * counted).sum(axis=1)
    all_of_it = ((drawn.brands @ planted**2) * counted).sum(axis=1)
    share = np.full(len(missed), np.nan)
    return 1 - np.divide(missed, all_of_it, out=share, where=all_of_it > 0)


def _shares(
    scores: Floats, worth: Floats, floor: Floor, top: int, drawn: Draws, got: Floats
) -> Floats:
    """`oracle_share` of each draw and brand, (draws + 1, brands)."""
    reached, best = _first(scores, got, top, drawn), _first(worth, worth, top, drawn)
    least = np.zeros_like(best)
    if floor == "random":
        least = (drawn.stores @ worth.T) / drawn.stores.sum(axis=1, keepdims=True)
    some = best - least > ROUNDING * abs(best)
    return np.divide(reached - least, best - least, out=np.full_like(best, np.nan), where=some)


def _first(scores: Floats, worth: Floats, top: int, drawn: Draws) -> Floats:
    """Mean worth of the first `top` places of each draw and brand; of all, if they are fewer."""
    known = np.where(np.isnan(scores), -np.inf, scores)
    means = np.empty((len(drawn.stores), len(worth)))
    for brand, (score, value) in enumerate(zip(known, worth, strict=True)):
        order = np.argsort(-score, kind="stable")[: PLACES_READ * top]
        times = drawn.stores[:, order]
        taken = np.clip(top - (np.cumsum(times, axis=1) - times), 0, times)
        means[:, brand] = (taken @ value[order]) / taken.sum(axis=1)
    return means


def _mean(values: Floats, weight: Floats) -> Floats:
    """Weighted mean of each row; NaN without weight. Unknown values have no weight."""
    total = (np.nan_to_num(values) * weight).sum(axis=1)
    below = (weight * ~np.isnan(values)).sum(axis=1)
    return np.divide(total, below, out=np.full(len(total), np.nan), where=below > 0)
