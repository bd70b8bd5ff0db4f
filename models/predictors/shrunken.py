"""Rates shrunk level by level: each level's own counts, pulled to what wider levels expect."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize

from models.calibration import Recalibration
from models.intervals import log_likelihood
from models.prediction import Floats, PairRows
from models.predictors.calibrated import CalibratedPredictor

PARENTS: Final[Mapping[str, tuple[str, tuple[str, str] | None]]] = {
    "category": ("overall", None),
    "brand": ("category", None),
    "item": ("brand", None),
    "creator": ("overall", None),
    "creator_category": ("category", ("creator", "overall")),
    "creator_brand": ("creator_category", ("brand", "category")),
    "pair": ("creator_brand", ("item", "brand")),
}
"""A level starts from its parent, plus a share of how another level differs from its own."""

ROWS_AT_MOST: Final = 6_000
STRENGTH_BOUNDS: Final = {True: (np.log(1.0), np.log(1e6)), False: (np.log(0.05), np.log(1e4))}
START_STRENGTH: Final = {True: np.log(200.0), False: np.log(2.0)}
FEWEST_ROWS: Final = 20


class ShrunkenPredictor(CalibratedPredictor):
    """Hierarchical empirical Bayes on the counts known as of the row's date.

    At each level of `levels` the rate is (successes + strength * expected) / (trials + strength).
    Strengths, the shares carried over and the spread of pairs are those under which the training
    rows' outcomes are most likely (beta-binomial for shares, lognormal for counts), with a weak
    prior. A level without counts passes on what was expected.
    """

    levels: tuple[str, ...]

    def _learn(self, rows: PairRows) -> None:
        crossed = [level for level in self.levels if PARENTS[level][1] is not None]
        strength = START_STRENGTH[self.target.is_rate]
        start = np.array([strength] * len(self.levels) + [0.5] * len(crossed) + [np.log(0.1)])
        self._set(start)
        self.level_ = Recalibration()
        if len(rows) < FEWEST_ROWS:
            return
        some = rows.take(np.arange(0, len(rows), -(-len(rows) // ROWS_AT_MOST)))
        self._set(self._most_likely(start, some, len(crossed)))
        eta = self._chain(rows)
        variance = np.full(len(rows), self.variance_)
        self.level_ = Recalibration.fit(eta, rows, self.link, self.noise_, variance)

    def _most_likely(self, start: Floats, rows: PairRows, crossed: int) -> Floats:
        successes, trials = rows.outcome()
        sd = np.array([2.0] * len(self.levels) + [0.5] * crossed + [1.0])

        def cost(parameters: Floats) -> float:
            self._set(parameters)
            mean = self.link.inverse(self._chain(rows))
            variance = np.full(len(rows), self.variance_)
            fit = log_likelihood(successes, trials, mean, variance, self.link, self.noise_)
            return float(np.sum(((parameters - start) / sd) ** 2) / 2 - rows.weight @ fit)

        bounds = [STRENGTH_BOUNDS[self.target.is_rate]] * len(self.levels)
        bounds += [(0.0, 1.0)] * crossed + [(np.log(1e-4), np.log(4.0))]
        options = {"maxiter": 60, "ftol": 1e-7}
        found = minimize(cost, start, method="L-BFGS-B", bounds=bounds, options=options)
        return np.asarray(found.x, dtype=float)

    def _set(self, parameters: Floats) -> None:
        depth = len(self.levels)
        crossed = [level for level in self.levels if PARENTS[level][1] is not None]
        strengths = np.exp(parameters[:depth]).tolist()
        self.strengths_ = dict(zip(self.levels, strengths, strict=True))
        self.carried_ = dict(zip(crossed, parameters[depth:-1].tolist(), strict=True))
        self.variance_ = float(np.exp(parameters[-1]))

    def _chain(self, rows: PairRows) -> Floats:
        """The rate of the narrowest level on the link scale, (n,)."""
        start = self.link.forward(np.array(self.pooled_))
        etas = {"overall": np.full(len(rows), start)}
        for level in self.levels:
            parent, cross = PARENTS[level]
            eta = etas[parent]
            if cross is not None:
                eta = eta + self.carried_[level] * (etas[cross[0]] - etas[cross[1]])
            etas[level] = self._shrunken(level, eta, rows)
        return etas[self.levels[-1]]

    def _shrunken(self, level: str, expected: Floats, rows: PairRows) -> Floats:
        if level not in rows.counts:
            return expected
        successes, trials = rows.counts[level]
        strength = self.strengths_[level]
        rate = (successes + strength * self.link.inverse(expected)) / (trials + strength)
        return np.where(trials > 0, self.link.forward(rate), expected)

    def _eta(self, rows: PairRows) -> Floats:
        return self.level_(self._chain(rows))

    def _learned(self) -> dict[str, Any]:
        level = self.level_
        return {
            "strengths": self.strengths_,
            "carried": self.carried_,
            "variance": self.variance_,
            "level": [level.centre, level.offset, level.slope],
        }

    def _restore(self, learned: Mapping[str, Any]) -> None:
        self.strengths_ = dict(learned["strengths"])
        self.carried_ = dict(learned["carried"])
        self.variance_ = learned["variance"]
        self.level_ = Recalibration(*learned["level"])
