"""Brands and creators as a collaboration model sees them, and who worked with whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from models.embeddings.given import unit

Vectors = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]
Texts = npt.NDArray[np.str_]
Ties: TypeAlias = sparse.csr_matrix
"""1 where a brand (row) and a creator (column) ever collaborated."""

HAPPENED = ("accepted", "sampled", "aired")


@dataclass(frozen=True)
class Side:
    """Brands, or creators: ids, a category each ('' unknown) and their given vectors.

    A vector that was not given is a row of nan.
    """

    ids: Texts
    category: Texts
    vectors: Mapping[str, Vectors]

    @classmethod
    def of(
        cls,
        ids: Sequence[str],
        category: Sequence[str] | None,
        given: Mapping[str, pd.DataFrame],
    ) -> Self:
        """Vectors by set are frames indexed by id; rows of zeros count as not given."""
        return cls(
            np.array(ids, dtype=np.str_),
            np.array([""] * len(ids) if category is None else category, dtype=np.str_),
            {name: _given(frame, ids) for name, frame in sorted(given.items()) if len(frame)},
        )

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, positions: Positions) -> Self:
        vectors = {name: v[positions] for name, v in self.vectors.items()}
        return type(self)(self.ids[positions], self.category[positions], vectors)


def _given(frame: pd.DataFrame, ids: Sequence[str]) -> Vectors:
    frame = frame[~frame.index.duplicated(keep="last")]
    vectors = frame.reindex(pd.Index(ids)).to_numpy(np.float32, na_value=np.nan).copy()
    vectors[~(np.abs(np.nan_to_num(vectors)).sum(axis=1) > 0)] = np.nan
    return vectors


def tied(
    brand_ids: Sequence[str] | Texts, creator_ids: Sequence[str] | Texts, pairs: pd.DataFrame
) -> Ties:
    """The pairs (brand_id, creator_id) as a table; ids that are not asked for are left out."""
    row = pd.Index(brand_ids).get_indexer(pd.Index(pairs["brand_id"]))
    column = pd.Index(creator_ids).get_indexer(pd.Index(pairs["creator_id"]))
    known = (row >= 0) & (column >= 0)
    shape = (len(brand_ids), len(creator_ids))
    ties = sparse.csr_matrix((np.ones(known.sum()), (row[known], column[known])), shape=shape)
    ties.data[:] = 1
    return ties


def first_collaborations(history: pd.DataFrame) -> pd.DataFrame:
    """brand_id, creator_id and `at` of the first time that each pair's collaboration happened."""
    happened = history[history["status"].isin(HAPPENED)].sort_values("at", kind="stable")
    return happened.drop_duplicates(["brand_id", "creator_id"])[["brand_id", "creator_id", "at"]]


def directions(vectors: Vectors) -> Vectors:
    """Rows of length 1; rows of nan or zeros become zeros, which are close to nothing."""
    return unit(np.nan_to_num(vectors))
