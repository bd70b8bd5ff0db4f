"""Trees of one model (LightGBM): what they learn from, and how many are grown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import lightgbm
import numpy as np
import numpy.typing as npt

from models.prediction import Floats
from models.predictors.together import ErrTogether

PATIENCE: Final = 50
"""Trees that may not help the held-out rows before no more are grown."""


@dataclass(frozen=True)
class Examples:
    """What trees learn from.

    `start` is where they start on the link scale (None: from the mean of the labels).
    """

    features: npt.NDArray[np.float32]
    labels: Floats
    weights: Floats
    start: Floats | None = None


def boosted_trees(
    examples: Examples,
    *,
    rounds: int,
    objective: ErrTogether | str,
    params: Mapping[str, Any],
    validation: Examples | None = None,
) -> lightgbm.Booster:
    """Trees grown for `rounds`, or until 50 more do not help the validation rows.

    What they predict leaves out `start`. The same data, parameters and number of threads give
    the same trees, whatever other features are known of no row.
    """
    settings = {
        "min_data_in_leaf": 0,
        "min_data_in_bin": 1,
        "feature_pre_filter": False,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    } | dict(params)
    data = lightgbm.Dataset(
        _known(examples.features),
        examples.labels,
        weight=examples.weights,
        init_score=examples.start,
        params=settings,
        free_raw_data=False,
    )
    settings["objective"] = objective
    if validation is None:
        grown = lightgbm.train(settings, data, num_boost_round=rounds)
    else:
        later = data.create_valid(
            validation.features,
            validation.labels,
            weight=validation.weights,
            init_score=validation.start,
        )
        grown = lightgbm.train(
            settings,
            data,
            num_boost_round=rounds,
            valid_sets=[later],
            feval=None if isinstance(objective, str) else objective.loss,
            callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
        )
    best = grown.best_iteration if validation is not None else rounds
    return lightgbm.Booster(model_str=grown.model_to_string(num_iteration=best))


def _known(features: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The features; those known of no row are 0 throughout, which LightGBM leaves out.

    Left unknown they would be drawn for trees and nodes in the place of others. Where none is
    known all stay: LightGBM refuses to be left without any.
    """
    unknown = np.isnan(features).all(axis=0)
    if unknown.any() and not unknown.all():
        return np.where(unknown, np.float32(0), features)
    return features
