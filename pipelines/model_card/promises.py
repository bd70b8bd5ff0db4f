"""Said and happened of each target by slice: how they are made for a card."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from experiments.leaderboard import evidence_slices
from experiments.promise import promise
from models.prediction import PairRows, Predictor, Target
from models.predictors.calibrated import CalibratedPredictor
from pipelines.settings import LEARNED

CATEGORIES_SHOWN = 8


def promises_of(
    fitted: Mapping[Target, Mapping[str, Predictor]],
    judged: Mapping[Target, PairRows],
    random_state: int,
) -> dict[Target, pd.DataFrame]:
    """Said and happened of each target's learned forecasts, by slice, on the rows given."""
    promises = {}
    for target, rows in judged.items():
        if not len(rows):
            continue
        predictor = fitted[target][LEARNED]
        assert isinstance(predictor, CalibratedPredictor)
        promises[target] = promise(
            predictor.predict(rows),
            rows,
            predictor.line_noise_,
            judged_slices(target, rows),
            target,
            random_state,
        )
    return promises


def judged_slices(target: Target, rows: PairRows) -> dict[str, npt.NDArray[np.bool_]]:
    """By evidence; a conversion also by the categories with most trials."""
    slices = evidence_slices(rows)
    if target not in (Target.CONVERSION, Target.BRAND_CONVERSION):
        return slices
    names, index = np.unique(rows.category, return_inverse=True)
    trials = np.bincount(index, rows.weight * rows.outcome()[1])
    largest = np.argsort(-trials, kind="stable")[:CATEGORIES_SHOWN]
    return slices | {
        f"category {names[i]}": index == i for i in largest if names[i] and trials[i] > 0
    }
