"""Growth: do forecasts see who will be shown more in the coming weeks, or assume that all stay?"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.quality.world_runs import WorldRun
from experiments.oracle import interval
from experiments.world.simulate import truth_on
from models.prediction import Floats, Target

FORECAST, TREND, NONE = "forecast", "trend continues", "no growth"
LEVEL_DAYS: Final = (15, 45, 75)
"""How many days before the window the middles of its three months of history lie."""
GROWING: Final = 0.3
"""Log growth of true views, against those 90 days, from which a creator counts as growing."""
FEWEST_LINES, MOST_LINES = 5, 50
"""A creator with fewer lines in the window is left out; more than 50 count as 50."""


def growth(run: WorldRun) -> pd.DataFrame:
    """One row per creator on air both in the last 30 days and in the 90 before: log growth.

    All against the impressions a line of those 90 days. `realised`: of the last 30 days;
    `forecast`: by our model, which has not seen them, for the same lines; `trend continues`: the
    month before over its quarter, once more and half of that beyond; `no growth`: 0;
    `truth`: of the world's views. `lines` of the last 30 days.
    """
    rows = run.held_out[Target.EXPOSURE]
    k, n = rows.outcome()
    frame = pd.DataFrame(
        {
            "creator_id": rows.creator_id,
            "shown": k,
            "lines": n,
            "expected": n * run.model.predictors[Target.EXPOSURE].predict(rows).mean,
        }
    )
    sums = frame.groupby("creator_id").sum()
    for name in ("creator_impressions_per_line", "creator_impressions_trend"):
        values = rows.features[:, rows.feature_names.index(name)].astype(float)
        sums[name] = pd.Series(values).groupby(rows.creator_id).first()
    sums = sums[(sums["lines"] >= FEWEST_LINES) & (sums["creator_impressions_per_line"] > 0)]
    before = np.log(sums["creator_impressions_per_line"])
    return pd.DataFrame(
        {
            "lines": sums["lines"],
            "realised": np.log((sums["shown"] + 0.5) / sums["lines"]) - before,
            FORECAST: np.log(sums["expected"] / sums["lines"]) - before,
            TREND: 2 * sums["creator_impressions_trend"].fillna(0),
            NONE: 0.0,
            "truth": _true_growth(run, rows.as_of.min(), sums.index),
        }
    )


def _true_growth(
    run: WorldRun, as_of: np.datetime64, creators: "pd.Index[str]"
) -> npt.NDArray[np.float64]:
    """Log of views in the middle of the window over their mean in the 90 days before it."""
    settings = run.plan.settings
    begins = (as_of.astype("datetime64[D]") - np.datetime64(settings.start)).astype(int)

    def views(day: int) -> Floats:
        of_day = truth_on(settings, max(day, 0))["creators"].set_index("creator_id")["views"]
        return of_day.reindex(creators).to_numpy(dtype=float)

    before = np.mean([views(begins - days) for days in LEVEL_DAYS], axis=0)
    return np.asarray(np.log(views(begins + 15) / before))


def growth_table(creators: pd.DataFrame, draws: int = 400, random_state: int = 0) -> pd.DataFrame:
    """For ours and its two rivals: slope and rank correlation of realised on forecast growth, the
    root mean square error, and by how much those who truly grow are forecast to outgrow the
    others, with 95 % intervals over creators.
    """
    random = np.random.default_rng(random_state)
    chosen = random.integers(len(creators), size=(draws, len(creators)))
    rows = [creators, *(creators.iloc[picked] for picked in chosen)]
    records = []
    for name in (FORECAST, TREND, NONE):
        measures = pd.DataFrame([measured(drawn, name) for drawn in rows])
        records.append(
            {"forecast of growth": "ours" if name == FORECAST else name}
            | {column: _told(measures[column].to_numpy()) for column in measures}
        )
    return pd.DataFrame(records)


def measured(creators: pd.DataFrame, name: str) -> dict[str, float]:
    """The measures of one forecast of growth; a creator weighs its lines, at most 50.

    What all creators have in common (campaigns, a mean beside the luck of few sessions) is taken
    off: the error is of forecasts around their mean against what was realised around its own.
    """
    weight = np.minimum(creators["lines"].to_numpy(), MOST_LINES)
    told, seen = creators[name].to_numpy(), creators["realised"].to_numpy()
    x, y = told - np.average(told, weights=weight), seen - np.average(seen, weights=weight)
    spread = float(np.average(x * x, weights=weight))
    growing = creators["truth"].to_numpy() > GROWING
    nan = float("nan")
    return {
        "slope": float(np.average(x * y, weights=weight)) / spread if spread > 0 else nan,
        "rank correlation": (
            float(creators[name].corr(creators["realised"], "spearman")) if spread > 0 else nan
        ),
        "error (log)": float(np.sqrt(np.average((x - y) ** 2, weights=weight))),
        "the growing beyond the others": _beyond(told, growing),
    }


def growing_sentence(creators: pd.DataFrame) -> str:
    """How many truly grow, by how much, and what they realised."""
    growing = creators["truth"].to_numpy() > GROWING
    if not growing.any():
        return "No creator truly grew in these windows."
    truth, realised = (creators[name].to_numpy() for name in ("truth", "realised"))
    return (
        f"{growing.sum()} of {len(creators):,} creators truly grew by more than a third; beyond "
        f"the others their log growth was {_beyond(truth, growing):.2f} in truth and "
        f"{_beyond(realised, growing):.2f} as realised (with the luck of single sessions)."
    )


def _beyond(values: Floats, growing: npt.NDArray[np.bool_]) -> float:
    """Mean of the growing less that of the others; NaN without either."""
    if growing.all() or not growing.any():
        return float("nan")
    return float(values[growing].mean() - values[~growing].mean())


def _told(drawn: Floats) -> str:
    value, low, high = interval(drawn)
    return "–" if np.isnan(value) else f"{value:.2f} ({low:.2f} to {high:.2f})"
