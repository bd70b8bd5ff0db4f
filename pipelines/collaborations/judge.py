"""Collaborations judged: each brand or week by scores of what had not learned from it.

By time where dates differ enough (what came after a date, from what was known before it), else by
folds of brands.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from experiments.collaborations import Ranked, collaboration_board
from features.facts import Facts
from models.collaboration.closeness import closeness, cosine, popularity
from models.collaboration.occasions import (
    FEWEST_BRANDS,
    Occasion,
    after,
    brand_folds,
    enough,
    splitting_date,
)
from models.collaboration.partners import Floats, Positions
from models.collaboration.predictor import CollaborationPredictor
from pipelines.collaborations.known import Collaborations, can_learn, known_collaborations
from pipelines.collaborations.rules import scores_of_rules
from pipelines.progress import Progress, silent
from pipelines.settings import TrainSettings

JUDGED_FOLDS: Final = 4
BY_TIME: Final = "collaborations from "
"""How the words begin that tell of judging by time."""
LEARNED_NAME: Final = CollaborationPredictor.name


def judged(
    known: Collaborations, settings: TrainSettings, progress: Progress = silent
) -> tuple[tuple[Ranked, ...], str]:
    """Each held-out brand's candidates scored by predictors that know nothing of them; and how."""
    occasions, how = _held_out(known, settings.random_state)
    of_occasion = ranked_by_all if can_learn(known) else ranked_by_rule
    ranked: list[Ranked] = []
    for i, occasion in enumerate(occasions):
        progress("judging collaborations", i, len(occasions))
        ranked += of_occasion(known, occasion, settings)
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
    rows = _asked(occasion)
    of_question = np.repeat(np.arange(len(asked)), _sizes(occasion))
    some = brands.take(asked)
    everything = {
        LEARNED_NAME: learned.scores(brands, creators, history, rows),
        "hub-corrected cosine": closeness(brands, creators, history)[rows],
        "cosine": cosine(some, creators)[of_question, rows[1]],
        "popularity": popularity(some, history)[of_question, rows[1]],
    }
    return _ranked(known, occasion, everything)


def ranked_by_rule(
    known: Collaborations, occasion: Occasion, settings: TrainSettings
) -> list[Ranked]:
    """The occasion's questions, answered from its history by the rule and its baselines."""
    rule, rows = known.rule, _asked(occasion)
    assert rule is not None  # else they would not be known
    grids = scores_of_rules(rule, known.brands, known.creators, occasion.history)
    return _ranked(known, occasion, {name: grid[rows] for name, grid in grids.items()})


def _sizes(occasion: Occasion) -> list[int]:
    return [len(question.candidates) for question in occasion.questions]


def _asked(occasion: Occasion) -> tuple[Positions, Positions]:
    """Brand and creator of every candidate of every question."""
    brands = np.array([question.brand for question in occasion.questions], np.intp)
    candidates = np.concatenate([question.candidates for question in occasion.questions])
    return np.repeat(brands, _sizes(occasion)), candidates


def _ranked(
    known: Collaborations, occasion: Occasion, everything: Mapping[str, Floats]
) -> list[Ranked]:
    brands, creators = known.brands, known.creators
    ends = np.cumsum(_sizes(occasion))[:-1]
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
    if known is None:
        return pd.DataFrame()
    ours = LEARNED_NAME if can_learn(known) else str(known.rule)
    return board_of(*judged(known, settings, progress), ours, settings)


def board_of(
    ranked: tuple[Ranked, ...], how: str, ours: str, settings: TrainSettings
) -> pd.DataFrame:
    """The leaderboard of collaborations, with how it was judged beside each row."""
    if not ranked:
        return pd.DataFrame()
    board = collaboration_board(ranked, ours, random_state=settings.random_state)
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
            return [later], f"{BY_TIME}{cut:%Y-%m-%d}, learned from those before"
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
