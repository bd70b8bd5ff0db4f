"""Collaborations learned and judged: the predictor beside its baselines on brands or weeks unseen.

Judged by time where dates differ enough (what came after a date, from what was known before it),
else by folds of brands. Either way the predictor that is judged has not learned from what it is
judged on; the one that is kept has learned from everything known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from experiments.collaborations import Ranked, collaboration_board
from features.daily import daily_facts
from features.facts import Facts
from features.tables import feature_tables
from models.collaboration.choice import ConditionalLogit
from models.collaboration.closeness import closeness, cosine, popularity
from models.collaboration.occasions import (
    FEWEST_BRANDS,
    Occasion,
    after,
    brand_folds,
    enough,
    splitting_date,
)
from models.collaboration.partners import Positions
from models.collaboration.predictor import CollaborationPredictor
from pipelines.collaborations import Collaborations, collaborations_as_of
from pipelines.progress import Progress, silent
from pipelines.settings import TrainSettings

JUDGED_FOLDS: Final = 4
LEARNED_NAME: Final = CollaborationPredictor.name


@dataclass(frozen=True)
class LearnedCollaborations:
    """The predictor to keep, the known collaborations, and how well the way of learning does."""

    predictor: CollaborationPredictor
    known: Collaborations
    ranked: tuple[Ranked, ...]
    """Candidates of each judged brand with the scores of predictors that had not seen it."""
    board: pd.DataFrame
    told: Mapping[str, Any]
    """For the model's manifest: until when, how much, and how it was judged."""

    def metrics(self) -> dict[str, float]:
        """What of the leaderboard is tracked, by predictor and measure."""
        rows = self.board.to_dict("records")
        return {f"collaboration/{row['predictor']}/{row['measure']}": row["value"] for row in rows}

    def notes(self) -> list[str]:
        """How collaborations were judged, and each baseline that ranks better."""
        notes = [
            f"Collaborations are learned from {self.told['ties']:,} pairs of "
            f"{self.told['brands']:,} brands and judged on {self.told['judged_by']}. "
            "Their score is to rank by, no probability."
        ]
        return notes + [
            f"The learned score of collaborations ranks worse than the baseline "
            f"{row['predictor']} ({row['difference']:+.3f} mean average precision)."
            for row in self.board.to_dict("records")
            if row["measure"] == "map" and row["verdict"] == "worse"
        ]


def learned_collaborations(
    facts: Facts, as_of: date, settings: TrainSettings, progress: Progress = silent
) -> LearnedCollaborations | None:
    """None where collaborations or vectors of creators are too few to learn from."""
    known = known_collaborations(facts, as_of)
    if known is None:
        return None
    progress("learning collaborations", 0)
    ranked, how = judged(known, settings, progress)
    predictor = CollaborationPredictor(settings.random_state, settings.num_threads)
    predictor.fit(known.brands, known.creators, known.ties, known.first)
    board = board_of(ranked, how, settings)
    progress("learning collaborations", 1)
    told = {
        "until": as_of.isoformat(),
        "brands": int((np.diff(known.ties.indptr) > 0).sum()),
        "ties": int(known.ties.nnz),
        "judged_by": how,
        "odds_per_point": odds_per_point(ranked),
    }
    return LearnedCollaborations(predictor, known, ranked, board, told)


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


def known_collaborations(facts: Facts, as_of: date) -> Collaborations | None:
    """Collaborations as of the date; None where they are too few to learn from."""
    named = [name for name in facts.tables if name.startswith("creator_embeddings.")]
    if not facts.has("collaborations") or not named:
        return None
    tables = feature_tables(daily_facts(facts, "product"), as_of)
    known = collaborations_as_of(facts, tables, as_of)
    return known if known.creators.vectors and enough(known.ties) else None


def judged(
    known: Collaborations, settings: TrainSettings, progress: Progress = silent
) -> tuple[tuple[Ranked, ...], str]:
    """Each held-out brand's candidates scored by predictors that know nothing of them; and how."""
    occasions, how = _held_out(known, settings.random_state)
    ranked: list[Ranked] = []
    for i, occasion in enumerate(occasions):
        progress("judging collaborations", i, len(occasions))
        ranked += ranked_by_all(known, occasion, settings)
    progress("judging collaborations", len(occasions), len(occasions))
    return tuple(ranked), how


