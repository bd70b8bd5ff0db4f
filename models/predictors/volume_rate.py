"""A creator's own count per session, shrunk to what its followers and views make likely."""

import numpy as np
from scipy.optimize import minimize_scalar

from models.prediction import Floats, PairRows
from models.predictors.calibrated import CalibratedPredictor
from models.predictors.volume import VolumeStart
from models.uncertainty.intervals import log_likelihood

SESSIONS = (0.05, 1e3)
"""Between how many sessions the prior may count for."""
WITHIN = 0.1
"""Variance of logs around the forecast that the search for the prior's weight takes as given."""


class VolumeRatePredictor(CalibratedPredictor):
    """(own count + s x usual) / (own sessions + s), `usual` by a line through logs of volume.

    Counts only (a target that is not a share); `counts["creator"]` is the creator's own past.
    """

    name = "volume-rate"

    def _learn(self, rows: PairRows) -> None:
        k, n = rows.outcome()
        labels, weights = np.log((k + 0.5) / np.maximum(n, 1e-9)), self.link.certainty(n, k)
        self.start_ = VolumeStart.fit(rows, labels, rows.weight * weights) if len(rows) else None
        self.sessions_ = 1.0
        if len(rows):
            self.sessions_ = float(np.exp(self._most_likely(rows)))

    def _most_likely(self, rows: PairRows) -> float:
        """The log of the prior's weight under which the outcomes are most likely."""
        k, n = rows.outcome()

        def surprise(log_sessions: float) -> float:
            mean = self.link.inverse(self._shrunken(rows, float(np.exp(log_sessions))))
            variance = np.full(len(rows), WITHIN)
            fit = log_likelihood(k, n, mean, variance, self.link, self.noise_)
            return -float(rows.weight @ fit)

        ends = (float(np.log(SESSIONS[0])), float(np.log(SESSIONS[1])))
        return float(minimize_scalar(surprise, bounds=ends, method="bounded").x)

    def _eta(self, rows: PairRows) -> Floats:
        return self._shrunken(rows, self.sessions_)

    def _shrunken(self, rows: PairRows, sessions: float) -> Floats:
        usual = np.full(len(rows), self.link.forward(np.array(self.pooled_)))
        if self.start_ is not None:
            usual = self.start_.eta(rows)
        own, lines = rows.counts["creator"]
        return self.link.forward(
            (own + sessions * self.link.inverse(usual)) / np.maximum(lines + sessions, 1e-12)
        )
