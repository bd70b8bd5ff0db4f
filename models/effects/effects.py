"""Effects as features of a pair: what creator, item and their fit each add."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.special import expit
from threadpoolctl import threadpool_limits

from features.registry import (
    CATEGORY_FIT,
    CREATOR_CONVERSION,
    PRODUCT,
    PRODUCT_HISTORY,
    TRAFFIC,
    Feature,
    Unit,
)
from models.effects.ascent import crossed
from models.effects.content import known_content
from models.effects.crossed import Content, Crossed, Positions, Seen
from models.effects.lines import Floats
from models.embeddings.products import VectorProduct

Values = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Measure:
    """A rate that is taken apart: its successes and trials, as the history names them."""

    name: str
    successes: str
    trials: str
    is_rate: bool
    unit: Unit
    groups: tuple[str, str, str, str]
    """Of what the item, the creator, their fit and their own history say."""
    verb: str
    usually: str
    """What happens at the rate, and how often, in words."""


SELLS = (PRODUCT, CREATOR_CONVERSION, CATEGORY_FIT, PRODUCT_HISTORY)
MEASURES = (
    Measure(
        name="conversion",
        successes="converted",
        trials="denominator",
        is_rate=True,
        unit="share",
        groups=SELLS,
        verb="sells",
        usually="sells to {value} of {denominator}",
    ),
    Measure(
        name="click_through",
        successes="clicks",
        trials="clicked_impressions",
        is_rate=True,
        unit="share",
        groups=SELLS,
        verb="is clicked",
        usually="is clicked at {value} of impressions",
    ),
    Measure(
        name="impressions_per_line",
        successes="impressions",
        trials="shown",
        is_rate=False,
        unit="count",
        groups=(TRAFFIC,) * 4,
        verb="is shown",
        usually="is shown {value} times a session",
    ),
)
"""Rates that are taken apart, by the names that features call them."""


def features_of(measure: Measure) -> tuple[Feature, ...]:
    """The columns of one measure: its parts, in order."""
    rows: tuple[tuple[str, str, Unit], ...] = (
        ("item_usual", f"with a usual creator the product {measure.usually}", measure.unit),
        (
            "creator_effect",
            "what this creator shows {verb} {value} times as often as with a usual one",
            "log",
        ),
        (
            "fit_effect",
            "this category {verb} {value} times as often as what else the creator shows",
            "log",
        ),
        (
            "pair_effect",
            "this very product {verb} {value} times as often here as product and creator suggest",
            "log",
        ),
    )
    return tuple(
        Feature(f"{part}_{measure.name}", group, words.replace("{verb}", measure.verb), unit)
        for (part, words, unit), group in zip(rows, measure.groups, strict=True)
    )


EFFECT_FEATURES: tuple[Feature, ...] = tuple(
    feature for measure in MEASURES for feature in features_of(measure)
)
"""The columns of `Effects.of`, in order."""


@dataclass(frozen=True)
class Effects:
    """The parts of each measure as of one date; a measure nothing is known of is left out."""

    parts: Mapping[str, "Parts"]

    def of(self, creators: Positions, items: Positions) -> Values:
        """(n, len(EFFECT_FEATURES)) for n pairs of positions; nan where a measure is unknown."""
        width = len(EFFECT_FEATURES) // len(MEASURES)
        result = np.full((len(creators), len(EFFECT_FEATURES)), np.nan, np.float32)
        for place, measure in enumerate(MEASURES):
            if measure.name in self.parts:
                columns = slice(place * width, (place + 1) * width)
                result[:, columns] = self.parts[measure.name].of(creators, items)
        return result

    def conversion(self) -> tuple[npt.NDArray[np.float64], VectorProduct] | None:
        """Each creator's own effect on conversion, and its fit with an item; None if unknown."""
        parts = self.parts.get("conversion")
        if parts is None:
            return None
        no_category = parts.cell.shape[1] - 1
        category = np.where(parts.content.category < 0, no_category, parts.content.category)
        fit = VectorProduct(
            parts.cell.astype(np.float32), np.eye(no_category + 1, dtype=np.float32), category
        )
        return parts.creator, fit


