"""A ridge line through all features: it follows by degrees where trees cut in steps."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from models.links import Link
from models.prediction import Floats

RIDGE: Final = 1000.0
"""Certainty that a slope is 0, a feature's spread being 1: its prior's sd is three hundredths of a
logit."""
FARTHEST: Final = 4.0
"""Spreads from a feature's mean that are followed; what lies beyond counts as this far."""
LEAST_RIDGE: Final = 1e-6
"""On the base, which is free."""
SAME: Final = 1e-18
"""Variance below which all rows have the same value."""
STEPS: Final = 20
LARGEST_STEP, SMALLEST_STEP = 1.0, 1e-7
BLOCK: Final = 50_000
"""Rows in memory at once as doubles."""
LOGIT: Final = Link(is_rate=True)
Features = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Line:
    """Added to a start on logits: base + sum over features of slope x (f(feature) - mean) / spread.

    f(x) = sign(x) log(1 + |x|): straight near 0, logarithmic far from it. What is unknown is taken
    for `middle`, the median of what is known.
    """

    middle: tuple[float, ...]
    mean: tuple[float, ...]
    spread: tuple[float, ...]
    slopes: tuple[float, ...]
    base: float

    @classmethod
    def fit(cls, features: Features, start: Floats, labels: Floats, weights: Floats) -> Self:
        """The slopes under which these shares are most likely beside the ridge, by Newton's steps.

        `start` is on logits; a row's weight times p (1 - p) is what it tells. Features that are
        known of no row, or the same of all, get no slope.
        """
        line = cls._level(features)
        ridge = np.append(np.full(features.shape[1], RIDGE), LEAST_RIDGE)
        found = np.zeros(len(ridge))
        with threadpool_limits(1):  # sums in one order, whatever the machine
            for _ in range(STEPS):
                gradient, curvature = -ridge * found, np.diag(ridge)
                for rows, design in line._designs(features):
                    share = LOGIT.inverse(start[rows] + (design * found).sum(axis=1))
                    told = weights[rows] * share * (1 - share)
                    gradient += design.T @ (weights[rows] * (labels[rows] - share))
                    curvature += (design * told[:, None]).T @ design
                step = np.linalg.solve(curvature, gradient)
                step *= min(1.0, LARGEST_STEP / float(np.abs(step).max() or 1.0))
                found = found + step
                if np.abs(step).max() < SMALLEST_STEP:
                    break
        slopes = found.tolist()
        return replace(line, slopes=tuple(slopes[:-1]), base=slopes[-1])

    def say(self, features: Features) -> Floats:
        """What it adds to the start of each row, (n,)."""
        added = np.empty(len(features))
        for rows, parts in self._parts(features):
            added[rows] = parts.sum(axis=1)
        return added

    def add_contributions(self, features: Features, counts: Floats, added: Floats) -> None:
        """Add `counts`, (n,), times what each feature adds to that to `added`, the base last.

        `added`: (n, features + 1), changed in place.
        """
        for rows, parts in self._parts(features):
            added[rows] += counts[rows, None] * parts

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Self:
        """What `as_json` gave."""
        return cls(
            middle=tuple(read["middle"]),
            mean=tuple(read["mean"]),
            spread=tuple(read["spread"]),
            slopes=tuple(read["slopes"]),
            base=read["base"],
        )

    def _parts(self, features: Features) -> Iterator[tuple[slice, Floats]]:
        slopes = np.append(self.slopes, self.base)
        return ((rows, design * slopes) for rows, design in self._designs(features))

    def _designs(self, features: Features) -> Iterator[tuple[slice, Floats]]:
        """Blocks of rows, and their features as the line reads them beside a column of ones."""
        for first in range(0, len(features), BLOCK):
            rows = slice(first, first + BLOCK)
            far = (self._bent(features[rows]) - self.mean) / self.spread
            ones = np.ones((len(far), 1))
            yield rows, np.hstack([np.clip(far, -FARTHEST, FARTHEST), ones])

    def _bent(self, features: Features) -> Floats:
        values = np.where(np.isfinite(features), features, self.middle).astype(float)
        return np.asarray(np.sign(values) * np.log1p(np.abs(values)))

    @classmethod
    def _level(cls, features: Features) -> Self:
        """Without slopes; middle, mean and spread as these rows have them.

        The spread of what is always the same counts as 1: it never differs from its mean.
        """
        width = features.shape[1]
        middle, mean, squares = np.zeros(width), np.zeros(width), np.zeros(width)
        for at, values in enumerate(features.T):
            known = values[np.isfinite(values)]
            middle[at] = np.median(known) if len(known) else 0.0
        line = cls(tuple(middle.tolist()), (0.0,) * width, (1.0,) * width, (0.0,) * width, 0.0)
        blocks = [slice(first, first + BLOCK) for first in range(0, len(features), BLOCK)]
        for rows in blocks:
            mean += line._bent(features[rows]).sum(axis=0) / len(features)
        for rows in blocks:
            squares += ((line._bent(features[rows]) - mean) ** 2).sum(axis=0) / len(features)
        spread = np.where(squares > SAME, np.sqrt(squares), 1.0)
        return replace(line, mean=tuple(mean.tolist()), spread=tuple(spread.tolist()))
