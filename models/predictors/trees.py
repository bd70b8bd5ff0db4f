"""Trees of one model (LightGBM): what they learn from, and how many are grown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import lightgbm
import numpy as np
import numpy.typing as npt
import pandas as pd

from models.links import Link
from models.prediction import Floats

PATIENCE: Final = 50
"""Trees that may not help the held-out rows before no more are grown."""
LOGIT: Final = Link(is_rate=True)


@dataclass(frozen=True)
class Examples:
    """What trees learn from.

    `start` is where they start on the link scale (None: from the mean of the labels).
    """

    features: npt.NDArray[np.float32]
    labels: Floats
    weights: Floats
    start: Floats | None = None


class ItemsErrTogether:
    """Cross-entropy of shares where all rows of an item in a window deviate by one number more.

    That number is normal with this variance on the logit scale. What it is expected to be (its
    best linear prediction, given the trees so far) is taken out of the residuals before a tree is
    grown: with weight w, label y, share p and h = w p (1 - p) of each row,

        deviation of an item and window = sum of w (y - p) / (sum of h + 1 / variance)
        gradient = w (p - y) + h x deviation.

    So what many rows of few items say counts as what those items say, and a deviation of the
    windows learned from is not carried on into later ones.
    """

    def __init__(self, item_id: npt.NDArray[Any], as_of: npt.NDArray[Any], variance: float) -> None:
        items, windows = pd.factorize(item_id)[0], pd.factorize(as_of)[0]
        self.group = pd.factorize(items.astype(np.int64) * (windows.max(initial=0) + 1) + windows)[
            0
        ]
        self.variance = variance

    def __call__(self, raw: Floats, data: lightgbm.Dataset) -> tuple[Floats, Floats]:
        """Gradient and curvature of the rows learned from, (n,) each."""
        weight, p = np.asarray(data.get_weight()), LOGIT.inverse(raw)
        short = weight * (np.asarray(data.get_label()) - p)
        curvature = weight * p * (1 - p)
        known = np.bincount(self.group, curvature) + 1 / self.variance
        deviation = np.bincount(self.group, short) / known
        return curvature * deviation[self.group] - short, curvature

    @staticmethod
    def loss(raw: Floats, data: lightgbm.Dataset) -> tuple[str, float, bool]:
        """Mean cross-entropy of held-out rows, of which no deviation is known."""
        weight, label = np.asarray(data.get_weight()), np.asarray(data.get_label())
        each = np.logaddexp(0, raw) - label * raw
        return "cross_entropy", float(np.average(each, weights=weight)), False


def boosted_trees(
    examples: Examples,
    *,
    rounds: int,
    objective: ItemsErrTogether | str,
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

    Left unknown they would be drawn for trees and nodes in the place of others.
    """
    unknown = np.isnan(features).all(axis=0)
    return np.where(unknown, np.float32(0), features) if unknown.any() else features