@dataclass(frozen=True)
class Parts:
    """One measure taken apart, ready to be looked up; cells have a last column of no category."""

    content: Content
    usual: npt.NDArray[np.float64]
    """Of each item at a usual creator: the rate itself."""
    creator: npt.NDArray[np.float64]
    cell: npt.NDArray[np.float64]
    distance_slope: float
    pair: sparse.csr_matrix

    def of(self, creators: Positions, items: Positions) -> Values:
        category = self.content.category[items]
        distance = self.content.distance(creators, items)
        own = self.pair[creators, items] if len(creators) else np.zeros((1, 0))
        return np.column_stack(
            [
                self.usual[items],
                self.creator[creators],
                self.cell[creators, category] + self.distance_slope * distance,
                np.asarray(own).ravel(),
            ]
        ).astype(np.float32)


def fit_effects(
    history: pd.DataFrame,
    evenings: pd.Series,
    creators: pd.DataFrame,
    items: pd.DataFrame,
    similarities: Mapping[str, VectorProduct],
    given: Mapping[str, pd.DataFrame],
) -> Effects:
    """Effects of the tables' creators and items as of the date that `history` ends before.

    `history` is what `features.history.creator_item_history` gives, `evenings` what
    `creator_evenings` gives; pairs outside the tables are left out. `similarities` are the products
    of the embeddings of the same date. What creators choose and what they get clicked for help to
    tell the fit from which they sell.
    """
    row = creators.index.get_indexer(pd.Index(history["creator_id"]))
    column = items.index.get_indexer(pd.Index(history["item_id"]))
    there = (row >= 0) & (column >= 0)
    row, column, past = row[there], column[there], history[there]
    if not len(past):
        return Effects({})
    known = (
        np.bincount(row, minlength=len(creators)) > 0,
        np.bincount(column, minlength=len(items)) > 0,
    )
    content = known_content(creators, items, similarities, given, known)
    of_creator = evenings.reindex(creators.index).fillna(1.0).to_numpy(float)
    parts: dict[str, Parts] = {}
    for measure in reversed(MEASURES):
        seen = _seen(past, row, column, of_creator, measure)
        if len(seen) and seen.successes.sum() > 0:
            with threadpool_limits(1):  # sums in one order, whatever the machine
                found = crossed(seen, content, is_rate=measure.is_rate)
            parts[measure.name] = _parts(found, seen, content, measure)
            if measure.name == "click_through":  # a sign of what sells, for the measure after it
                cells = np.concatenate([content.cells, found.cell[:, :, None]], axis=2)
                content = replace(content, cells=cells)
    return Effects(parts)


def _seen(
    past: pd.DataFrame, row: Positions, column: Positions, evenings: Floats, measure: Measure
) -> Seen:
    """Counts worth as much as today's: decayed rates of the effective number of trials."""
    trials = past[f"effective_{measure.trials}"].to_numpy(float)
    successes, decayed = (
        past[f"decayed_{name}"].to_numpy(float) for name in (measure.successes, measure.trials)
    )
    lines = past[f"lines_of_{measure.trials}"].to_numpy(float)
    told = np.isfinite(trials) & (trials > 0) & np.isfinite(successes)
    rate = np.divide(successes, decayed, out=np.zeros(len(past)), where=told)
    if measure.is_rate:
        rate = np.clip(rate, 0, 1)
    return Seen(row[told], column[told], (rate * trials)[told], trials[told], lines[told], evenings)


def _parts(found: Crossed, seen: Seen, content: Content, measure: Measure) -> Parts:
    usual = found.level + found.item
    shape = (len(found.creator), len(found.item))
    nothing = np.zeros((shape[0], 1))
    return Parts(
        content=content,
        usual=expit(usual) if measure.is_rate else np.exp(usual),
        creator=found.creator,
        cell=np.hstack([found.cell, nothing]),
        distance_slope=found.distance_slope,
        pair=sparse.csr_matrix((found.pair, (seen.creator, seen.item)), shape=shape),
    )
