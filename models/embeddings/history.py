"""The history of creators with items as sparse matrices: offered, ordered, expected."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

Counts = npt.NDArray[np.float64]


@dataclass(frozen=True)
class History:
    """Creators x items, all of one shape and one pattern: pairs that were ever offered.

    `orders` and `lines` are decayed by age. `expected` is the orders a pair would have had if
    this creator and this item had no affinity beyond their own levels; None when the source
    says nothing of the exposure of a pair, and then expected orders are creator x item / all.
    """

    orders: sparse.csr_matrix
    lines: sparse.csr_matrix
    expected: sparse.csr_matrix | None

    @property
    def creator_evidence(self) -> Counts:
        """Decayed lines of each creator; 0 without history."""
        return np.asarray(self.lines.sum(axis=1), float).ravel()

    @property
    def item_evidence(self) -> Counts:
        """Decayed lines of each item; 0 without history."""
        return np.asarray(self.lines.sum(axis=0), float).ravel()

    def sold(self) -> sparse.csr_matrix:
        """log(1 + orders): how much a pair has sold, big sellers damped."""
        return log1p(self.orders)

    def chosen(self) -> sparse.csr_matrix:
        """log(1 + lines): how often the creator chose the item, sold or not."""
        return log1p(self.lines)

    def attention(self) -> sparse.csr_matrix:
        """What a creator's attention goes to: sales first, choices where nothing sold."""
        return sparse.csr_matrix(self.sold() + 0.1 * self.chosen())


def log1p(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """log(1 + value) of every entry."""
    logs = matrix.copy()
    logs.data = np.log1p(logs.data)
    return logs


def history_matrices(
    history: pd.DataFrame, creator_ids: "pd.Index[str]", item_ids: "pd.Index[str]"
) -> History:
    """Matrices of a history frame, rows and columns in the order of the ids.

    `history` has creator_id, item_id, lines, orders, and where known decayed_lines,
    decayed_orders and decayed_denominator (nan where exposure is unknown). Creators and items
    not among the ids are left out.
    """
    row = creator_ids.get_indexer(pd.Index(history["creator_id"]))
    column = item_ids.get_indexer(pd.Index(history["item_id"]))
    kept = (row >= 0) & (column >= 0)
    row, column = row[kept], column[kept]
    shape = (len(creator_ids), len(item_ids))

    def matrix(values: Counts) -> sparse.csr_matrix:
        built = sparse.csr_matrix((values, (row, column)), shape=shape)
        built.sort_indices()
        return built

    lines = _values(history, "decayed_lines", "lines")[kept]
    orders = np.nan_to_num(_values(history, "decayed_orders", "orders")[kept])
    exposure = _values(history, "decayed_denominator")[kept]
    expected = None
    if np.nansum(exposure) > 0:
        expected = matrix(_expected(row, column, orders, exposure, shape))
    return History(matrix(np.maximum(orders, 0)), matrix(np.maximum(lines, 1e-3)), expected)


def _values(history: pd.DataFrame, *names: str) -> Counts:
    for name in names:
        if name in history.columns:
            return pd.to_numeric(history[name]).to_numpy(float, na_value=np.nan)
    return np.full(len(history), np.nan)


def _expected(
    row: npt.NDArray[np.intp],
    column: npt.NDArray[np.intp],
    orders: Counts,
    exposure: Counts,
    shape: tuple[int, int],
    doubt: float = 5.0,
) -> Counts:
    """Exposure x the creator's rate x the item's lift over its creators' rates.

    Both are shrunk by `doubt` expected orders: towards the overall rate, and towards no lift.
    A pair of unknown exposure counts as shown just enough for its orders.
    """
    shown_known = np.isfinite(exposure)
    overall = max(orders[shown_known].sum(), 1e-9) / exposure[shown_known].sum()
    exposure = np.where(shown_known, exposure, orders / overall)
    sold = np.bincount(row, orders, shape[0])
    shown = np.bincount(row, exposure, shape[0])
    rate = (sold + doubt) / (shown + doubt / overall)
    by_creator = exposure * rate[row]
    lift = (np.bincount(column, orders, shape[1]) + doubt) / (
        np.bincount(column, by_creator, shape[1]) + doubt
    )
    return by_creator * lift[column]
