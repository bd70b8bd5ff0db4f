"""Collaborations learned and judged: the predictor beside its baselines on brands or weeks unseen.

Where they are too few, or without vectors, a rule takes its place and is judged in the same way.

The predictor that is judged has not learned from what it is judged on; the one that is kept has
learned from everything known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from experiments.collaborations import Ranked
from features.facts import Facts
from models.collaboration.choice import ConditionalLogit
from models.collaboration.predictor import CollaborationPredictor
from pipelines.collaborations.judge import (
    LEARNED_NAME,
    board_of,
    judged,
)
from pipelines.collaborations.known import Collaborations, can_learn, known_collaborations
from pipelines.collaborations.rules import MEANT
from pipelines.progress import Progress, silent
from pipelines.settings import TrainSettings


@dataclass(frozen=True)
class LearnedCollaborations:
    """The predictor to keep, the known collaborations, and how well the way of learning does."""

    predictor: CollaborationPredictor | None
    """None where a rule ranks instead (`told["rule"]`)."""
    known: Collaborations
    ranked: tuple[Ranked, ...]
    """Candidates of each judged brand with the scores of predictors that had not seen it."""
    board: pd.DataFrame
    told: Mapping[str, Any]
    """For the model's manifest: until when, how much, how it was judged, or by which rule."""

    @property
    def ours(self) -> str:
        """What the leaderboard calls it."""
        return str(self.told.get("rule", LEARNED_NAME))

    def metrics(self) -> dict[str, float]:
        """What of the leaderboard is tracked, by predictor and measure."""
        rows = self.board.to_dict("records")
        return {f"collaboration/{row['predictor']}/{row['measure']}": row["value"] for row in rows}

    def notes(self) -> list[str]:
        """How collaborations were judged, and each baseline that ranks better."""
        if self.predictor is None:
            return self._rule_notes()
        notes = [
            f"Collaborations are learned from {self.told['ties']:,} pairs of "
            f"{self.told['brands']:,} brands and judged on {self.told['judged_by']}. "
            "Their score is to rank by, no probability."
        ]
        return notes + self._worse("The learned score of collaborations")

    def _rule_notes(self) -> list[str]:
        return [
            f"Nothing was learned: pairs are ranked by {MEANT[self.ours]}. {self.told['ties']:,} "
            f"pairs of {self.told['brands']:,} brands are known to have collaborated; judged on "
            f"{self.told['judged_by']}.",
            *self._worse("It"),
        ]

    def _worse(self, what: str) -> list[str]:
        return [
            f"{what} ranks worse than the baseline "
            f"{row['predictor']} ({row['difference']:+.3f} mean average precision)."
            for row in self.board.to_dict("records")
            if row["measure"] == "map" and row["verdict"] == "worse"
        ]


def learned_collaborations(
    facts: Facts, as_of: date, settings: TrainSettings, progress: Progress = silent
) -> LearnedCollaborations | None:
    """None where nothing is known to go by, and where sales are learned from and collaborations
    or vectors of creators are too few.
    """
    known = known_collaborations(facts, as_of)
    if known is None:
        return None
    if not can_learn(known):
        return _by_rule(known, settings, progress)
    progress("learning collaborations", 0)
    ranked, how = judged(known, settings, progress)
    predictor = CollaborationPredictor(settings.random_state, settings.num_threads)
    predictor.fit(known.brands, known.creators, known.ties, known.first)
    board = board_of(ranked, how, LEARNED_NAME, settings)
    progress("learning collaborations", 1)
    told = _counts(known) | {
        "until": as_of.isoformat(),
        "judged_by": how,
        "odds_per_point": odds_per_point(ranked),
    }
    return LearnedCollaborations(predictor, known, ranked, board, told)


def _by_rule(
    known: Collaborations, settings: TrainSettings, progress: Progress
) -> LearnedCollaborations:
    rule = known.rule
    assert rule is not None  # else they would not be known
    ranked, how = judged(known, settings, progress)
    told = _counts(known) | {"judged_by": how, "rule": rule}
    return LearnedCollaborations(None, known, ranked, board_of(ranked, how, rule, settings), told)


def _counts(known: Collaborations) -> dict[str, Any]:
    return {
        "brands": int((np.diff(known.ties.indptr) > 0).sum()),
        "ties": int(known.ties.nnz),
    }


def odds_per_point(ranked: Sequence[Ranked]) -> float | None:
    """Log odds of being chosen among a brand's candidates that one point of the score is worth,
    by conditional logit on brands that the scores had not seen; None without any.
    """
    questions = []
    for brand in ranked:
        scores = brand.scores[LEARNED_NAME]
        known = np.isfinite(scores)
        if brand.chosen[known].any():
            told = scores[known, None].astype(np.float32)
            questions.append((told, brand.chosen[known]))
    if not questions:
        return None
    found = ConditionalLogit.fitted(questions)
    return float(found.slopes[0] / found.spread[0])
