"""Logistic regression on all features (log-linear for counts): the plain learned baseline."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from models.prediction import Floats, PairRows, Target
from models.predictors.calibrated import CalibratedPredictor

BLOCK: Final = 50_000
ROWS_AT_MOST: Final = 60_000
PAIR_VARIANCE: Final = 0.2
"""Spread of true rates around the regression assumed when rows are weighted."""

FEWEST_ROWS: Final = 20


class LogisticPredictor(CalibratedPredictor):
    """Ridge regression by reweighted least squares, written out so that it saves as JSON.

    A feature x enters as asinh((x - median) / scale), straight in the middle and logarithmic in
    the tails, unknown values as 0 with an indicator of their own. `ridge` is the penalty of one
    squared coefficient, in units of log-likelihood.
    """

    name = "logistic"
    settings = ("ridge",)

    def __init__(
        self, target: Target, random_state: int = 0, num_threads: int = 1, ridge: float = 5.0
    ) -> None:
        super().__init__(target, random_state, num_threads)
        self.ridge = ridge

    def _learn(self, rows: PairRows) -> None:
        width = len(self.feature_names_)
        self.middle_, self.scale_ = np.zeros(width), np.ones(width)
        self.gaps_ = np.zeros(0, dtype=np.intp)
        self.coefficients_ = np.zeros(width + 1)
        self.coefficients_[0] = float(self.link.forward(np.array(self.pooled_)))
        if len(rows) < FEWEST_ROWS or float(np.sum(rows.outcome()[0])) <= 0:
            return
        rows = rows.take(np.arange(0, len(rows), -(-len(rows) // ROWS_AT_MOST)))
        self._scale(rows)
        start = self.coefficients_[0]
        self.coefficients_ = np.zeros(1 + width + len(self.gaps_))
        self.coefficients_[0] = start
        self._reweighted_least_squares(rows)

    def _scale(self, rows: PairRows) -> None:
        features = np.where(np.isfinite(rows.features), rows.features, np.nan).astype(float)
        known = np.isfinite(features)
        self.gaps_ = np.flatnonzero(known.any(axis=0) & ~known.all(axis=0))
        for column in np.flatnonzero(known.any(axis=0)):
            values, weight = features[known[:, column], column], rows.weight[known[:, column]]
            low, middle, high = np.quantile(
                values, [0.25, 0.5, 0.75], weights=weight, method="inverted_cdf"
            )
            sd = float(np.sqrt(np.average((values - middle) ** 2, weights=weight)))
            self.middle_[column] = middle
            self.scale_[column] = (high - low) / 1.35 or sd or 1.0

    def _design(self, features: np.ndarray) -> Floats:
        values = np.where(np.isfinite(features), features, np.nan).astype(float)
        scaled = np.arcsinh((values - self.middle_) / self.scale_)
        unknown = np.isnan(values[:, self.gaps_]).astype(float)
        ones = np.ones((len(values), 1))
        return np.hstack([ones, np.nan_to_num(scaled), unknown])

    def _reweighted_least_squares(self, rows: PairRows) -> None:
        k, n = rows.outcome()
        design = self._design(rows.features)
        penalty = np.full(len(self.coefficients_), self.ridge)
        penalty[0] = 1e-6
        for _ in range(25):
            mean = self.link.inverse(design @ self.coefficients_)
            certainty = np.maximum(self.link.certainty(n, mean), 1e-12)
            w = rows.weight / (self.noise_ / certainty + PAIR_VARIANCE)
            steep = np.maximum(self.link.steepness(mean), 1e-12)
            gradient = design.T @ (w * (k / n - mean) / steep) - penalty * self.coefficients_
            curvature = (design * w[:, None]).T @ design + np.diag(penalty)
            step = np.linalg.solve(curvature, gradient)
            step *= min(1.0, 2.0 / float(np.abs(step).max() or 1.0))
            self.coefficients_ = self.coefficients_ + step
            if np.abs(step).max() < 1e-6:
                break

    def _eta(self, rows: PairRows) -> Floats:
        eta = np.empty(len(rows))
        for start in range(0, len(rows), BLOCK):
            block = slice(start, start + BLOCK)
            eta[block] = (self._design(rows.features[block]) * self.coefficients_).sum(axis=1)
        return eta

    def _learned(self) -> dict[str, Any]:
        return {
            "middle": self.middle_.tolist(),
            "scale": self.scale_.tolist(),
            "gaps": self.gaps_.tolist(),
            "coefficients": self.coefficients_.tolist(),
        }

    def _restore(self, learned: Mapping[str, Any]) -> None:
        self.middle_ = np.array(learned["middle"], dtype=float)
        self.scale_ = np.array(learned["scale"], dtype=float)
        self.gaps_ = np.array(learned["gaps"], dtype=np.intp)
        self.coefficients_ = np.array(learned["coefficients"], dtype=float)
