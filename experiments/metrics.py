"""How good forecasts are: of shares, of counts, of rankings, and of intervals. Plain numpy.

A measure without a single case is NaN, never 0.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.prediction import Floats

SURE = 1e-12
NAN = float("nan")


def log_losses(k: Floats, n: Floats, p: Floats) -> Floats:
    """Of each row: -[k log p + (n - k) log(1 - p)], in nats; 0 without a trial."""
    share = np.clip(p, SURE, 1 - SURE)
    return np.asarray(-(k * np.log(share) + (n - k) * np.log1p(-share)))


def log_loss(k: Floats, n: Floats, p: Floats, weight: Floats | None = None) -> float:
    """Mean over trials of the negative log-likelihood of k successes in n, in nats a trial.

    >>> log_loss(np.array([1.0]), np.array([2.0]), np.array([0.5]))  # log 2
    0.6931471805599453
    """
    return _ratio(log_losses(k, n, p), n, weight)


def deviances(k: Floats, n: Floats, mean: Floats) -> Floats:
    """Of each row: the Poisson deviance 2 [k log(k / (n mean)) - (k - n mean)]; 0 if exact."""
    expected = np.maximum(n * mean, SURE)
    ratio = np.where(k > 0, k, 1.0) / expected
    return np.asarray(
        np.where(n > 0, 2 * (np.where(k > 0, k * np.log(ratio), 0.0) - (k - expected)), 0.0)
    )


def deviance(k: Floats, n: Floats, mean: Floats, weight: Floats | None = None) -> float:
    """Poisson deviance a trial of k counted in n trials: large pairs matter most."""
    return _ratio(deviances(k, n, mean), n, weight)


def calibration_table(
    k: Floats, n: Floats, p: Floats, weight: Floats | None = None, bins: int = 10
) -> pd.DataFrame:
    """Forecast beside what happened in bins of equal trials, lowest forecasts first.

    Columns forecast, observed (successes per trial), trials. Equal forecasts share a bin, so
    there may be fewer bins than asked for, and the order of rows does not matter.
    """
    w = np.ones(len(n)) if weight is None else weight
    kept = w * n > 0
    values, index = np.unique(p[kept], return_inverse=True)
    trials = np.bincount(index, (w * n)[kept], len(values))
    successes = np.bincount(index, (w * k)[kept], len(values))
    if len(values) == 0:
        return pd.DataFrame({"forecast": [], "observed": [], "trials": []}, dtype=float)
    middle = (np.cumsum(trials) - trials / 2) / trials.sum()
    bin_of = np.unique((middle * bins).astype(int), return_inverse=True)[1]
    per_bin = np.bincount(bin_of, trials)
    return pd.DataFrame(
        {
            "forecast": np.bincount(bin_of, trials * values) / per_bin,
            "observed": np.bincount(bin_of, successes) / per_bin,
            "trials": per_bin,
        }
    )


def calibration_error(
    k: Floats, n: Floats, p: Floats, weight: Floats | None = None, bins: int = 10
) -> float:
    """Mean distance of forecast and observed rate over bins of equal trials."""
    table = calibration_table(k, n, p, weight, bins)
    if table.empty:
        return NAN
    distance = (table["forecast"] - table["observed"]).abs()
    return float(np.average(distance, weights=table["trials"]))


def ndcg(scores: Floats, gains: Floats, k: int = 10) -> Floats:
    """Normalised discounted cumulative gain of each row (query) over its columns (items).

    Gains are linear and at least 0, discounts 1 / log2(rank + 1). A NaN gain is no candidate.
    Ties in score keep the order of columns. A query without a positive gain is NaN.
    """
    candidates = ~np.isnan(gains)
    gain = np.where(candidates, gains, 0.0)
    ranked = np.argsort(-np.where(candidates, scores, -np.inf), axis=1, kind="stable")[:, :k]
    discount = 1 / np.log2(np.arange(2, ranked.shape[1] + 2))
    got = np.take_along_axis(gain, ranked, axis=1) @ discount
    best = -np.sort(-gain, axis=1)[:, : ranked.shape[1]] @ discount
    return np.divide(got, best, out=np.full(len(gain), np.nan), where=best > 0)


def ndcg_of_rows(
    query: npt.NDArray[np.str_],
    item: npt.NDArray[np.str_],
    score: Floats,
    gain: Floats,
    k: int = 10,
) -> tuple[npt.NDArray[np.str_], Floats]:
    """Queries in order of their ids and the nDCG of each; ties keep the order of item ids.

    One row per (query, item). The order of rows does not matter.
    """
    names, row = np.unique(query, return_inverse=True)
    if len(names) == 0:
        return names, np.empty(0)
    order = np.lexsort((item, row))
    row = row[order]
    first = np.searchsorted(row, np.arange(len(names)))
    column = np.arange(len(row)) - first[row]
    shape = (len(names), int(column.max()) + 1)
    scores, gains = np.full(shape, -np.inf), np.full(shape, np.nan)
    scores[row, column], gains[row, column] = score[order], gain[order]
    return names, ndcg(scores, gains, k)


def coverage(truth: Floats, low: Floats, high: Floats, weight: Floats | None = None) -> float:
    """Share of truths within their interval, ends included."""
    inside = ((low <= truth) & (truth <= high)).astype(float)
    return _ratio(inside, np.ones(len(truth)), weight)


def interval_score(
    truth: Floats, low: Floats, high: Floats, weight: Floats | None = None, level: float = 0.8
) -> float:
    """Width, plus 2 / (1 - level) times how far the truth lies outside: lower is better."""
    outside = np.maximum(low - truth, 0) + np.maximum(truth - high, 0)
    score = high - low + 2 / (1 - level) * outside
    return _ratio(score, np.ones(len(truth)), weight)


def _ratio(total: Floats, per: Floats, weight: Floats | None) -> float:
    w = np.ones(len(per)) if weight is None else weight
    below = float(w @ per)
    return float(w @ total) / below if below > 0 else NAN
