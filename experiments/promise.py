"""What forecasts were worth on weeks that judged them: said against happened, ranges that held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr
from scipy.stats import nbinom

from models.prediction import Floats, Forecast, PairRows, Target
from models.uncertainty.noise import Noise

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
    noise: Noise,
    slices: Mapping[str, npt.NDArray[np.bool_]],
    target: Target,
    random_state: int = 0,
) -> pd.DataFrame:
    """One row per slice, columns as `Kept`; `noise` is the predictor's, of lines and trials."""
    k, n = rows.outcome()
    sd = np.sqrt(forecast.spread**2 + noise.of_lines(noise.lines(rows), forecast.mean))
    inside = held80(k, n, forecast.mean, sd, target, noise.per_trial)
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
    random_state: int = 0,
) -> Kept:
    """Said and happened of these rows; the interval is by bootstrap over all `clusters` at once."""
    trials = float(weight @ n)
    if not trials:
        nan = float("nan")
        return Kept(0, 0.0, nan, nan, nan, nan, nan, nan)
    said, happened = weight * n * mean, weight * k
    above, below = drawn_sums([happened, said], clusters, random_state)
    drawn = above[below > 0] / below[below > 0]
    low, high = np.quantile(drawn, [0.025, 0.975])
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


def drawn_sums(
    columns: Sequence[Floats], clusters: Sequence[npt.NDArray[np.str_]], random_state: int
) -> Floats:
    """Sums of the columns, (columns, draws), when every kind of cluster is drawn anew.

    A row counts the product of how often its clusters (its brand, its creator) were drawn, which
    errs on the wide side.
    """
    random = np.random.default_rng(random_state)
    index = [np.unique(of_kind, return_inverse=True)[1] for of_kind in clusters]
    table = np.stack(columns)
    sums = np.empty((len(columns), DRAWS))
    for draw in range(DRAWS):
        times = np.ones(table.shape[1])
        for of_kind in index:
            count = int(of_kind.max()) + 1
            times *= np.bincount(random.integers(0, count, count), minlength=count)[of_kind]
        sums[:, draw] = table @ times
    return sums


def held80(
    k: Floats, n: Floats, mean: Floats, sd: Floats, target: Target, per_trial: float = 1.0
) -> Floats:
    """How much of each outcome lies in its central 80 % predictive range, 0 to 1; NaN untried.

    `sd` is that of the rate over the outcome's lines, on the link scale. Of a share k of n is
    taken as negative binomial, its binomial part `per_trial` times as wide; counts jump, so the
    expected randomised PIT is taken. Sizes are lognormal.
    """
    tail = (1 - LEVEL) / 2
    tries = np.where(n > 0, n, 1.0)
    if not target.is_rate:
        below = ndtr((np.log((k + 0.5) / tries) - np.log(mean) + sd**2 / 2) / sd)
        return np.where(n > 0, ((below >= tail) & (below <= 1 - tail)).astype(float), np.nan)
    expected = np.maximum(tries * mean, 1e-12)
    relative = ((1 - mean) * sd) ** 2 + (per_trial - 1) * (1 - mean) / expected
    shape = 1 / np.maximum(relative, SMALLEST_VARIANCE)
    probability = shape / (shape + expected)
    upper = nbinom.cdf(k, shape, probability)
    lower = np.where(k > 0, nbinom.cdf(np.maximum(k - 1, 0), shape, probability), 0.0)
    jump = np.maximum(upper - lower, 1e-300)
    inside = np.clip(np.minimum(upper, 1 - tail) - np.maximum(lower, tail), 0, None) / jump
    return np.where(n > 0, np.minimum(inside, 1.0), np.nan)
