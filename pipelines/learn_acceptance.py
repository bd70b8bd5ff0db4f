"""P(yes) judged: learned from invitations before a date, held against those sent after it."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from experiments.acceptance import acceptance_board, reliability
from features.daily import daily_facts
from features.facts import Facts
from features.history import collaboration_history
from features.tables import feature_tables
from models.acceptance.hierarchical import fit_acceptance
from models.acceptance.invitations import Invitations
from models.acceptance.outcomes import invitation_outcomes
from models.acceptance.predictor import fit_offer_acceptance
from models.acceptance.terms import CAVEAT
from models.collaboration.occasions import splitting_date
from pipelines.collaborations import collaborations_as_of, sides_of
from pipelines.progress import Progress, silent
from pipelines.settings import LEARNED, TrainSettings


@dataclass(frozen=True)
class JudgedAcceptance:
    """How well the way of learning P(yes) does; the model itself is learned when scoring."""

    board: pd.DataFrame
    """Rows of the leaderboard: ours, the hierarchical rate without terms, the overall rate."""
    reliability: pd.DataFrame
    judged_by: str

    def metrics(self) -> dict[str, float]:
        """Said and happened of each bin, for tracking."""
        return {
            f"acceptance/{name}/{i + 1}": float(row[column])
            for i, row in enumerate(self.reliability.to_dict("records"))
            for name, column in (("said", "forecast"), ("happened", "observed"))
        }

    def notes(self) -> list[str]:
        """How it was judged, and what must be known before it is relied on."""
        answers = f"{self.reliability['trials'].sum():,.0f}"
        return [f"Acceptance is judged on {answers} answers to {self.judged_by}; {CAVEAT}."]


def judged_acceptance(
    facts: Facts, as_of: date, settings: TrainSettings, progress: Progress = silent
) -> JudgedAcceptance | None:
    """None where too few invitations were answered, or none was declined, to judge by time."""
    if not facts.has("collaborations"):
        return None
    history = collaboration_history(facts, as_of)
    outcomes = invitation_outcomes(history).dropna(subset=["accepted"])
    cut = splitting_date(outcomes["at"]) if len(outcomes) else None
    if cut is None:
        return None
    progress("judging acceptance", 0)
    before = history[history["at"] < cut]
    later = outcomes[outcomes["at"] >= cut]
    tables = feature_tables(daily_facts(facts, "product"), cut.date())
    sides = sides_of(tables, collaborations_as_of(facts, tables, cut.date(), before))
    plain = fit_acceptance(before, tables.creators)
    if plain.overall is None or not len(later):
        return None
    offers, accepted = Invitations.of(later), later["accepted"].to_numpy(float)
    ours = fit_offer_acceptance(before, sides).predict(offers).p
    said = {
        LEARNED: ours,
        "hierarchical": plain.predict(offers.creator_id.tolist(), offers.brand_id.tolist()).p,
        "overall": np.full(len(later), plain.overall),
    }
    known = np.isin(offers.creator_id, before["creator_id"].to_numpy(dtype=np.str_))
    slices = {"all": np.ones(len(later), dtype=bool), "cold creators": ~known}
    board = acceptance_board(
        said, accepted, offers.creator_id, offers.brand_id, slices, settings.random_state
    )
    progress("judging acceptance", 1)
    how = f"invitations sent from {cut:%Y-%m-%d} on, learned from what was known before"
    return JudgedAcceptance(board, reliability(ours, accepted), how)
