"""Predictors side by side on later weeks: which is better, where, and how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from experiments.metrics import calibration_error, deviances, log_losses, ndcg_of_rows
from models.prediction import Floats, Forecast, PairRows, Target

Mask = npt.NDArray[np.bool_]

BASELINES: Final = ("overall", "category", "creator", "pair-rate", "logistic")
TRIALS_TO_RANK: Final = {True: 20, False: 1}
"""Fewest trials at which a creator's realised rate (share, count) may rank it for a brand."""


@dataclass(frozen=True)
class Verdict:
    """Whether a challenger forecasts better than the champion on the same rows.

    `difference` is the challenger's loss minus the champion's (below 0 is better), with its
    95 % interval over brands. `better` when the whole interval is below 0.
    """

    better: bool
    difference: float
    lo95: float
    hi95: float
    sentence: str


def leaderboard(
    forecasts: Mapping[str, Forecast],
    rows: PairRows,
    *,
    slices: Mapping[str, Mask] | None = None,
    target: Target = Target.CONVERSION,
    baselines: Sequence[str] = BASELINES,
    random_state: int = 0,
    draws: int = 500,
) -> pd.DataFrame:
    """One row per slice and predictor, best loss first within a slice.

    `loss` is the log-loss a trial for shares, the Poisson deviance a trial for counts (column
    `metric` says which), with a 95 % interval by bootstrap over brands. `difference` is to the
    best baseline of the slice, on the same draws (0 for that baseline itself, NaN without one).
    `ndcg10` ranks a brand's creators by forecast against their realised rates, averaged over
    brands; `brands_unranked` have no creator with a success among those with enough trials.
    """
    chosen = {"all": np.ones(len(rows), dtype=bool)} if slices is None else slices
    tables = []
    for name, mask in chosen.items():
        part = rows.take(mask)
        means = {predictor: forecast.mean[mask] for predictor, forecast in forecasts.items()}
        table = _slice_table(means, part, target, baselines, random_state, draws)
        table.insert(0, "slice", name)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def is_better(
    challenger: Forecast,
    champion: Forecast,
    rows: PairRows,
    *,
    target: Target = Target.CONVERSION,
    random_state: int = 0,
    draws: int = 500,
) -> Verdict:
    """Compare two forecasts of the same rows; thin evidence is never "better"."""
    means = {"challenger": challenger.mean, "champion": champion.mean}
    losses, trials = _by_brand(means, rows, target)
    metric = _metric(target)
    if trials.sum() <= 0:
        nan = float("nan")
        return Verdict(False, nan, nan, nan, "Not better: these rows have no trials to judge by.")
    drawn = _drawn_means(losses, trials, random_state, draws)
    difference = float((losses[0] - losses[1]).sum() / trials.sum())
    low, high = _ends(drawn[0] - drawn[1])
    better = high < 0
    verdict = "Better" if better else "Not better"
    why = "" if better else " The interval reaches 0 or above."
    sentence = (
        f"{verdict}: {metric} changes by {difference:+.6f} a trial (95 % from {low:+.6f} to "
        f"{high:+.6f}, over {len(trials)} brands and {trials.sum():,.0f} trials).{why}"
    )
    return Verdict(better, difference, low, high, sentence)


def evidence_slices(rows: PairRows) -> dict[str, Mask]:
    """Rows by how much is known of the creator as of the date, and pairs that never met.

    Creators without a trial are cold; the others are thin, medium and rich by thirds of rows.
    """
    nothing = (np.zeros(len(rows)), np.zeros(len(rows)))
    known = rows.counts.get("creator", nothing)[1]
    met = rows.counts.get("pair", nothing)[1]
    warm = known > 0
    third, two_thirds = np.quantile(known[warm], [1 / 3, 2 / 3]) if warm.any() else (0.0, 0.0)
    return {
        "all": np.ones(len(rows), dtype=bool),
        "cold creators": ~warm,
        "thin creators": warm & (known <= third),
        "medium creators": warm & (known > third) & (known <= two_thirds),
        "rich creators": warm & (known > two_thirds),
        "new pairs": met <= 0,
    }


