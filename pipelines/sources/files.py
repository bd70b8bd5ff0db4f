"""Files: one CSV, Parquet or XLSX file as rows a person could count."""

import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.utils.exceptions import InvalidFileException

from features.errors import Problem
from pipelines.sources.csv_file import Read, read_csv, unreadable
from pipelines.sources.frames import arrow_frame, rows_frame

SUFFIXES = (".csv", ".parquet", ".xlsx")
_AGAIN = "export it again, or take it out of the folder"


def read_file(path: Path, file: str, encoding: str = "utf-8") -> Read:
    """The rows of one file; `file` is what problems call it. A file that cannot be read says so."""
    kind = path.suffix.lower().removeprefix(".")
    words = {"csv": "a CSV file", "parquet": "a Parquet file", "xlsx": "an XLSX workbook"}[kind]
    try:
        if path.stat().st_size == 0:
            return unreadable(file, "0 bytes", f"{words}: {_AGAIN}")
        if kind == "csv":
            return read_csv(path.read_bytes(), file, encoding)
        return _read_parquet(path) if kind == "parquet" else _read_workbook(path, file)
    except (
        pa.ArrowException,
        zipfile.BadZipFile,
        InvalidFileException,
        KeyError,
        OSError,
    ) as error:
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        return unreadable(file, f"broken or cut short ({reason})", f"{words}: {_AGAIN}")


def _read_parquet(path: Path) -> Read:
    with pq.ParquetFile(path) as file:
        return Read(arrow_frame(file.read()))


def _read_workbook(path: Path, file: str) -> Read:
    """The first sheet; a formula or an error value is a problem of its cell."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles it does not know
        book = openpyxl.load_workbook(path, read_only=True)
        try:
            return _read_sheet(book, file)
        finally:
            book.close()


def _read_sheet(book: Any, file: str) -> Read:
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    numbered = enumerate(sheet.iter_rows(), start=1)
    header = _header(next(numbered, (1, ()))[1])
    if not header:
        return unreadable(file, "an empty first row", "a first row with the column names")
    numbers: list[int] = []
    rows: list[list[Any]] = []
    problems: list[Problem] = []
    for number, cells in numbered:
        values = [cell.value for cell in cells[: len(header)]]
        values += [None] * (len(header) - len(values))
        if all(value is None for value in values):
            continue
        for name, cell in zip(header, cells, strict=False):
            if cell.data_type in ("f", "e"):
                problems.append(_not_a_value(file, number, name, cell))
        numbers.append(number)
        rows.append(values)
    others = [other.title for other in book.worksheets[1:]]
    notes = (f"{file}: read the sheet '{sheet.title}', left out {others}",) if others else ()
    return Read(rows_frame(header, rows, numbers), tuple(problems), notes)


def _header(cells: Sequence[Any]) -> list[str]:
    """The column names up to the last one; a column without a name has an empty one."""
    names = ["" if cell.value is None else str(cell.value).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _not_a_value(file: str, row: int, column: str, cell: Any) -> Problem:
    kind = "a formula" if cell.data_type == "f" else "an error value"
    expected = "a plain value: copy the column and paste it as values"
    return Problem(file, row, column, f"{kind} '{cell.value}'", expected)
