"""What similar creators did with an item: how much they sold, and whether beyond expectation."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from models.embeddings.collaborative import largest_dots
from models.embeddings.history import History, log1p

Vectors = npt.NDArray[np.float32]
Positions = npt.NDArray[np.intp]

CELLS = 4_000_000
"""Creators x items worked on at a time (16 MB a table)."""


@dataclass(frozen=True)
class Neighbours:
    """Each creator's similar creators and what they sold.

    `similar` is creators x creators: cosines of the nearest, never the creator itself.
    `orders` and `expected` are creators x items (see `History`); `expected` is None where the
    source knows no exposure.
    """

    similar: sparse.csr_matrix
    orders: sparse.csc_matrix
    expected: sparse.csc_matrix | None
    doubt: float

    def of(self, creator: Positions, item: Positions) -> tuple[Vectors, Vectors]:
        """For each pair: mean log(1 + orders) of similar creators, and log of their lift.

        The lift is (orders + doubt) / (expected orders + doubt), both weighted by similarity.
        nan for creators without similar ones.
        """
        sold = np.full(len(creator), np.nan, np.float32)
        lift = np.full(len(creator), np.nan, np.float32)
        weight = np.asarray(self.similar.sum(axis=1), float).ravel()
        asked, column = np.unique(item, return_inverse=True)
        order = np.argsort(creator, kind="stable")
        order = order[weight[creator[order]] > 0]
        creators, first = np.unique(creator[order], return_index=True)
        first = np.append(first, len(order))
        orders = self.orders[:, asked].tocsr()
        expected = None if self.expected is None else self.expected[:, asked].tocsr()
        step = max(1, CELLS // max(len(asked), 1))
        for start in range(0, len(creators), step):
            block = creators[start : start + step]
            rows = order[first[start] : first[start + len(block)]]
            cell = (np.searchsorted(block, creator[rows]), column[rows])
            mine = self.similar[block]
            k = (mine @ orders).toarray()[cell]
            sold[rows] = (mine @ log1p(orders)).toarray()[cell] / weight[creator[rows]]
            n = (
                self._independent(mine, asked, cell)
                if expected is None
                else ((mine @ expected).toarray()[cell])
            )
            lift[rows] = np.log((k + self.doubt) / (n + self.doubt))
        return sold, lift

    def _independent(
        self, similar: sparse.csr_matrix, items: Positions, cell: tuple[Positions, Positions]
    ) -> npt.NDArray[np.float64]:
        """Orders expected of similar creators if all sold items in the overall proportions."""
        total = max(float(self.orders.sum()), 1e-9)
        by_creator = similar @ np.asarray(self.orders.sum(axis=1), float).ravel()
        by_item = np.asarray(self.orders[:, items].sum(axis=0), float).ravel()
        return np.asarray(by_creator[cell[0]] * by_item[cell[1]] / total)


def neighbours_of(
    vectors: Vectors, history: History, k: int, pool: int, doubt: float
) -> Neighbours:
    """The k nearest creators by cosine among the `pool` with the most history.

    Rows of zeros have no neighbours. Only positive cosines count.
    """
    evidence = history.creator_evidence
    members = np.argsort(-evidence, kind="stable")[:pool]
    members = np.sort(members[(evidence[members] > 0) & vectors[members].any(axis=1)])
    seekers = np.flatnonzero(vectors.any(axis=1))
    found = members[largest_dots(vectors[seekers], vectors[members], k + 1)]
    row = np.repeat(seekers, found.shape[1])
    column = found.ravel()
    cosine = np.einsum("ij,ij->i", vectors[row], vectors[column])
    kept = (row != column) & (cosine > 0)
    shape = (len(vectors), len(vectors))
    similar = sparse.csr_matrix((cosine[kept], (row[kept], column[kept])), shape=shape)
    similar.sort_indices()
    expected = None if history.expected is None else history.expected.tocsc()
    return Neighbours(similar, history.orders.tocsc(), expected, doubt)
