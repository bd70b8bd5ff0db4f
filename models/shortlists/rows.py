"""Rows of a shortlist: what the matrix says of each creator, as records."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.matrix.columns import NUMBERS, REASONS, TEXTS
from models.shortlists.brand_view import BrandView
from models.shortlists.reasons import Reason, reason

DIGITS = 7
"""Significant digits of a float32: what the columns hold."""


@dataclass(frozen=True)
class Estimate:
    """A forecast and its 80 % interval."""

    mean: float
    lo80: float | None
    hi80: float | None


@dataclass(frozen=True)
class ShortlistRow:
    """One creator of the list. None is always 'not known', never zero."""

    rank: int
    creator_id: str
    creator_name: str | None
    main_category: str | None
    tier: str | None
    followers: int | None
    region: str | None
    agency: str | None
    conversion: Estimate | None
    benchmark_rate: float | None
    benchmark_level: str | None
    lift: float | None
    """conversion / benchmark - 1: .31 is 31 % above the benchmark."""
    p_above_benchmark: float | None
    impressions: Estimate | None
    click_through_rate: Estimate | None
    gpm: Estimate | None
    gmv: Estimate | None
    return_rate: Estimate | None
    net_gmv: Estimate | None
    profit: Estimate | None
    new_followers: Estimate | None
    """People who begin to follow the creator in one session."""
    repurchase_rate: Estimate | None
    """Buyers of the best product who had bought before, as a share of its buyers."""
    best_product_id: str | None
    best_product_title: str | None
    p_accept: float | None
    p_collaboration: float | None
    quadrant: str | None
    action: str | None
    evidence_sessions: int | None
    evidence_denominator: int | None
    """How many clicks (or whatever `conversion_denominator` names) the pair has had."""
    extrapolated: bool
    extrapolated_why: str | None
    """In which way the pair lies outside of what was learned from."""
    reasons: tuple[Reason, ...]
    score: float | None = None
    """What it is ranked by, from 0 to 1, where that is a mix or there are preferences."""
    unmet: tuple[str, ...] = ()
    """Preferences that it does not meet."""


def shortlist_rows(
    view: BrandView,
    rows: npt.NDArray[np.intp],
    scores: npt.NDArray[np.float64] | None = None,
    misses: Sequence[tuple[str, npt.NDArray[np.bool_]]] = (),
) -> tuple[ShortlistRow, ...]:
    """The records of these rows of the view, ranked as given. Each column is read once.

    `scores` and `misses` (preference in words, who does not meet it) are of all rows of the view.
    """
    read = _Read(view, rows)
    told = [None] * len(rows) if scores is None else plain(scores[rows][None])[0]
    unmet = [tuple(words for words, missed in misses if missed[row]) for row in rows]
    return tuple(_row(read, i, told[i], unmet[i]) for i in range(len(rows)))


class _Read:
    """Columns of some rows as lists of plain Python values; None where unknown."""

    def __init__(self, view: BrandView, rows: npt.NDArray[np.intp]) -> None:
        matrix = view.matrix
        self.words = matrix.manifest.feature_words
        numbers = np.stack([view.column(name)[rows] for name in NUMBERS], dtype=np.float64)
        self.values: dict[str, list[Any]] = dict(zip(NUMBERS, plain(numbers), strict=True))
        for name in TEXTS:
            texts = (*view.texts(name), None)  # code -1 is the last
            self.values[name] = [texts[code] for code in view.column(name)[rows].tolist()]
        self.values["extrapolated"] = view.column("extrapolated")[rows].tolist()
        creators = view.column("creator_id")[rows]
        for name, known in matrix.creator_values.items():
            self.values[f"creator.{name}"] = known[creators].tolist()
        products = view.column("best_product_id")[rows].tolist()
        for name, known in matrix.product_values.items():
            self.values[f"product.{name}"] = [None if p < 0 else known[p] for p in products]

    def estimate(self, name: str, i: int) -> Estimate | None:
        mean = self.values[name][i]
        if mean is None:
            return None
        return Estimate(mean, self.values[f"{name}_lo80"][i], self.values[f"{name}_hi80"][i])

    def count(self, name: str, i: int) -> int | None:
        value = self.values[name][i]
        return None if value is None or value != value else round(value)

    def reasons(self, i: int) -> tuple[Reason, ...]:
        found = []
        for j in REASONS:
            parts = (self.values[f"reason{j}_{part}"][i] for part in ("feature", "value", "effect"))
            feature, value, effect = parts
            if feature is not None and effect is not None:
                found.append(reason(feature, value, effect, self.words))
        return tuple(found)


def plain(numbers: npt.NDArray[np.float64]) -> list[list[float | None]]:
    """Numbers rounded to the digits that a float32 holds, as Python floats; None for nan.

    >>> plain(np.array([[np.float32(0.053), np.nan, np.float32(12345678)]], float))
    [[0.053, None, 12345680.0]]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        magnitude = np.floor(np.log10(np.abs(numbers)))
    places = np.where(np.isfinite(magnitude), DIGITS - 1 - magnitude, 0.0)
    up, down = 10.0 ** np.maximum(places, 0), 10.0 ** np.maximum(-places, 0)
    rounded = np.round(numbers * up / down) / up * down
    objects = rounded.astype(object)
    objects[np.isnan(rounded)] = None
    return objects.tolist()


def _row(read: _Read, i: int, score: float | None, unmet: tuple[str, ...]) -> ShortlistRow:
    values = read.values
    conversion, benchmark = read.estimate("conversion_rate", i), values["benchmark_rate"][i]
    return ShortlistRow(
        rank=i + 1,
        creator_id=values["creator.creator_id"][i],
        creator_name=values["creator.name"][i],
        main_category=values["creator.main_category"][i],
        tier=values["creator.tier"][i],
        followers=read.count("creator.followers", i),
        region=values["creator.region"][i],
        agency=values["creator.agency"][i],
        conversion=conversion,
        benchmark_rate=benchmark,
        benchmark_level=values["benchmark_level"][i],
        lift=round(conversion.mean / benchmark - 1, 4) if conversion and benchmark else None,
        p_above_benchmark=values["p_above_benchmark"][i],
        impressions=read.estimate("impressions", i),
        click_through_rate=read.estimate("click_through_rate", i),
        gpm=read.estimate("gpm", i),
        gmv=read.estimate("gmv", i),
        return_rate=read.estimate("return_rate", i),
        net_gmv=read.estimate("net_gmv", i),
        profit=read.estimate("profit", i),
        new_followers=read.estimate("new_followers", i),
        repurchase_rate=read.estimate("repurchase_rate", i),
        best_product_id=values["product.product_id"][i],
        best_product_title=values["product.title"][i],
        p_accept=values["p_accept"][i],
        p_collaboration=values["p_collaboration"][i],
        quadrant=values["quadrant"][i],
        action=values["action"][i],
        evidence_sessions=read.count("evidence_sessions", i),
        evidence_denominator=read.count("evidence_clicks", i),
        extrapolated=values["extrapolated"][i],
        extrapolated_why=values["extrapolated_why"][i],
        reasons=read.reasons(i),
        score=score,
        unmet=unmet,
    )
