"""Collaboration predictor: which creators a brand would choose, known or not, as a score.

A conditional logit on pair features, a bilinear map learned by two-way softmax (its logit is one
of those features) and LambdaMART on the same features; the scores of all three are averaged on
the scale that they have among held-out candidates. To rank by: not a probability.
The map learns from partners in their brands' place too, unless held-out brands' are found worse so.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Self

import lightgbm
import numpy as np
import pandas as pd
from scipy import sparse
from threadpoolctl import threadpool_limits

from features.errors import NotReady
from models.collaboration.answers import answered_in
from models.collaboration.choice import ConditionalLogit, Mask
from models.collaboration.occasions import (
    EARLIER,
    FOLDS,
    LEARNED_CANDIDATES,
    Occasion,
    after,
    brand_folds,
    splitting_date,
)
from models.collaboration.pair_features import (
    LEARNED,
    MATCH,
    PairFeatures,
)
from models.collaboration.partners import Floats, Positions, Side, Ties, Vectors
from models.collaboration.saved import arrays_of, pairs_and_choice

TREES: Final = "trees.txt"
ARRAYS: Final = "arrays.npz"
NUMBERS: Final = "numbers.json"
FORMAT: Final = 2
ROUNDS: Final = 150
TRUNCATION: Final = 100
"""Ranks that LambdaMART learns to fill; its cost grows with them."""
MOST_BRANDS: Final = 500
MOST_CREATORS: Final = 4_000
"""Of the history, to learn from: those with most collaborations."""
WEIGHTS: Final = (2.0, 1.0, 1.0)
"""Of conditional logit, trees and learned map in the score."""
TOLERATED: Final = 1.01
"""Share of the held-out loss that stand-ins may reach: they help to order the whole list, which
the loss hardly sees, and where partners are not like their brand they cost several hundredths."""
ROWS_AT_ONCE: Final = 200_000


class CollaborationPredictor:
    """Learned from who worked with whom; scores any brand and creator with vectors."""

    name: Final = "learned"

    def __init__(self, random_state: int = 0, num_threads: int = 1) -> None:
        self.random_state = random_state
        self.num_threads = num_threads

    def fit(
        self, brands: Side, creators: Side, ties: Ties, first: pd.DataFrame | None = None
    ) -> Self:
        """From ties (brands, creators), and when each began (`first`: brand, creator, at).

        Where the dates differ enough, later collaborations are learned from earlier ones too.
        """
        with threadpool_limits(1):  # sums in one order, whatever the machine
            return self._fit(brands, creators, ties, first)

    def _fit(self, brands: Side, creators: Side, ties: Ties, first: pd.DataFrame | None) -> Self:
        row, column = _most_tied(ties)
        brands, creators = brands.take(row), creators.take(column)
        ties = sparse.csr_matrix(ties[row][:, column])
        occasions = self._occasions(brands, creators, ties, first)
        tried = [answered_in(brands, creators, occasions, stand_ins) for stand_ins in (False, True)]
        choices = [ConditionalLogit.fitted(answered) for answered in tried]
        plain, with_them = (c.loss(a) for c, a in zip(choices, tried, strict=True))
        stand_ins = with_them < TOLERATED * plain
        answered, self.choice_ = tried[stand_ins], choices[stand_ins]
        self.trees_ = self._trees(answered)
        self.pairs_ = PairFeatures.learned(brands, creators, ties, stand_ins)
        parts = self._parts(np.concatenate([features for features, _ in answered]))
        self.centre_, self.scale_ = np.nanmean(parts, axis=0), np.nanstd(parts, axis=0)
        self.scale_[~(self.scale_ > 1e-9)] = 1.0
        return self

    def scores(
        self,
        brands: Side,
        creators: Side,
        ties: Ties,
        rows: tuple[Positions, Positions] | None = None,
    ) -> Floats:
        """A score for each pair of positions (brand, creator); by default all, brand by brand.

        nan where no vector of the creator was given. `ties` (brands, creators) are the
        collaborations known by now. NotReady when a set of vectors learned from is gone.
        """
        rows = _all_pairs(brands, creators) if rows is None else rows
        scores = np.empty(len(rows[0]))
        for at, made in self._features(brands, creators, ties, rows):
            parts = (self._parts(made) - self.centre_) / self.scale_
            scores[at] = np.average(parts, axis=1, weights=WEIGHTS)
        return scores

    def contributions(
        self, brands: Side, creators: Side, ties: Ties, rows: tuple[Positions, Positions]
    ) -> tuple[Vectors, Floats]:
        """Features (n, f) of each pair, and what each adds to its score, (n, f + 1).

        The base is in the last column; a row sums to its score, that of the trees by TreeSHAP.
        nan where the score is.
        """
        n, names = len(rows[0]), self.pairs_.names
        features = np.empty((n, len(names)), np.float32)
        added = np.empty((n, len(names) + 1))
        logit, trees, learned = np.array(WEIGHTS) / sum(WEIGHTS) / self.scale_
        for at, made in self._features(brands, creators, ties, rows):
            told = np.asarray(
                self.trees_.predict(made, pred_contrib=True, num_threads=self.num_threads)
            )
            told = trees * told
            told[:, :-1] += logit * self.choice_.contributions(made)
            for name, share in zip(LEARNED, MATCH, strict=True):
                told[:, names.index(name)] += learned * share * made[:, names.index(name)]
            told[:, -1] -= self.centre_ @ (logit, trees, learned)
            told[np.isnan(made[:, names.index("learned_hub")])] = np.nan
            features[at], added[at] = made, told
        return features, added

    def _features(
        self, brands: Side, creators: Side, ties: Ties, rows: tuple[Positions, Positions]
    ) -> Iterator[tuple[Positions, Vectors]]:
        """Some of the rows and their features at a time, brand by brand."""
        self._check(brands, creators)
        known = self.pairs_.seen_brands(brands), self.pairs_.seen_creators(creators)
        order = np.argsort(rows[0], kind="stable")
        starts = np.searchsorted(rows[0][order], np.arange(len(brands) + 1))
        waiting: list[tuple[Positions, Vectors]] = []
        for brand in np.flatnonzero(np.diff(starts)):
            at = order[starts[brand] : starts[brand + 1]]
            own = ties[brand].indices.astype(np.intp)
            made = self.pairs_.features(known[0], int(brand), known[1], rows[1][at], own)
            waiting.append((at, made))
            if sum(len(part) for part, _ in waiting) >= ROWS_AT_ONCE:
                yield _joined(waiting)
                waiting = []
        if waiting:
            yield _joined(waiting)

    def _parts(self, features: Vectors) -> Floats:
        """Conditional logit, trees, learned map: (n, 3); nan where nothing is known."""
        learned = features[:, [self.pairs_.names.index(name) for name in LEARNED]] @ MATCH
        trees = self.trees_.predict(features, num_threads=self.num_threads)
        parts = np.column_stack([self.choice_.logits(features), np.asarray(trees), learned])
        parts[np.isnan(learned)] = np.nan
        return parts

    def _occasions(
        self, brands: Side, creators: Side, ties: Ties, first: pd.DataFrame | None
    ) -> list[Occasion]:
        made = brand_folds(ties, FOLDS, self.random_state, True, LEARNED_CANDIDATES)
        return made + _later(brands, creators, first, self.random_state)

    def _trees(self, answered: Sequence[tuple[Vectors, Mask]]) -> lightgbm.Booster:
        features = np.concatenate([features for features, _ in answered])
        chosen = np.concatenate([chosen for _, chosen in answered])
        settings = {
            "objective": "lambdarank",
            "lambdarank_truncation_level": TRUNCATION,
            "learning_rate": 0.05,
            "num_leaves": 8,
            "min_data_in_leaf": int(np.clip(len(features) // 200, 1, 50)),
            "lambda_l2": 5.0,
            "feature_fraction": 0.5,
            "bagging_fraction": 0.7,
            "bagging_freq": 1,
            "seed": self.random_state,
            "num_threads": self.num_threads,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }
        groups = [len(chosen) for _, chosen in answered]
        data = lightgbm.Dataset(features, chosen.astype(int), group=groups, params=settings)
        grown = lightgbm.train(settings, data, num_boost_round=ROUNDS)
        return lightgbm.Booster(model_str=grown.model_to_string())

    def _check(self, brands: Side, creators: Side) -> None:
        views = self.pairs_.views
        gone = sorted(
            {f"creator_embeddings.{name}" for name in views.of_creators.keys() - creators.vectors}
            | {f"brand_embeddings.{name}" for name in views.of_brands.keys() - brands.vectors}
        )
        if gone:
            raise NotReady(
                f"The champion learned collaborations from {', '.join(gone)}, which the source no "
                "longer has. Run 'alliance train' first."
            )

    def save(self, folder: Path) -> None:
        """Arrays, the trees as text and a few numbers; no pickles."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays, words = arrays_of(self.pairs_, self.choice_)
        with (folder / ARRAYS).open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        (folder / TREES).write_text(self.trees_.model_to_string(), encoding="utf-8")
        numbers = {
            "format": FORMAT,
            "random_state": self.random_state,
            "num_threads": self.num_threads,
            "centre": self.centre_.tolist(),
            "scale": self.scale_.tolist(),
            **words,
        }
        text = json.dumps(numbers, indent=1, sort_keys=True, ensure_ascii=False)
        (folder / NUMBERS).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; NotReady when another version of the code wrote it."""
        told = json.loads((folder / NUMBERS).read_text(encoding="utf-8"))
        if told.get("format") != FORMAT:
            raise NotReady(
                f"The model of collaborations in {folder} was saved by another version of "
                "Alliance. Run 'alliance train' to make one that this version reads."
            )
        made = cls(told["random_state"], told["num_threads"])
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            made.pairs_, made.choice_ = pairs_and_choice(dict(arrays), told)
        made.trees_ = lightgbm.Booster(model_str=(folder / TREES).read_text(encoding="utf-8"))
        made.centre_, made.scale_ = np.array(told["centre"]), np.array(told["scale"])
        return made


def _all_pairs(brands: Side, creators: Side) -> tuple[Positions, Positions]:
    shape = np.indices((len(brands), len(creators))).reshape(2, -1)
    return shape[0].astype(np.intp), shape[1].astype(np.intp)


def _joined(parts: Sequence[tuple[Positions, Vectors]]) -> tuple[Positions, Vectors]:
    return np.concatenate([at for at, _ in parts]), np.concatenate([made for _, made in parts])


def _later(
    brands: Side, creators: Side, first: pd.DataFrame | None, random_state: int
) -> list[Occasion]:
    """What came in the last two stretches of time, each from what was known before it."""
    if first is None:
        return []
    row = pd.Index(brands.ids).get_indexer(pd.Index(first["brand_id"]))
    column = pd.Index(creators.ids).get_indexer(pd.Index(first["creator_id"]))
    known = (row >= 0) & (column >= 0)
    row, column, at = row[known], column[known], first["at"][known]
    cuts = [splitting_date(at, share) for share in (2 * EARLIER - 1, EARLIER)]
    dates = sorted({cut for cut in cuts if cut is not None})
    shape = (len(brands), len(creators))
    ends: list[pd.Timestamp | None] = [*dates[1:], None]
    return [
        after(row, column, at, shape, cut, end, random_state, LEARNED_CANDIDATES)
        for cut, end in zip(dates, ends, strict=False)  # without a date there is one end too many
    ]


def _most_tied(ties: Ties) -> tuple[Positions, Positions]:
    """Brands and creators with a tie; where there are too many, those with most, in order."""
    of_brand = np.diff(ties.indptr)
    row = np.sort(np.argsort(-of_brand, kind="stable")[:MOST_BRANDS])
    row = row[of_brand[row] > 0]
    of_creator = np.diff(ties[row].tocsc().indptr)
    column = np.sort(np.argsort(-of_creator, kind="stable")[:MOST_CREATORS])
    return row, column[of_creator[column] > 0]
