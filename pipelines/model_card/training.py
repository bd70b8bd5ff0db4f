"""What one training was and gave: all that its card tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from features.facts import Facts
from models.prediction import Predictor, Target
from pipelines.collaborations import CollaborationQuality, LearnedCollaborations
from pipelines.learn_acceptance import JudgedAcceptance
from pipelines.settings import TrainSettings
from pipelines.training_rows import TargetRows
from pipelines.windows import WindowPlan

LEAK = "(a possible leak)"
"""How sentences end that tell of one."""


@dataclass(frozen=True)
class Training:
    """What one training was and gave: all that its card tells."""

    facts: Facts
    as_of: date
    plans: Mapping[Target, WindowPlan]
    rows: Mapping[Target, TargetRows]
    fitted: Mapping[Target, Mapping[str, Predictor]]
    board: pd.DataFrame
    promises: Mapping[Target, pd.DataFrame]
    """Of each target: said and happened by slice, from `experiments.promise`."""
    collaborations: pd.DataFrame
    """Leaderboard of who collaborates with whom; empty where that was not judged."""
    partners: LearnedCollaborations | None
    """None where collaborations are too few, or none, to rank by."""
    partners_quality: CollaborationQuality | None
    acceptance: JudgedAcceptance | None
    """None where too few invitations were answered to judge P(yes) by."""
    settings: TrainSettings
    manifest: Mapping[str, Any]
    missing: Sequence[str]
    notes: Sequence[str]
    version: str
    verdict: str
    code_version: str

    @property
    def of_collaborations(self) -> LearnedCollaborations | None:
        """Collaborations where they are all that there is to tell of."""
        return None if self.fitted else self.partners

    @property
    def lacking(self) -> list[str]:
        """What the source lacks, in sentences."""
        return [sentence for sentence in self.missing if LEAK not in sentence]

    @property
    def leaks(self) -> list[str]:
        """What may tell of later days than it pretends, in sentences."""
        return [s.removesuffix(f" {LEAK}") for s in self.missing if LEAK in s]

    @property
    def denominator(self) -> str:
        return self.facts.meaning.denominator or "views"
