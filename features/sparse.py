"""Sparse rows found fast: from two positions to the row of a pair that has history."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

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


def sparse_frame(table: pa.Table, ids: Mapping[str, tuple[pd.Index, pd.Index]]) -> pd.DataFrame:
    """A frame of float32, sorted by the two keys of the table that `ids` knows.

    `ids` tells of every key which ids its codes are places of, and which of these are kept.
    """
    names = [name for name in table.column_names if name in ids]
    places = [_places(*ids[name])[table[name].to_numpy()] for name in names]
    packed = places[0] * len(ids[names[1]][1]) + places[1]
    order = np.argsort(packed)
    order = order[(places[0][order] >= 0) & (places[1][order] >= 0)]
    levels = [ids[name][1] for name in names]
    index = pd.MultiIndex(
        levels=levels,  # type: ignore[arg-type]  # an Index is what it wants
        codes=[place[order] for place in places],
        names=[level.name for level in levels],
        verify_integrity=False,
    )
    measures = [name for name in table.column_names if name not in ids]
    rows = np.empty((len(measures), len(order)), dtype=np.float32)
    for row, name in zip(rows, measures, strict=True):
        row[:] = table[name].to_numpy()[order]
    return pd.DataFrame(rows.T, index=index, columns=measures, copy=False)


def _places(all_ids: pd.Index, kept: pd.Index) -> Positions:
    """Per code of `all_ids`, its place among those kept; -1 for the others."""
    return np.asarray(kept.get_indexer(all_ids), dtype=np.int64)