def ranked_by_all(
    known: Collaborations, occasion: Occasion, settings: TrainSettings
) -> list[Ranked]:
    """The occasion's questions, answered from its history by the predictor and its baselines."""
    brands, creators, history = known.brands, known.creators, occasion.history
    learned = CollaborationPredictor(settings.random_state, settings.num_threads)
    learned.fit(brands, creators, history, _within(known, occasion))
    asked = np.array([question.brand for question in occasion.questions], np.intp)
    sizes = [len(question.candidates) for question in occasion.questions]
    rows = (
        np.repeat(asked, sizes),
        np.concatenate([question.candidates for question in occasion.questions]),
    )
    of_question = np.repeat(np.arange(len(asked)), sizes)
    some = brands.take(asked)
    everything = {
        LEARNED_NAME: learned.scores(brands, creators, history, rows),
        "hub-corrected cosine": closeness(brands, creators, history)[rows],
        "cosine": cosine(some, creators)[of_question, rows[1]],
        "popularity": popularity(some, history)[of_question, rows[1]],
    }
    ends = np.cumsum(sizes)[:-1]
    split = {name: np.split(scores, ends) for name, scores in everything.items()}
    return [
        Ranked(
            str(brands.ids[question.brand]),
            creators.ids[question.candidates],
            question.chosen,
            {name: parts[i] for name, parts in split.items()},
        )
        for i, question in enumerate(occasion.questions)
    ]


def collaborations_board(
    facts: Facts, as_of: date, settings: TrainSettings, progress: Progress = silent
) -> pd.DataFrame:
    """The leaderboard of collaborations known before the date; empty where they are too few."""
    known = known_collaborations(facts, as_of)
    return (
        pd.DataFrame() if known is None else board_of(*judged(known, settings, progress), settings)
    )


def board_of(ranked: tuple[Ranked, ...], how: str, settings: TrainSettings) -> pd.DataFrame:
    """The leaderboard of collaborations, with how it was judged beside each row."""
    if not ranked:
        return pd.DataFrame()
    board = collaboration_board(ranked, LEARNED_NAME, random_state=settings.random_state)
    board.insert(0, "judged_by", how)
    board.insert(0, "target", "collaboration")
    return board


def _held_out(known: Collaborations, random_state: int) -> tuple[list[Occasion], str]:
    """What to judge on: the latest collaborations, else each brand once."""
    row, column = positions(known, known.first)
    at = known.first["at"][(row >= 0) & (column >= 0)]
    cut = splitting_date(at)
    if cut is not None:
        there = (row >= 0) & (column >= 0)
        shape = (len(known.brands), len(known.creators))
        later = after(row[there], column[there], at, shape, cut, None, random_state)
        if enough(later.history) and len(later.questions) >= FEWEST_BRANDS:
            return [later], f"collaborations from {cut:%Y-%m-%d}, learned from those before"
    folds = brand_folds(known.ties, JUDGED_FOLDS, random_state)
    if all(enough(fold.history) for fold in folds):
        return folds, f"brands never seen, in {len(folds)} folds"
    return [], "too few brands to hold some out"


def _within(known: Collaborations, occasion: Occasion) -> pd.DataFrame:
    """When the ties of the occasion's history began."""
    row, column = positions(known, known.first)
    there = (row >= 0) & (column >= 0)
    there[there] = np.asarray(occasion.history[row[there], column[there]]).ravel() > 0
    return known.first[there]


def positions(known: Collaborations, pairs: pd.DataFrame) -> tuple[Positions, Positions]:
    """Where the pairs' brands and creators stand; -1 for one not known as of the date."""
    row = pd.Index(known.brands.ids).get_indexer(pd.Index(pairs["brand_id"]))
    column = pd.Index(known.creators.ids).get_indexer(pd.Index(pairs["creator_id"]))
    return row.astype(np.intp), column.astype(np.intp)
