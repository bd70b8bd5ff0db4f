"""The chain of levels: each level's own counts, pulled to what wider levels expect."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize

from models.links import Link
from models.prediction import Floats, PairRows
from models.uncertainty.calibration import Recalibration
from models.uncertainty.intervals import log_likelihood
from models.uncertainty.noise import Noise

PARENTS: Final[Mapping[str, tuple[str, tuple[str, str] | None]]] = {
    "category": ("overall", None),
    "brand": ("category", None),
    "item": ("brand", None),
    "creator": ("overall", None),
    "creator_category": ("category", ("creator", "overall")),
    "creator_brand": ("creator_category", ("brand", "category")),
    "pair": ("creator_brand", ("item", "brand")),
}
"""A level starts from its parent, plus a share of how another level differs from its own."""

ROWS_AT_MOST: Final = 20_000
STRENGTH_BOUNDS: Final = {True: (np.log(1.0), np.log(1e6)), False: (np.log(0.05), np.log(1e4))}
START_STRENGTH: Final = {True: 200.0, False: 2.0}
RARITY: Final = {True: 0.5, False: 0.0}
"""How much more must be tried to believe where less is expected: 0 for the same trials everywhere,
1 for the same expected successes. Shares as measured on Complete Journey (.43 to .68)."""
START_SHARE: Final = 0.5
START_VARIANCE: Final = 0.1
FEWEST_ROWS: Final = 20


@dataclass(frozen=True)
class Chain:
    """At each level the rate is (successes + strength * expected) / (trials + strength).

    A strength is worth so many trials where the pooled rate is expected, and where another is,
    that times (pooled / expected) ** RARITY. Counts are those known as of the row's date. A level
    without counts passes on what was expected; the narrowest level's rate, corrected in level and
    slope, is the chain's.
    """

    is_rate: bool
    pooled: float
    strengths: Mapping[str, float]
    """Of each level, widest first, in trials at the pooled rate."""
    carried: Mapping[str, float]
    """Of each crossed level: the share of the other level's difference that it takes over."""
    variance: float
    """Of true rates around the chain's, on the link scale."""
    level: Recalibration

    @classmethod
    def fit(
        cls, levels: Sequence[str], rows: PairRows, link: Link, noise: float, pooled: float
    ) -> "Chain":
        """The numbers under which the rows' outcomes are most likely, with a weak prior.

        Beta-binomial for shares, lognormal for counts; at most 20,000 rows are read for all but
        level and slope. With fewer than 20 rows the prior stays. A level that counts the same as
        a wider one, as items do where they are brands, is left out: it would tell all twice.
        """
        levels = [level for level in levels if not _told_by_another(level, rows)]
        crossed = [level for level in levels if PARENTS[level][1] is not None]
        start = cls(
            link.is_rate,
            pooled,
            dict.fromkeys(levels, START_STRENGTH[link.is_rate]),
            dict.fromkeys(crossed, START_SHARE),
            START_VARIANCE,
            Recalibration(),
        )
        if len(rows) < FEWEST_ROWS:
            return start
        some = rows.take(np.arange(0, len(rows), -(-len(rows) // ROWS_AT_MOST)))
        found = start._most_likely(some, noise)
        variance = np.full(len(rows), found.variance)
        level = Recalibration.fit(
            found.eta(rows), rows, link, Noise.of_trials(link, noise), variance
        )
        return replace(found, level=level)

    def eta(self, rows: PairRows) -> Floats:
        """The rate of the narrowest level on the link scale, (n,)."""
        etas, _ = self._levels(rows)
        return self.level(etas[list(self.strengths)[-1]])

    def base(self) -> float:
        """What the chain says when no level has a count, on the link scale."""
        return float(self.level(Link(self.is_rate).forward(np.array(self.pooled))))

    def parts(self, rows: PairRows) -> dict[str, Floats]:
        """What the counts of each level add on the link scale; with `base` they sum to `eta`."""
        etas, expected = self._levels(rows)
        shares: dict[str, dict[str, float]] = {"overall": {}}
        for level in self.strengths:
            parent, cross = PARENTS[level]
            taken = dict(shares[parent])
            if cross is not None:
                for sign, other in zip((1.0, -1.0), cross, strict=True):
                    for source, share in shares[other].items():
                        taken[source] = taken.get(source, 0.0) + sign * self.carried[level] * share
            shares[level] = taken | {level: 1.0}
        return {
            source: self.level.slope * share * (etas[source] - expected[source])
            for source, share in shares[list(self.strengths)[-1]].items()
        }

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> "Chain":
        """What `as_json` gave; levels are put back into their order, widest first."""
        in_order = {
            level: read["strengths"][level] for level in PARENTS if level in read["strengths"]
        }
        level = Recalibration(**read["level"])
        return cls(**{**read, "strengths": in_order, "level": level})

    def _levels(self, rows: PairRows) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Of each level, its rate and what wider levels made expect, on the link scale."""
        start = Link(self.is_rate).forward(np.array(self.pooled))
        etas, expected = {"overall": np.full(len(rows), start)}, {}
        for level in self.strengths:
            parent, cross = PARENTS[level]
            eta = etas[parent]
            if cross is not None:
                eta = eta + self.carried[level] * (etas[cross[0]] - etas[cross[1]])
            expected[level] = eta
            etas[level] = self._shrunken(level, eta, rows)
        return etas, expected

    def _shrunken(self, level: str, expected: Floats, rows: PairRows) -> Floats:
        if level not in rows.counts:
            return expected
        link = Link(self.is_rate)
        successes, trials = rows.counts[level]
        mean = link.inverse(expected)
        strength = self.strengths[level] * (self.pooled / mean) ** RARITY[self.is_rate]
        rate = (successes + strength * mean) / (trials + strength)
        return np.where(trials > 0, link.forward(rate), expected)

    def _most_likely(self, rows: PairRows, noise: float) -> "Chain":
        successes, trials = rows.outcome()
        depth, crossed, link = len(self.strengths), len(self.carried), Link(self.is_rate)
        start = np.array(
            [
                *np.log(list(self.strengths.values())),
                *self.carried.values(),
                np.log(self.variance),
            ]
        )
        sd = np.array([2.0] * depth + [0.5] * crossed + [1.0])

        def cost(parameters: Floats) -> float:
            chain = self._with(parameters)
            mean = link.inverse(chain.eta(rows))
            variance = np.full(len(rows), chain.variance)
            fit = log_likelihood(successes, trials, mean, variance, link, noise)
            return float(np.sum(((parameters - start) / sd) ** 2) / 2 - rows.weight @ fit)

        bounds = [STRENGTH_BOUNDS[self.is_rate]] * depth
        bounds += [(0.0, 1.0)] * crossed + [(np.log(1e-4), np.log(4.0))]
        options = {"maxiter": 60, "ftol": 1e-7}
        found = minimize(cost, start, method="L-BFGS-B", bounds=bounds, options=options)
        return self._with(np.asarray(found.x, dtype=float))

    def _with(self, parameters: Floats) -> "Chain":
        depth = len(self.strengths)
        strengths = np.exp(parameters[:depth]).tolist()
        return replace(
            self,
            strengths=dict(zip(self.strengths, strengths, strict=True)),
            carried=dict(zip(self.carried, parameters[depth:-1].tolist(), strict=True)),
            variance=float(np.exp(parameters[-1])),
        )


TWINS: Final[Mapping[str, str]] = {"item": "brand", "pair": "creator_brand"}
"""Levels that may be the same as another: where items are brands."""


def _told_by_another(level: str, rows: PairRows) -> bool:
    other = TWINS.get(level)
    if other is None or other not in rows.counts or level not in rows.counts:
        return False
    pairs = zip(rows.counts[level], rows.counts[other], strict=True)
    return all(np.array_equal(counts, others) for counts, others in pairs)
