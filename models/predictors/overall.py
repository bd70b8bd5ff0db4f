"""The mean rate of everything, for every pair: what any predictor must beat."""

import numpy as np

from models.prediction import Floats, PairRows
from models.predictors.calibrated import CalibratedPredictor


class OverallPredictor(CalibratedPredictor):
    name = "overall"

    def _learn(self, rows: PairRows) -> None:
        """Nothing beyond the pooled mean."""

    def _eta(self, rows: PairRows) -> Floats:
        return np.full(len(rows), self.link.forward(np.array(self.pooled_)))
