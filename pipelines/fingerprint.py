"""Fingerprint: a table in its one stored form, and a name for what facts hold."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from features.contract import ARROW_TYPES, Table, table_named
from features.facts import Meaning

LENGTH = 16
"""Hex digits of a fingerprint: 64 bits, enough to tell versions of facts apart."""


def arrow_table(
    name: str, frame: pd.DataFrame, days: pd.Series | None = None
) -> tuple[pa.Table, pd.Series | None]:
    """The table as it is stored: contract types and order, rows sorted by day, then by key.

    Columns without any value are left out. Also the day of each row, in the same order.
    """
    contract = table_named(name)
    assert contract is not None, name
    by = [key for key in contract.key if key in frame]
    if days is not None:
        frame, by = frame.assign(**{"<day>": days}), ["<day>", *by]
    frame = frame.sort_values(by, kind="stable", na_position="first")
    columns = stored_columns(contract, frame)
    schema = pa.schema([(c, _arrow_type(contract, c)) for c in columns])
    table = pa.Table.from_pandas(frame[columns], schema=schema, preserve_index=False)
    return table.replace_schema_metadata(None), None if days is None else frame["<day>"]


def stored_columns(contract: Table, frame: pd.DataFrame) -> list[str]:
    """The contract's columns that hold any value, in contract order; open-ended ones last."""
    known = [column.name for column in contract.columns if column.name in frame]
    rest = [
        name for name in frame.columns if name not in known and contract.column(name) is not None
    ]
    rest.sort(key=lambda name: (int(name[1:]) if name[1:].isdigit() else -1, name))
    return [name for name in [*known, *rest] if frame[name].notna().any()]


def _arrow_type(contract: Table, name: str) -> pa.DataType:
    column = contract.column(name)
    assert column is not None, name
    return ARROW_TYPES[column.kind]


def fingerprint(tables: Mapping[str, pa.Table], meaning: Meaning) -> str:
    """A name for the content: equal tables read in the same way have equal names."""
    digest = hashlib.sha256(json.dumps(asdict(meaning), sort_keys=True).encode())
    for name, table in sorted(tables.items()):
        digest.update(f"\n{name} {table.num_rows}".encode())
        for column in table.column_names:
            digest.update(f"\n{column}".encode())
            _update(digest, table[column].combine_chunks())
    return digest.hexdigest()[:LENGTH]


def _update(digest: "hashlib._Hash", array: pa.Array) -> None:
    """Feed which values are null, then the values, in a form that padding cannot change."""
    digest.update(np.packbits(array.is_null().to_numpy(zero_copy_only=False)).tobytes())
    if not pa.types.is_string(array.type):
        if pa.types.is_timestamp(array.type):
            array = array.cast(pa.int64())
        digest.update(array.fill_null(0).to_numpy(zero_copy_only=False).tobytes())
        return
    text = array.fill_null("")
    digest.update(pc.binary_length(text).to_numpy(zero_copy_only=False).tobytes())
    _, offsets, data = text.buffers()
    if data is not None and len(text):
        ends = np.frombuffer(offsets, np.int32)[[text.offset, text.offset + len(text)]]
        digest.update(memoryview(data)[ends[0] : ends[1]])
