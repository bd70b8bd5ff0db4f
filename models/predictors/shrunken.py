"""Rates shrunk level by level: each level's own counts, pulled to what wider levels expect."""

from collections.abc import Mapping
from typing import Any

from models.prediction import Floats, PairRows
from models.predictors.calibrated import CalibratedPredictor
from models.predictors.chain import Chain


class ShrunkenPredictor(CalibratedPredictor):
    """Hierarchical empirical Bayes (`Chain`) on the counts known as of the row's date."""

    levels: tuple[str, ...]

    def _learn(self, rows: PairRows) -> None:
        self.chain_ = Chain.fit(self.levels, rows, self.link, self.noise_, self.pooled_)

    @property
    def strengths_(self) -> Mapping[str, float]:
        """Trials that what is expected counts for, by level."""
        return self.chain_.strengths

    def _eta(self, rows: PairRows) -> Floats:
        return self.chain_.eta(rows)

    def _learned(self) -> dict[str, Any]:
        return {"chain": self.chain_.as_json()}

    def _restore(self, learned: Mapping[str, Any]) -> None:
        self.chain_ = Chain.from_json(learned["chain"])
