"""Collaborations: known as of a date, learned (or ranked by a rule), judged, said of each pair."""

from pipelines.collaborations.columns import collaboration_columns
from pipelines.collaborations.compare import compared_collaborations
from pipelines.collaborations.judge import (
    BY_TIME,
    JUDGED_FOLDS,
    LEARNED_NAME,
    collaborations_board,
    ranked_by_all,
)
from pipelines.collaborations.known import Collaborations, collaborations_as_of, sides_of
from pipelines.collaborations.learn import (
    LearnedCollaborations,
    learned_collaborations,
    odds_per_point,
)
from pipelines.collaborations.quality import CollaborationQuality, collaboration_quality
from pipelines.collaborations.rules import MEANT

__all__ = [
    "BY_TIME",
    "JUDGED_FOLDS",
    "LEARNED_NAME",
    "MEANT",
    "CollaborationQuality",
    "Collaborations",
    "LearnedCollaborations",
    "collaboration_columns",
    "collaboration_quality",
    "collaborations_as_of",
    "collaborations_board",
    "compared_collaborations",
    "learned_collaborations",
    "odds_per_point",
    "ranked_by_all",
    "sides_of",
]
