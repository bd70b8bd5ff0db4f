"""Cells: a column as it was written becomes a column of its contract kind, wrong cells named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from features.contract import Column
from pipelines.sources.parsers import MISSING_MARKS, PARSERS, Parsed, parse_column

EARLIEST, LATEST = pd.Timestamp("2000-01-01"), pd.Timestamp("2101-01-01")
LARGEST_COUNT = 2.0**53
_ISO = r"\d{4}-?\d{2}-?\d{2}(?:[T ].*)?"
_OFFSET = r".*[T ]\d{2}.*(?:Z|z|[+-]\d{2}(?::?\d{2})?)"


@dataclass(frozen=True)
class Wrong:
    """Cells of one column that break one rule: where they are and what the rule expects."""

    at: np.ndarray
    found: Sequence[str]
    expected: str


@dataclass(frozen=True)
class TypedColumn:
    """The values in the contract's kind, null where a cell is wrong or empty."""

    values: pd.Series
    wrong: tuple[Wrong, ...]


def typed_column(
    written: pd.Series,
    column: Column,
    zone: str | None,
    parse: str | None = None,
    *,
    mapped: bool = False,
) -> TypedColumn:
    """The column in its kind, and every wrong cell. `mapped` columns may use missing marks."""
    words = column.kind in ("id", "text")
    cells = (
        written if not words and parse is None and _is_typed(written, column) else _text(written)
    )
    if mapped:
        cells = cells.mask(cells.isin(MISSING_MARKS))
    if words:
        values, wrong = _words(cells, column)
    elif column.kind == "time":
        values, wrong = _times(cells, zone)
    else:
        values, wrong = _numbers(cells, column, parse)
    if column.required:
        wrong.append((cells.isna().to_numpy(), column.expected))
    return TypedColumn(
        values.reset_index(drop=True),
        tuple(_wrong(cells, mask, expected) for mask, expected in wrong if mask.any()),
    )


def _is_typed(written: pd.Series, column: Column) -> bool:
    """Whether the cells already are times or numbers, and need not pass through text."""
    return _is_time(written) if column.kind == "time" else _is_numeric(written)


def _is_time(written: pd.Series) -> bool:
    return isinstance(written.dtype, pd.DatetimeTZDtype) or written.dtype.kind == "M"


