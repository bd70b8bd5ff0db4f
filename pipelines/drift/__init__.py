"""Drift: what was published earlier beside what then happened, and whether to train again."""

from pipelines.drift.rankings import RankingDriftReport, asked_of, ranking_drift
from pipelines.drift.sales import DriftReport, drift, said_and_happened

__all__ = [
    "DriftReport",
    "RankingDriftReport",
    "asked_of",
    "drift",
    "ranking_drift",
    "said_and_happened",
]
