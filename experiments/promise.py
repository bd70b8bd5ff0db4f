"""What forecasts were worth on weeks that judged them: said against happened, ranges that held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr
from scipy.stats import nbinom

from models.links import link_of
from models.prediction import Floats, Forecast, PairRows, Target

LEVEL: Final = 0.8
DRAWS: Final = 500
SMALLEST_VARIANCE: Final = 1e-9


@dataclass(frozen=True)
class Kept:
    """One slice: what was said beside what happened, and how many 80 % ranges held it.

    `ratio` = happened / said with its 95 % interval, brands and creators drawn anew; NaN without
    a case.
    """

    rows: int
    trials: float
    said: float
    happened: float
    ratio: float
    ratio_lo95: float
    ratio_hi95: float
    covered80: float


def promise(
    forecast: Forecast,
    rows: PairRows,
    noise: float,
    slices: Mapping[str, npt.NDArray[np.bool_]],
    target: Target,
    random_state: int = 0,
) -> pd.DataFrame:
    """One row per slice, columns as `Kept`; `noise` is the predictor's, of one trial."""
    k, n = rows.outcome()
    inside = held80(k, n, forecast.mean, forecast.spread, noise, target)
    records = []
    for name, mask in slices.items():
        part = mask & (n > 0)
        told = kept(
            k[part],
            n[part],
            forecast.mean[part],
            inside[part],
            (rows.brand_id[part], rows.creator_id[part]),
            rows.weight[part],
            random_state=random_state,
        )
        records.append({"slice": name, **vars(told)})
    return pd.DataFrame(records)


def kept(
    k: Floats,
    n: Floats,
    mean: Floats,
    inside: Floats,
    clusters: Sequence[npt.NDArray[np.str_]],
    weight: Floats,
    *,
    level: float = 0.95,
    random_state: int = 0,
) -> Kept:
    """Said and happened of these rows; the interval is by bootstrap over all `clusters` at once."""
    trials = float(weight @ n)
    if not trials:
        nan = float("nan")
        return Kept(0, 0.0, nan, nan, nan, nan, nan, nan)
    said, happened = weight * n * mean, weight * k
    drawn = drawn_ratios(happened, said, clusters, random_state)
    low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Kept(
        rows=len(k),
        trials=trials,
        said=float(said.sum() / trials),
        happened=float(happened.sum() / trials),
        ratio=float(happened.sum() / said.sum()),
        ratio_lo95=float(low),
        ratio_hi95=float(high),
        covered80=float(np.average(inside, weights=weight)),
    )


def drawn_ratios(
    above: Floats, below: Floats, clusters: Sequence[npt.NDArray[np.str_]], random_state: int
) -> Floats:
    """Sum of `above` over sum of `below` when every kind of cluster is drawn with replacement.

    A row counts the product of how often its clusters (its brand, its creator) were drawn, which
    errs on the wide side.
    """
    random = np.random.default_rng(random_state)
    index = [np.unique(of_kind, return_inverse=True)[1] for of_kind in clusters]
    ratios = np.empty(DRAWS)
    for draw in range(DRAWS):
        times = np.ones(len(above))
        for of_kind in index:
            count = int(of_kind.max()) + 1
            times *= np.bincount(random.integers(0, count, count), minlength=count)[of_kind]
        below_drawn = float(times @ below)
        ratios[draw] = times @ above / below_drawn if below_drawn > 0 else np.nan
    return ratios


def held80(
    k: Floats, n: Floats, mean: Floats, spread: Floats, noise: float, target: Target
) -> Floats:
    """How much of each outcome lies in its central 80 % predictive range, 0 to 1; NaN untried.

    Shares: k of n is negative binomial, of the mean's n p and the variance of the true rate plus
    the noise of so few trials; counts jump, so the expected randomised PIT is taken. Sizes:
    lognormal, with the noise of n lines on top of the spread.
    """
    tail = (1 - LEVEL) / 2
    if not target.is_rate:
        certainty = link_of(target).certainty(n, mean)
        with np.errstate(divide="ignore", invalid="ignore"):
            total = np.sqrt(spread**2 + noise / certainty)
            below = ndtr((np.log((k + 0.5) / n) - np.log(mean) + total**2 / 2) / total)
        return np.where(n > 0, ((below >= tail) & (below <= 1 - tail)).astype(float), np.nan)
    tries = np.where(n > 0, n, 1.0)
    expected = np.maximum(tries * mean, 1e-12)
    relative = ((1 - mean) * spread) ** 2 + (noise - 1) * (1 - mean) / expected
    shape = 1 / np.maximum(relative, SMALLEST_VARIANCE)
    probability = shape / (shape + expected)
    upper = nbinom.cdf(k, shape, probability)
    lower = np.where(k > 0, nbinom.cdf(np.maximum(k - 1, 0), shape, probability), 0.0)
    jump = np.maximum(upper - lower, 1e-300)
    inside = np.clip(np.minimum(upper, 1 - tail) - np.maximum(lower, tail), 0, None) / jump
    return np.where(n > 0, np.minimum(inside, 1.0), np.nan)
