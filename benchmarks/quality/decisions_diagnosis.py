"""Diagnoses judged by a world's truth: log score, and accuracy together with the share decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from experiments.world.truth import Truth, true_rates
from models.matrix.diagnosis import CORE_CONTRIBUTOR, HIGH, LOW, MEND, RISING_STAR
from models.matrix.matrix import AllianceMatrix
from models.prediction import Floats

Mask = npt.NDArray[np.bool_]

SURE: Final = 1e-6
"""A probability of 0 or 1 is judged as this far from it, so that one error has a finite price."""
SLICES: Final = ("all", "met", "new")


@dataclass(frozen=True)
class Verdicts:
    """What was said of pairs and what is so, (n,) each: P(above the benchmark), and whether it is.

    `cluster` names world and creator: pairs of one creator err together.
    """

    p: Floats
    above: Mask
    met: Mask
    cluster: npt.NDArray[Any]

    def __len__(self) -> int:
        return len(self.p)

    def take(self, rows: npt.NDArray[Any]) -> "Verdicts":
        return Verdicts(self.p[rows], self.above[rows], self.met[rows], self.cluster[rows])

    def of(self, name: str) -> "Verdicts":
        """One of SLICES."""
        masks = {"all": np.ones(len(self), dtype=bool), "met": self.met, "new": ~self.met}
        return self.take(masks[name])


@dataclass(frozen=True)
class Score:
    """How good verdicts are; nan where nothing can be said."""

    pairs: int
    above: float
    """Share of the pairs that are above."""
    log_score: float
    """Mean of -log of the probability given to what is so; less is better."""
    log_score_of_share: float
    """That of saying the share `above` of every pair: what knowing nothing of them would give."""
    decided: float
    """Share of pairs told high (at least .8) or low (at most .2)."""
    accuracy: float
    """Share of the decided that are as told."""
    high_right: float
    low_right: float


def verdicts(
    matrix: AllianceMatrix,
    truth: Truth,
    true_benchmarks: "pd.Series[float]",
    world: str = "",
) -> dict[str, Verdicts]:
    """By axis, 'conversion' and 'impressions', every pair of the matrix that has a diagnosis.

    True conversion is the mean over the products the brand was scored with (its offers), against
    `true_benchmarks` (by brand id); true impressions those of the best product, against the
    published benchmark, which is a mean that happened.
    """
    frame = pairs_frame(matrix)
    conversion = true_conversion_of_pairs(matrix, truth)
    best = frame["best_product_id"].notna().to_numpy()
    shown = np.full(len(frame), np.nan)
    of_best = true_rates(
        truth, frame["creator_id"][best].astype(str), frame["best_product_id"][best].astype(str)
    )
    shown[best] = of_best["impressions"]
    against = true_benchmarks.reindex(frame["brand_id"]).to_numpy(dtype=np.float64)
    judged = {
        "conversion": ("p_above_benchmark", conversion, against),
        "impressions": (
            "p_impressions_above_benchmark",
            shown,
            frame["benchmark_impressions"].to_numpy(np.float64),
        ),
    }
    cluster = np.char.add(f"{world} ", frame["creator_id"].to_numpy(dtype=str))
    met = frame["evidence_sessions"].to_numpy(np.float64) > 0
    found = {}
    for axis, (name, true, benchmark) in judged.items():
        p = frame[name].to_numpy(np.float64)
        known = ~(np.isnan(p) | np.isnan(true) | np.isnan(benchmark))
        found[axis] = Verdicts(p, true > benchmark, met, cluster).take(known)
    return found


def pairs_frame(matrix: AllianceMatrix) -> pd.DataFrame:
    """The matrix's rows as far as diagnoses need them, ids as plain strings."""
    frame = matrix.frame()
    for name in ("brand_id", "creator_id"):
        frame[name] = frame[name].astype(str)
    return frame


def true_conversion_of_pairs(matrix: AllianceMatrix, truth: Truth) -> Floats:
    """Mean true conversion over each pair's offers; ValueError without offers."""
    if matrix.offers is None:
        raise ValueError("only a matrix with offers tells which products its pairs are means of")
    offers = matrix.offers
    lengths = np.diff(offers.start)
    creators = matrix.creators["creator_id"].to_numpy(dtype=str)
    products = matrix.products["product_id"].to_numpy(dtype=str)
    owners = np.repeat(np.asarray(matrix.columns["creator_id"]), lengths)
    true = true_rates(truth, creators[owners], products[offers.product])["conversion"]
    totals = np.zeros(len(lengths))
    np.add.at(totals, np.repeat(np.arange(len(lengths)), lengths), true)
    return np.divide(totals, lengths, out=np.full(len(lengths), np.nan), where=lengths > 0)


