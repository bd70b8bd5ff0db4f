"""Where trees of counts start: how large a session's volume is, as a sum of logs."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

import numpy as np

from models.prediction import Floats, PairRows

LEVELS: Final = (
    "creator_impressions_per_line",
    "creator_views_per_session",
    "creator_sessions_90",
    "creator_lines_90",
    "item_impressions_per_line",
    "item_usual_impressions_per_line",
    "pair_impressions_per_line",
)
"""Counts, which enter by their logs (at least half of one)."""
LOGS: Final = (
    "creator_followers",
    "creator_followers_trend",
    "creator_impressions_trend",
    "creator_views_trend",
    "creator_effect_impressions_per_line",
    "fit_effect_impressions_per_line",
    "pair_effect_impressions_per_line",
)
"""Features that are logs (or on the scale of logs) already."""
RIDGE: Final = 1.0
"""Penalty of a squared standardised coefficient, in average rows."""


@dataclass(frozen=True)
class VolumeStart:
    """base + sum of slope x (log feature - mean); an unknown feature adds a number of its own.

    A straight line where trees make steps: the largest creators lie apart, and who grows grows
    further than most that was seen. A feature counts at most as far as it was seen.
    """

    features: tuple[str, ...]
    intercept: float
    means: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    slopes: tuple[float, ...]
    unknowns: tuple[float, ...]

    @classmethod
    def fit(cls, rows: PairRows, labels: Floats, weights: Floats) -> Self | None:
        """Weighted ridge regression of the labels (logs of counts per trial).

        None where the rows know none of the features.
        """
        values = {
            name: _values(rows, name) for name in (*LEVELS, *LOGS) if name in rows.feature_names
        }
        names = tuple(name for name, column in values.items() if np.nanvar(_known(column)) > 0)
        if not names:
            return None
        columns = np.column_stack([values[name] for name in names])
        means, sds = np.nanmean(columns, axis=0), np.nanstd(columns, axis=0)
        design = np.hstack(
            [
                np.ones((len(rows), 1)),
                np.nan_to_num((columns - means) / sds),
                np.isnan(columns).astype(float),
            ]
        )
        penalty = np.full(design.shape[1], RIDGE * float(weights.mean()))
        penalty[0] = 1e-9
        curvature = (design * weights[:, None]).T @ design + np.diag(penalty)
        found = np.linalg.solve(curvature, design.T @ (weights * labels))
        slopes, unknowns = np.split(found[1:], 2)
        ends = np.nanmin(columns, axis=0), np.nanmax(columns, axis=0)
        return cls(
            names,
            float(found[0]),
            *(tuple(a.tolist()) for a in (means, *ends, slopes / sds, unknowns)),
        )

    def eta(self, rows: PairRows) -> Floats:
        """Where the trees start, log scale, (n,)."""
        return np.asarray(self.intercept + sum(self.parts(rows).values()), dtype=float)

    def base(self) -> float:
        """The start of a pair of which every feature is as usual."""
        return self.intercept

    def parts(self, rows: PairRows) -> dict[str, Floats]:
        """What each feature adds; with `base` they sum to `eta`."""
        added = {}
        told = zip(self.means, self.lows, self.highs, self.slopes, self.unknowns, strict=True)
        for name, (mean, low, high, slope, unknown) in zip(self.features, told, strict=True):
            value = _values(rows, name)
            seen = slope * (np.clip(value, low, high) - mean)
            added[name] = np.where(np.isnan(value), unknown, seen)
        return added

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Self:
        """What `as_json` gave."""
        told: dict[str, Any] = {k: tuple(v) if k != "intercept" else v for k, v in read.items()}
        return cls(**told)


def _values(rows: PairRows, name: str) -> Floats:
    """The feature on the log scale; nan where unknown."""
    value = rows.features[:, rows.feature_names.index(name)].astype(float)
    return np.log(np.maximum(value, 0.5)) if name in LEVELS else value


def _known(column: Floats) -> Floats:
    known = column[~np.isnan(column)]
    return known if len(known) else np.zeros(1)
