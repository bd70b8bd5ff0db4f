"""Where a score of collaborating leaves what it was learned from: which brands and creators."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.collaboration.partners import Positions, Side, Ties, Vectors
from models.collaboration.predictor import CollaborationPredictor
from models.collaboration.views import View
from pipelines.collaborations.rules import PAST, rule_of

FAR: Final = 0.01
"""Share of those learned from that are as unlike their nearest one as what counts as far."""
FEWEST: Final = 10
"""Vectors learned from below which nobody can be said to be far from them."""
CHUNK: Final = 2048

Words = npt.NDArray[np.object_]


def reach(
    brands: Side,
    creators: Side,
    ties: Ties,
    predictor: CollaborationPredictor | None,
    rows: tuple[Positions, Positions],
) -> Words:
    """In which way each pair of brand and creator lies outside, as words; None where inside.

    Without any vector of a set that was learned from; or, by any set, less alike its nearest one
    learned from than 99 of 100 of those are alike theirs (cosine). Where a rule ranks: without
    what the rule goes by.
    """
    if predictor is None:
        of_brands, of_creators = _of_rule(brands, creators, ties)
    else:
        pairs = predictor.pairs_
        of_brands = _outside(brands, pairs.brands, pairs.views.of_brands, "brand")
        of_creators = _outside(creators, pairs.creators, pairs.views.of_creators, "creator")
    told = np.stack([of_brands[rows[0]], of_creators[rows[1]]])
    both = np.asarray(pd.notna(told))
    words = np.where(both[0], told[0], told[1])
    together = both.all(axis=0)
    words[together] = told[0][together] + "; " + told[1][together]
    return words


def bare(side: Side, sets: Iterable[str]) -> npt.NDArray[np.bool_]:
    """Who has no vector in any of the sets."""
    given = np.zeros(len(side), dtype=bool)
    for name in sets:
        given |= _given(side.vectors[name])
    return ~given


def _of_rule(brands: Side, creators: Side, ties: Ties) -> tuple[Words, Words]:
    of_brands, of_creators = (np.full(len(side), None, object) for side in (brands, creators))
    if rule_of(brands, creators, ties) == PAST:
        of_brands[brands.category == ""] = "the brand's industry is not known"
        alone = np.bincount(ties.indices, minlength=len(creators)) == 0
        of_creators[alone] = "the creator has no collaboration to go by"
        return of_brands, of_creators
    no_past = np.diff(ties.indptr) == 0
    nothing = bare(brands, brands.vectors) & no_past
    of_brands[nothing] = "neither a vector nor a past of the brand is known"
    of_creators[bare(creators, creators.vectors)] = "no vector of the creator was given"
    return of_brands, of_creators


def _outside(side: Side, learned: Side, views: Mapping[str, View], noun: str) -> Words:
    words = np.full(len(side), None, object)
    new = ~np.isin(side.ids, learned.ids)
    for name, view in views.items():
        own = view.plain(learned.vectors[name][_given(learned.vectors[name])])
        if len(own) < FEWEST:
            continue
        usual = np.quantile(_nearest(own, own, itself=True), FAR)
        asked = np.flatnonzero(new & _given(side.vectors[name]))
        far = _nearest(view.plain(side.vectors[name][asked]), own) < usual
        words[asked[far]] = f"the {noun}'s {name} is unlike all that were learned from"
    if views:
        words[bare(side, views)] = f"no vector of the {noun} was given"
    return words


def _nearest(asked: Vectors, own: Vectors, itself: bool = False) -> npt.NDArray[np.float64]:
    """Highest cosine of each with any of `own`; with `itself`, row i is own's row i, left out."""
    found = []
    for start in range(0, len(asked), CHUNK):
        close = asked[start : start + CHUNK] @ own.T
        if itself:
            close[np.arange(len(close)), start + np.arange(len(close))] = -np.inf
        found.append(close.max(axis=1).astype(float))
    return np.concatenate([*found, np.zeros(0)])


def _given(vectors: Vectors) -> npt.NDArray[np.bool_]:
    return np.asarray(np.isfinite(vectors).all(axis=1))