def score(told: Verdicts) -> Score:
    """Of these verdicts."""
    if not len(told):
        nothing = float("nan")
        return Score(0, nothing, nothing, nothing, nothing, nothing, nothing, nothing)
    high, low = told.p >= HIGH, told.p <= LOW
    right = np.where(high, told.above, ~told.above)
    share = float(told.above.mean())
    return Score(
        pairs=len(told),
        above=share,
        log_score=log_score(told.p, told.above),
        log_score_of_share=log_score(np.full(len(told), share), told.above),
        decided=float((high | low).mean()),
        accuracy=_share(right, high | low),
        high_right=_share(told.above, high),
        low_right=_share(~told.above, low),
    )


def log_score(p: Floats, above: Mask) -> float:
    """Mean of -log of the probability given to what is so.

    >>> round(log_score(np.array([0.8, 0.5]), np.array([True, False])), 4)
    0.4581
    """
    given = np.where(above, p, 1 - p)
    return float(-np.log(np.clip(given, SURE, 1 - SURE)).mean())


def joined(parts: Sequence[Verdicts]) -> Verdicts:
    """The verdicts of several worlds, one after the other."""
    return Verdicts(
        np.concatenate([part.p for part in parts]),
        np.concatenate([part.above for part in parts]),
        np.concatenate([part.met for part in parts]),
        np.concatenate([part.cluster for part in parts]),
    )


def intervals(
    told: Verdicts, random: np.random.Generator, draws: int = 400
) -> dict[str, tuple[float, float]]:
    """95 % intervals of every number of `Score` but `pairs`, creators drawn anew with theirs."""
    _, cluster = np.unique(told.cluster, return_inverse=True)
    order = np.argsort(cluster, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(cluster))[:-1])
    names = [name for name in Score.__dataclass_fields__ if name != "pairs"]
    drawn = []
    for _ in range(draws):
        chosen = random.integers(0, len(members), len(members))
        again = score(told.take(np.concatenate([members[i] for i in chosen])))
        drawn.append([getattr(again, name) for name in names])
    ends = np.nanquantile(np.array(drawn), [0.025, 0.975], axis=0)
    return {name: (float(ends[0, i]), float(ends[1, i])) for i, name in enumerate(names)}


def table(told: Mapping[str, Verdicts], random: np.random.Generator) -> pd.DataFrame:
    """By axis and slice, a row of `Score` with the intervals of log score, decided, accuracy."""
    rows = []
    for axis, verdict in told.items():
        for name in SLICES:
            part = verdict.of(name)
            if not len(part):
                continue
            row: dict[str, object] = {"axis": axis, "slice": name, **vars(score(part))}
            for number, (low, high) in intervals(part, random).items():
                if number in ("log_score", "decided", "accuracy"):
                    row |= {f"{number}_lo95": low, f"{number}_hi95": high}
            rows.append(row)
    return pd.DataFrame(rows)


def quadrants(
    matrix: AllianceMatrix, truth: Truth, true_benchmarks: "pd.Series[float]"
) -> pd.DataFrame:
    """Pairs by the quadrant they were told (rows) and the one they are truly in (columns)."""
    frame = pairs_frame(matrix)
    true = true_rates(truth, frame["creator_id"], frame["best_product_id"].astype(str))[
        "impressions"
    ]
    sells = true_conversion_of_pairs(matrix, truth) > true_benchmarks.reindex(
        frame["brand_id"]
    ).to_numpy(dtype=np.float64)
    shown = true > frame["benchmark_impressions"].to_numpy(np.float64)
    truly = np.select([sells & shown, sells], [CORE_CONTRIBUTOR, RISING_STAR], default=MEND)
    told = frame["quadrant"].astype(str).to_numpy()
    return pd.crosstab(pd.Series(told, name="told"), pd.Series(truly, name="truly"))


def _share(of: Mask, among: Mask) -> float:
    return float(of[among].mean()) if among.any() else float("nan")
