"""Objectives: what a shortlist is ranked by, one forecast or a weighted mix of several."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.errors import UnsupportedObjective, WrongInput
from models.matrix.matrix import AllianceMatrix

Floats = npt.NDArray[np.float64]

OBJECTIVES: Mapping[str, str] = {
    "net_gmv": "net_gmv",
    "gmv": "gmv",
    "profit": "profit",
    "conversion": "conversion_rate",
    "gpm": "gpm",
    "impressions": "impressions",
    "new_followers": "new_followers",
    "repurchase": "repurchase_rate",
    "acceptance": "p_accept",
    "collaboration": "p_collaboration",
}
"""What to rank by -> the column of the matrix that it reads."""

DEFAULTS = ("net_gmv", "gmv", "conversion", "acceptance", "collaboration")
"""Without a wish: the first of these that the matrix has."""


@dataclass(frozen=True)
class Objective:
    """What to rank by: names of `OBJECTIVES` with weights that sum to 1."""

    weights: Mapping[str, float]
    note: str | None = None
    """Why this objective, when nobody asked for it by name."""

    @property
    def name(self) -> str:
        """As it is written in an answer: `profit`, or `profit=0.7,conversion=0.3`."""
        if not self.is_mix:
            return next(iter(self.weights))
        return ",".join(f"{name}={weight:.4g}" for name, weight in self.weights.items())

    @property
    def is_mix(self) -> bool:
        return len(self.weights) > 1

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the matrix that it reads, the weightiest first."""
        ordered = sorted(self.weights, key=lambda name: -self.weights[name])
        return tuple(OBJECTIVES[name] for name in ordered)

    def scores(self, values: Mapping[str, Floats]) -> Floats:
        """What the rows are ranked by, (n,), from the columns it reads; nan = not known.

        One objective is ranked by itself. A mix is the weighted mean of each one's standing (0
        the worst, 1 the best of these rows, ties share the mean), which has no unit and which no
        outlier can bend.
        """
        if not self.is_mix:
            return np.asarray(values[self.columns[0]], float)
        parts = [w * standing(values[OBJECTIVES[name]]) for name, w in self.weights.items()]
        return np.asarray(np.sum(parts, axis=0), float)


def standing(values: npt.ArrayLike) -> Floats:
    """From 0 for the lowest to 1 for the highest known value; ties share their mean; nan stays.

    >>> standing([3.0, 1.0, float("nan"), 2.0]).tolist()
    [1.0, 0.0, nan, 0.5]
    """
    numbers = np.asarray(values, float)
    known = int(np.isfinite(numbers).sum())
    ranks = pd.Series(numbers).rank().to_numpy()
    return np.where(np.isfinite(numbers), (ranks - 1) / max(known - 1, 1), np.nan)


def objective_of(matrix: AllianceMatrix, wanted: str | None) -> Objective:
    """The objective asked for, or the first of `DEFAULTS` that there is, with why.

    Raises UnsupportedObjective for one that the matrix does not have, WrongInput for weights that
    cannot be read.
    """
    supported = supported_objectives(matrix)
    if wanted is None:
        return _default(matrix, supported)
    weights = weights_of(wanted)
    absent = matrix.manifest.null_columns
    for name in weights:
        if name not in OBJECTIVES:
            raise UnsupportedObjective(
                f"There is no objective '{name}'. This matrix can rank by {', '.join(supported)}."
            )
        if name not in supported:
            raise UnsupportedObjective(
                f"This matrix cannot rank by {name}: {absent[OBJECTIVES[name]]}. "
                f"It can rank by {', '.join(supported) or 'nothing'}."
            )
    return Objective(weights)


def weights_of(text: str) -> dict[str, float]:
    """A name, or `name=weight,name=weight`; the weights come back with the sum 1.

    >>> weights_of("profit"), weights_of("profit=3, conversion=1")
    ({'profit': 1.0}, {'profit': 0.75, 'conversion': 0.25})
    """
    weights: dict[str, float] = {}
    for part in text.split(","):
        name, equals, weight = part.partition("=")
        name = name.strip()
        try:
            value = float(weight) if equals else 1.0
        except ValueError:
            value = np.nan
        if not name or not value > 0 or value == np.inf or name in weights:
            raise WrongInput(
                f"'{text}' is no objective: one name such as profit, or names with weights above "
                "0, such as profit=0.7,conversion=0.3, each once."
            )
        weights[name] = value
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def supported_objectives(matrix: AllianceMatrix) -> tuple[str, ...]:
    """The objectives whose column has values in this matrix."""
    absent = matrix.manifest.null_columns
    return tuple(name for name, column in OBJECTIVES.items() if column not in absent)


def _default(matrix: AllianceMatrix, supported: tuple[str, ...]) -> Objective:
    chosen = next((name for name in DEFAULTS if name in supported), None)
    if chosen is None:
        note = "nothing is forecast in this matrix: in the order of creator ids"
        return Objective({DEFAULTS[2]: 1.0}, note)
    if chosen == DEFAULTS[0]:
        return Objective({chosen: 1.0}, f"ranked by {chosen}, the default")
    why = f"{DEFAULTS[0]} is not in this matrix: "
    why += matrix.manifest.null_columns[OBJECTIVES[DEFAULTS[0]]]
    return Objective({chosen: 1.0}, f"ranked by {chosen}; {why}")