def _is_numeric(written: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(written) and not pd.api.types.is_bool_dtype(written)


def _wrong(cells: pd.Series, mask: np.ndarray, expected: str) -> Wrong:
    at = np.flatnonzero(mask)
    texts = [_cell_text(cell) for cell in cells.iloc[at]]
    found = ["empty" if text is None else f"'{text[:60]}'" for text in texts]
    return Wrong(at, found, expected)


def _text(written: pd.Series) -> pd.Series:
    """What a person would read in each cell, trimmed; empty cells are null."""
    if isinstance(written.dtype, pd.StringDtype):
        text = written.astype("str")
    elif _is_time(written):
        text = written.astype("str").where(written.notna())
    elif pd.api.types.is_integer_dtype(written.dtype):
        text = written.astype("string").astype("str")
    elif pd.api.types.is_float_dtype(written.dtype):
        text = _float_text(written.astype("float64"))
    else:
        text = pd.Series([_cell_text(cell) for cell in written], index=written.index, dtype="str")
    text = text.str.strip()
    empty = text == ""
    return text.mask(empty) if empty.any() else text


def _float_text(written: pd.Series) -> pd.Series:
    whole = (written % 1 == 0) & (written.abs() < LARGEST_COUNT)
    if (whole | written.isna()).all():
        return written.astype("Int64").astype("string").astype("str")
    return pd.Series([_cell_text(cell) for cell in written], index=written.index, dtype="str")


def _cell_text(cell: object) -> str | None:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return None
    if isinstance(cell, float):
        if np.isnan(cell):
            return None
        number = float(cell)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    return str(cell)


def _words(text: pd.Series, column: Column) -> tuple[pd.Series, list[tuple[np.ndarray, str]]]:
    if not column.one_of:
        return text, []
    unknown = text.notna() & ~text.isin(column.one_of)
    return text.mask(unknown), [(unknown.to_numpy(), column.expected)]


def _numbers(
    cells: pd.Series, column: Column, parse: str | None
) -> tuple[pd.Series, list[tuple[np.ndarray, str]]]:
    wrong: list[tuple[np.ndarray, str]] = []
    refused = np.zeros(len(cells), bool)
    if parse is not None:
        parsed = parse_column(cells, PARSERS[parse])
        numbers = parsed.values
        refused = cells.index.isin(list(parsed.refused))
        wrong += _refused(cells, parsed, column)
    elif _is_numeric(cells):
        numbers = cells.astype("Float64").astype("float64")
    else:
        numbers = _parsed(cells)
    values = numbers.to_numpy(dtype="float64", na_value=np.nan)
    bad = cells.notna().to_numpy() & ~refused & ~np.isfinite(values)
    bad |= _outside(values, column)
    wrong.append((bad, column.expected))
    clean = pd.Series(np.where(bad | ~np.isfinite(values), np.nan, values), index=cells.index)
    return clean.astype("Int64") if column.kind == "count" else clean, wrong


def _refused(text: pd.Series, parsed: Parsed, column: Column) -> list[tuple[np.ndarray, str]]:
    """The refused cells of each reason (which starts with the quoted cell, known already)."""
    rows_of: dict[str, list[int]] = {}
    for row, reason in parsed.refused.items():
        rows_of.setdefault(reason.partition("' ")[2], []).append(row)
    return [
        (text.index.isin(rows), f"{column.expected} (it {reason})")
        for reason, rows in rows_of.items()
    ]


def _outside(values: np.ndarray, column: Column) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        bad = np.zeros(len(values), bool)
        if column.low is not None:
            bad |= values < column.low
        if column.high is not None:
            bad |= values > column.high
        if column.kind == "count":
            bad |= (values % 1 != 0) & np.isfinite(values)
            bad |= values > LARGEST_COUNT
    return bad


def _parsed(text: pd.Series) -> pd.Series:
    """Text as float64, NaN where it is no number; the usual clean column goes through Arrow."""
    try:
        array = pa.array(text, type=pa.string(), from_pandas=True)
        numbers = pc.cast(array, pa.float64()).to_numpy(zero_copy_only=False)
        return pd.Series(numbers, index=text.index)
    except pa.ArrowInvalid:
        return pd.to_numeric(text.astype(object), errors="coerce").astype("float64")


def _times(cells: pd.Series, zone: str | None) -> tuple[pd.Series, list[tuple[np.ndarray, str]]]:
    """Naive UTC in microseconds; what has no offset is read in `zone`, or is wrong without one."""
    if isinstance(cells.dtype, pd.DatetimeTZDtype):
        return _plausible(cells.dt.tz_convert("UTC").dt.tz_localize(None), [])
    if _is_time(cells):
        naive, wrong = _local(cells, cells.notna(), zone)
        return _plausible(naive, wrong)
    iso = cells.str.fullmatch(_ISO).fillna(False).astype(bool)
    moments = pd.to_datetime(cells.where(iso), utc=True, format="ISO8601", errors="coerce")
    wrong = [((cells.notna() & moments.isna()).to_numpy(), Column("", "time").expected)]
    values = moments.dt.tz_localize(None).astype("datetime64[us]")
    without = moments.notna() & ~cells.str.fullmatch(_OFFSET).fillna(True).astype(bool)
    if without.any():
        local, more = _local(values, without, zone)
        values = values.where(~without, local)
        wrong += more
    return _plausible(values, wrong)


def _local(
    naive: pd.Series, at: pd.Series, zone: str | None
) -> tuple[pd.Series, list[tuple[np.ndarray, str]]]:
    """Clock times of a zone in UTC; hours that a clock change skips or repeats are wrong."""
    if zone is None:
        expected = 'an offset such as +08:00, or `zone = "Asia/Shanghai"` in the mapping'
        return naive.mask(at), [(at.to_numpy(), expected)]
    local = naive.where(at).dt.tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
    skipped = (at & local.isna()).to_numpy()
    expected = f"a time with an offset: clocks in {zone} change in that hour"
    return local.dt.tz_convert("UTC").dt.tz_localize(None), [(skipped, expected)]


def _plausible(
    values: pd.Series, wrong: list[tuple[np.ndarray, str]]
) -> tuple[pd.Series, list[tuple[np.ndarray, str]]]:
    values = values.astype("datetime64[us]")
    early, late = (values < EARLIEST).to_numpy(), (values >= LATEST).to_numpy()
    wrong = [
        *wrong,
        (early, "a time from the year 2000 on (1970 is what an empty date becomes)"),
        (late, "a time before the year 2101"),
    ]
    return values.mask(early | late), wrong
