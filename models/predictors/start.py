"""Where the trees start: the effects' own forecast, each part as far as it has proved true."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

import numpy as np
from scipy.optimize import minimize

from models.links import Link
from models.prediction import Floats, PairRows, Target
from models.predictors.told import MEASURES
from models.uncertainty.intervals import log_likelihood

PARTS: Final = ("item_usual", "creator_effect", "fit_effect", "pair_effect")
"""Features that add up to a share's forecast; the first is a share, the others are logits."""

LOGIT: Final = Link(is_rate=True)
ROWS_AT_MOST: Final = 20_000
SLOPE_SD: Final = 0.3
START_VARIANCE: Final = 0.1


@dataclass(frozen=True)
class EffectsStart:
    """level + sum over PARTS of slope x part, on logits.

    Slopes are 1 where the effects of the past hold in the windows learned from.
    """

    features: tuple[str, ...]
    pooled: float
    level: float
    slopes: tuple[float, ...]

    @classmethod
    def fit(cls, rows: PairRows, target: Target, noise: float, pooled: float) -> Self | None:
        """The numbers under which the rows' outcomes are most likely, slopes near 1.

        None when these rows know no effects of the target.
        """
        features = tuple(f"{part}_{MEASURES[target]}" for part in PARTS)
        if not set(features) <= set(rows.feature_names):
            return None
        start = cls(features, pooled, 0.0, (1.0,) * len(PARTS))
        if np.isnan(rows.features[:, rows.feature_names.index(features[0])]).any():
            return None
        some = rows.take(np.arange(0, len(rows), -(-len(rows) // ROWS_AT_MOST)))
        return start._most_likely(some, noise)

    def eta(self, rows: PairRows) -> Floats:
        """The forecast on logits, (n,)."""
        return np.asarray(self.base() + sum(self.parts(rows).values()), dtype=float)

    def base(self) -> float:
        """The forecast of a pair of which every part is as usual."""
        return self.level + self._middle()

    def parts(self, rows: PairRows) -> dict[str, Floats]:
        """What each part adds, by the name of its feature; with `base` they sum to `eta`."""
        return {
            feature: slope * part
            for feature, slope, part in zip(
                self.features, self.slopes, self._columns(rows), strict=True
            )
        }

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Self:
        """What `as_json` gave."""
        return cls(**{**read, "features": tuple(read["features"]), "slopes": tuple(read["slopes"])})

    def _middle(self) -> float:
        return float(LOGIT.forward(np.array(self.pooled)))

    def _columns(self, rows: PairRows) -> list[Floats]:
        """The parts on logits, the items' around the pooled rate; 0 where unknown."""
        columns = []
        for place, feature in enumerate(self.features):
            values = rows.features[:, rows.feature_names.index(feature)].astype(float)
            if place == 0:
                values = LOGIT.forward(values) - self._middle()
            columns.append(np.nan_to_num(values))
        return columns

    def _most_likely(self, rows: PairRows, noise: float) -> Self:
        successes, trials = rows.outcome()
        columns = np.column_stack(self._columns(rows))
        prior = np.array([0.0, *self.slopes, np.log(START_VARIANCE)])
        sd = np.array([1.0] + [SLOPE_SD] * len(PARTS) + [1.0])

        def cost(numbers: Floats) -> float:
            eta = self._middle() + numbers[0] + columns @ numbers[1:-1]
            variance = np.full(len(rows), np.exp(numbers[-1]))
            fit = log_likelihood(successes, trials, LOGIT.inverse(eta), variance, LOGIT, noise)
            return float(np.sum(((numbers - prior) / sd) ** 2) / 2 - rows.weight @ fit)

        bounds = [(-2.0, 2.0)] + [(0.0, 2.0)] * len(PARTS) + [(np.log(1e-4), np.log(4.0))]
        found = minimize(cost, prior, method="L-BFGS-B", bounds=bounds).x
        return replace(self, level=float(found[0]), slopes=tuple(found[1:-1].tolist()))
