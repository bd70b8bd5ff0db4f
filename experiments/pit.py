"""Whether forecasts know how sure they are: PIT, coverage and probabilities, with clustered errors.

A predictive distribution is given by equally likely draws, so that counts, zeros and money are
judged alike. Rows of one creator err together: standard errors are clustered by creator.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.prediction import Floats

Mask = npt.NDArray[np.bool_]

LEVELS: Final = (0.8, 0.95)
POINTS: Final = 0.02
"""How far coverage may lie from its level beside two standard errors: two points."""
FEWEST_CLUSTERS: Final = 5
"""With fewer creators there is no standard error, and no verdict."""


def randomised_pit(draws: Floats, observed: Floats, random_state: int = 0) -> Floats:
    """Where each outcome lies in its predictive distribution, 0 to 1; ties are broken by lot.

    Uniform, exactly, when outcome and `draws` (n, d) come from one distribution, whether it is
    continuous or of counts.
    """
    below = (draws < observed[:, None]).sum(axis=1)
    equal = (draws == observed[:, None]).sum(axis=1)
    lot = np.random.default_rng(random_state).random(len(observed))
    return np.asarray((below + lot * (equal + 1)) / (draws.shape[1] + 1))


def central(pit: Floats, level: float) -> Mask:
    """Whether an outcome lies in its central interval of that level."""
    return np.asarray(np.abs(pit - 0.5) <= level / 2)


def clustered_mean(values: Floats, cluster: npt.NDArray[Any]) -> tuple[float, float]:
    """Mean over rows, and its standard error when whole clusters are drawn.

    NaN without a row; the error is NaN with fewer than five clusters.
    """
    if len(values) == 0:
        return float("nan"), float("nan")
    mean = float(np.mean(values))
    names, of_row = np.unique(cluster, return_inverse=True)
    if len(names) < FEWEST_CLUSTERS:
        return mean, float("nan")
    sums = np.bincount(of_row, values - mean)
    inflation = len(names) / (len(names) - 1)
    return mean, float(np.sqrt(inflation * np.sum(sums**2)) / len(values))


def coverage_table(
    covered: Mapping[float, Mask],
    cluster: npt.NDArray[Any],
    slices: Mapping[str, Mask],
    points: float = POINTS,
) -> pd.DataFrame:
    """Coverage of each slice and level beside its band: the level, give or take `points` + 2 SE.

    Columns slice, level, rows, creators, covered, se, band, holds (None without a standard error).
    """
    records = []
    for name, mask in slices.items():
        for level, inside in covered.items():
            mean, se = clustered_mean(inside[mask].astype(float), cluster[mask])
            band = points + 2 * se
            records.append(
                {
                    "slice": name,
                    "level": level,
                    "rows": int(mask.sum()),
                    "creators": len(np.unique(cluster[mask])),
                    "covered": mean,
                    "se": se,
                    "band": band,
                    "holds": None if np.isnan(band) else bool(abs(mean - level) <= band),
                }
            )
    return pd.DataFrame(records)


def reliability_table(
    said: Floats,
    happened: Mask,
    cluster: npt.NDArray[Any],
    edges: Sequence[float] = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0),
    points: float = POINTS,
) -> pd.DataFrame:
    """Of those said so probable, how many were so: one row per bin of what was said.

    Columns low, high, rows, said (mean), happened (share), se, band, holds. Bins without a row
    are left out.
    """
    bins = np.clip(np.digitize(said, np.asarray(edges)[1:-1]), 0, len(edges) - 2)
    records = []
    for place in np.unique(bins):
        chosen = bins == place
        mean, se = clustered_mean(happened[chosen] - said[chosen], cluster[chosen])
        band = points + 2 * se
        records.append(
            {
                "low": edges[place],
                "high": edges[place + 1],
                "rows": int(chosen.sum()),
                "said": float(said[chosen].mean()),
                "happened": float(happened[chosen].mean()),
                "se": se,
                "band": band,
                "holds": None if np.isnan(band) else bool(abs(mean) <= band),
            }
        )
    return pd.DataFrame(records)


def crps(draws: Floats, observed: Floats) -> Floats:
    """Continuous ranked probability score of each row, in the outcome's unit; lower is better.

    E|X - y| - E|X - X'| / 2 over the draws: width and distance in one number, so that a wide
    interval buys nothing.
    """
    d = draws.shape[1]
    ordered = np.sort(draws, axis=1)
    rank = 2 * np.arange(1, d + 1) - d - 1
    between = ordered @ rank / (d * max(d - 1, 1))
    return np.asarray(np.mean(np.abs(draws - observed[:, None]), axis=1) - between)


def interval_scores(observed: Floats, low: Floats, high: Floats, level: float) -> Floats:
    """Of each row: width, plus 2 / (1 - level) times how far the outcome lies outside."""
    outside = np.maximum(low - observed, 0) + np.maximum(observed - high, 0)
    return np.asarray(high - low + 2 / (1 - level) * outside)
