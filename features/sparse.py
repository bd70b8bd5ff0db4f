"""Sparse rows found fast: from two positions to the row of a pair that has history."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Positions = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SparseRows:
    """Columns of a frame of pairs; pairs without a row read zero (`last_day`: nan)."""

    keys: Positions
    width: int
    columns: Mapping[str, npt.NDArray[np.float32]]

    def rows(self, left: Positions, right: Positions) -> Positions:
        """The row of each (left, right); the last, empty row where there is none (or right < 0)."""
        wanted = np.where(right >= 0, left * self.width + right, -1)
        found = np.searchsorted(self.keys, wanted)
        missing = len(self.keys)
        if missing == 0:
            return np.zeros(len(wanted), dtype=np.int64)
        close = np.minimum(found, missing - 1)
        return np.where(self.keys[close] == wanted, close, missing)


def sparse_rows(frame: pd.DataFrame, left_ids: pd.Index, right_ids: pd.Index) -> SparseRows:
    """Rows of a frame indexed by (left id, right id), findable by positions in the two indexes."""
    index = frame.index
    assert isinstance(index, pd.MultiIndex)
    left = left_ids.get_indexer(index.levels[0])[index.codes[0]]
    right = right_ids.get_indexer(index.levels[1])[index.codes[1]]
    width = max(len(right_ids), 1)
    known = (left >= 0) & (right >= 0)
    keys = (left.astype(np.int64) * width + right)[known]
    order = np.argsort(keys, kind="stable")
    columns = {}
    for name in frame.columns:
        values = frame[name].to_numpy(dtype=np.float32, na_value=np.nan)[known][order]
        empty = np.nan if name == "last_day" else 0.0
        if name != "last_day":
            values = np.nan_to_num(values, copy=False, nan=0.0)
        columns[name] = np.append(values, np.float32(empty))
    return SparseRows(keys[order], width, columns)
