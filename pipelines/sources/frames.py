"""Frames of what was read: every value as it was written, nothing rounded on the way."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_NULLABLE = {
    pa.int8(): pd.Int8Dtype(),
    pa.int16(): pd.Int16Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.uint8(): pd.UInt8Dtype(),
    pa.uint16(): pd.UInt16Dtype(),
    pa.uint32(): pd.UInt32Dtype(),
    pa.uint64(): pd.UInt64Dtype(),
}
"""Whole numbers stay whole beside nulls, so that a 19-digit id keeps its last digits."""

FIRST_ROW = 2
"""The header is row 1, the first record row 2."""


def arrow_frame(table: pa.Table) -> pd.DataFrame:
    """An Arrow table as a frame, numbered as a person counts rows."""
    arrays = [_plain(column) for column in table.columns]
    table = pa.Table.from_arrays(arrays, names=table.column_names)
    frame = table.to_pandas(types_mapper=_NULLABLE.get, ignore_metadata=True)
    frame.index = pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(frame))
    return frame


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_decimal(column.type):
        return column.cast(pa.float64())
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        return column.cast(pa.timestamp("us", column.type.tz), safe=False)
    if pa.types.is_date(column.type):
        return column.cast(pa.timestamp("us"))
    return column


def rows_frame(
    names: Sequence[str], rows: Sequence[Sequence[Any]], numbers: Sequence[int] | None = None
) -> pd.DataFrame:
    """Rows of Python values as a frame; a column of mixed kinds keeps its values as they are.

    `numbers` are the row numbers; without them the first row is row 2.
    """
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    frame = (
        pd.concat([_column(values) for values in columns], axis=1, ignore_index=True)
        if names
        else pd.DataFrame()
    )
    frame.columns = pd.Index(names)
    start = FIRST_ROW
    frame.index = pd.Index(numbers if numbers is not None else range(start, start + len(rows)))
    return frame


def _column(values: Sequence[Any]) -> pd.Series:
    try:
        array = pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pd.Series(list(values), dtype=object)
    if pa.types.is_nested(array.type) or pa.types.is_null(array.type):
        return pd.Series(list(values), dtype=object)
    return arrow_frame(pa.table({"value": array}))["value"].reset_index(drop=True)


def among(ids: pd.Series, known: pd.Series) -> np.ndarray:
    """Which ids are known; through Arrow, which pandas' own `isin` leaves for Python lists."""
    wanted = pa.array(ids, type=pa.string(), from_pandas=True)
    values = pa.array(known.dropna(), type=pa.string(), from_pandas=True)
    return np.array(pc.is_in(wanted, value_set=values))
