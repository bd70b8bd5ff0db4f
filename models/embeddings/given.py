"""Vectors made elsewhere (text, image, hashtags), for creators and for brands.

A set given on both sides compares a creator with a brand directly. A set given on one side only
is compared with history: a brand with the brands the creator has sold, a creator with the
creators who have sold the brand. Its raw coordinates are never features: they depend on how the
set happened to be rotated, cosines do not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class GivenVectors:
    """The given sets in the order of the ids: unit vectors, rows of zeros where not given."""

    creators: Mapping[str, Vectors]
    brands: Mapping[str, Vectors]

    def both(self) -> tuple[Vectors, Vectors] | None:
        """Creators and brands in the sets given on both sides, side by side; None if none is."""
        names = [
            name
            for name in self.creators
            if name in self.brands and self.creators[name].shape[1] == self.brands[name].shape[1]
        ]
        if not names:
            return None
        return (
            np.hstack([self.creators[name] for name in names]),
            np.hstack([self.brands[name] for name in names]),
        )


def given_vectors(
    given: Mapping[str, pd.DataFrame], creator_ids: Sequence[str], brand_ids: Sequence[str]
) -> GivenVectors:
    """The sets of tables named `creator_embeddings.<set>` and `brand_embeddings.<set>`.

    A table has `id` (a column or the index) and e0, e1, ...; sets come in the order of their
    names. Ids that are not asked for are left out.
    """

    def of(family: str, ids: Sequence[str]) -> dict[str, Vectors]:
        return {
            name.partition(".")[2]: _in_order(given[name], ids)
            for name in sorted(given)
            if name.partition(".")[0] == family and len(given[name])
        }

    return GivenVectors(of("creator_embeddings", creator_ids), of("brand_embeddings", brand_ids))


def compact(sets: Mapping[str, Vectors], size: int = 32) -> dict[str, Vectors]:
    """Each set on its `size` main directions.

    Meant as content for a regression, where rotation is harmless and width is not.
    """
    compacted = {}
    for name, vectors in sets.items():
        if vectors.shape[1] > size:
            _, directions = np.linalg.eigh(vectors.T.astype(float) @ vectors)
            compacted[name] = np.asarray(vectors @ directions[:, -size:], np.float32)
        else:
            compacted[name] = vectors
    return compacted


def history_match(
    attention: sparse.csr_matrix, sets: Mapping[str, Vectors]
) -> tuple[Vectors, Vectors] | None:
    """Rows' attention-weighted mean vectors and the columns' own vectors; None without sets.

    `attention` is e.g. creators x brands. Rows without attention to a given vector are zero.
    """
    if not sets:
        return None
    own = np.hstack(list(sets.values()))
    means = [unit(np.asarray(attention @ vectors, np.float32)) for vectors in sets.values()]
    return np.hstack(means), own


def unit(vectors: Vectors) -> Vectors:
    """Rows of length 1; rows of zeros stay zeros."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(length > 1e-9, length, 1), np.float32)


def _in_order(table: pd.DataFrame, ids: Sequence[str]) -> Vectors:
    frame = table.set_index("id") if "id" in table.columns else table
    columns = sorted(
        (c for c in frame.columns if str(c)[:1] == "e" and str(c)[1:].isdigit()),
        key=lambda c: int(str(c)[1:]),
    )
    frame = frame[~frame.index.duplicated(keep="last")]
    rows = frame[columns].reindex(pd.Index(ids)).to_numpy(np.float32, na_value=np.nan)
    return unit(np.nan_to_num(rows))