def _slice_table(
    means: Mapping[str, Floats],
    rows: PairRows,
    target: Target,
    baselines: Sequence[str],
    random_state: int,
    draws: int,
) -> pd.DataFrame:
    losses, trials = _by_brand(means, rows, target)
    total = float(trials.sum())
    mean_losses = losses.sum(axis=1) / total if total > 0 else np.full(len(means), np.nan)
    drawn = _drawn_means(losses, trials, random_state, draws)
    names = list(means)
    candidates = [i for i, name in enumerate(names) if name in baselines and total > 0]
    best = min(candidates, key=lambda i: mean_losses[i]) if candidates else None
    k, n = rows.outcome()
    records = []
    for i, name in enumerate(names):
        low, high = _ends(drawn[i])
        ranked, brands, unranked = _ranking(means[name], rows, target)
        nan = float("nan")
        difference, ends = nan, (nan, nan)
        if best is not None:
            difference = float(mean_losses[i] - mean_losses[best])
            ends = _ends(drawn[i] - drawn[best])
        records.append(
            {
                "predictor": name,
                "rows": int((n > 0).sum()),
                "trials": float(rows.weight @ n),
                "brands": len(trials),
                "metric": _metric(target),
                "loss": float(mean_losses[i]),
                "loss_lo95": low,
                "loss_hi95": high,
                "best_baseline": None if best is None else names[best],
                "difference": difference,
                "difference_lo95": ends[0],
                "difference_hi95": ends[1],
                "calibration_error": calibration_error(k, n, means[name], rows.weight),
                "ndcg10": ranked,
                "brands_ranked": brands,
                "brands_unranked": unranked,
            }
        )
    return pd.DataFrame(records).sort_values("loss", kind="stable", ignore_index=True)


def _metric(target: Target) -> str:
    return "log-loss" if target.is_rate else "deviance"


def _by_brand(means: Mapping[str, Floats], rows: PairRows, target: Target) -> tuple[Floats, Floats]:
    """Sums of loss (predictors, brands) and of trials (brands,) of brands with a trial."""
    k, n = rows.outcome()
    brand = np.unique(rows.brand_id, return_inverse=True)[1]
    brands = int(brand.max()) + 1 if len(brand) else 0
    row_loss = log_losses if target.is_rate else deviances
    trials = np.bincount(brand, rows.weight * n, brands).astype(float)
    losses = np.array(
        [np.bincount(brand, rows.weight * row_loss(k, n, mean), brands) for mean in means.values()]
    ).reshape(len(means), brands)
    return losses[:, trials > 0], trials[trials > 0]


def _drawn_means(losses: Floats, trials: Floats, random_state: int, draws: int) -> Floats:
    """Loss a trial when brands are drawn with replacement, (predictors, draws)."""
    brands = len(trials)
    if brands == 0:
        return np.full((len(losses), draws), np.nan)
    random = np.random.default_rng(random_state)
    times = random.multinomial(brands, np.full(brands, 1 / brands), size=draws)
    return np.asarray((losses @ times.T) / (times @ trials))


def _ends(drawn: Floats) -> tuple[float, float]:
    """Central 95 % of draws; NaN where there is none."""
    if np.isnan(drawn).all():
        return float("nan"), float("nan")
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def _ranking(mean: Floats, rows: PairRows, target: Target) -> tuple[float, int, int]:
    """Mean nDCG@10 over brands, brands with one, brands without.

    A brand's creator is scored by its forecasts and judged by its realised rate over the brand's
    items and all dates, both weighted by trials.
    """
    k, n = rows.outcome()
    pairs = np.stack([rows.brand_id, rows.creator_id])
    keys, index = np.unique(pairs, axis=1, return_inverse=True)
    index = index.ravel()
    trials = np.bincount(index, n, keys.shape[1])
    enough = trials >= TRIALS_TO_RANK[target.is_rate]
    if not enough.any():
        return float("nan"), 0, len(np.unique(rows.brand_id))
    gain = np.bincount(index, k, keys.shape[1])[enough] / trials[enough]
    score = np.bincount(index, n * mean, keys.shape[1])[enough] / trials[enough]
    each = ndcg_of_rows(keys[0][enough], keys[1][enough], score, gain)[1]
    ranked = int((~np.isnan(each)).sum())
    unranked = len(np.unique(rows.brand_id)) - ranked
    return float(np.nanmean(each)) if ranked else float("nan"), ranked, unranked
