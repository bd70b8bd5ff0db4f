"""The two sheets of a 蝉妈妈 export, as they were written, and the cells that cannot be read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from features.errors import BadSource, Problem, WrongInput
from pipelines.sources.csv_file import Read, unreadable
from pipelines.sources.files import read_file
from pipelines.sources.parsers import is_missing, parse_column

SESSIONS_FILE, PRODUCTS_FILE = "live_sessions.xlsx", "products.xlsx"

SESSION_COLUMNS = {
    "creator_id": "Name",
    "level": "Host_category",
    "started_at": "Start_time",
    "ended_at": "Duration",
    "views": "Views",
    "peak_online": "Peak_viewers",
    "new_followers": "Number_of_new_followers",
}
PRODUCT_COLUMNS = {
    "creator_id": "Name",
    "category": "Goods_category",
    "price": "Retailing_price_(YUAN)",
    "commission_rate": "Commission_rate",
    "units": "Sales_volume",
    "gmv": "Sales_amount",
    "conversion_rate": "Conversion_rate",
    "sessions": "Live_streaming",
    "videos": "Short_video",
}
"""Our name -> the export's header."""

EMPTY_DAYS = 30
"""A calendar without this many empty days in a row has no visible beginning."""
_DATE = re.compile(r"(\d{1,2})-(\d{1,2})\s+(\d{1,2}):(\d{2})")
_LEAP = 2020


@dataclass(frozen=True)
class Sheet:
    """One file's records under our names, numbered like the sheet; `blank` were left out.

    A row that holds nothing but the host's name is blank.
    """

    file: str
    headers: Mapping[str, str]
    rows: pd.DataFrame
    blank: int
    problems: tuple[Problem, ...]
    """Cells that hold a formula or an error value."""


@dataclass(frozen=True)
class Cells:
    """One column read: NaN (or NaT) where a cell is missing or cannot be read."""

    values: pd.Series
    problems: tuple[Problem, ...]


def sheets(folder: Path) -> tuple[Sheet, Sheet]:
    """Sessions and products. Raises WrongInput or BadSource naming every file and column amiss."""
    if not folder.is_dir():
        raise WrongInput(f"{folder} is no folder; expected one with a 蝉妈妈 export")
    files = ((SESSIONS_FILE, SESSION_COLUMNS), (PRODUCTS_FILE, PRODUCT_COLUMNS))
    written = {file: _written(folder / file) for file, _ in files}
    problems = [p for file, headers in files for p in _missing(file, headers, written[file])]
    if problems:
        raise BadSource(str(folder), problems)
    sessions, products = (_sheet(file, headers, written[file]) for file, headers in files)
    empty = [sheet.file for sheet in (sessions, products) if sheet.rows.empty]
    if empty:
        nothing = (Problem(file, None, None, "no records", "at least one row") for file in empty)
        raise BadSource(str(folder), list(nothing))
    return sessions, products


def parsed(sheet: Sheet, column: str, parse: Callable[[str], float]) -> Cells:
    """The column as numbers, with a problem for every cell that the parser refuses."""
    cells = parse_column(sheet.rows[column], parse)
    return Cells(
        cells.values,
        tuple(
            _problem(sheet, row, column, reason.partition("' ")[2])
            for row, reason in cells.refused.items()
        ),
    )


def start_times(sheet: Sheet, year: int) -> Cells:
    """Start times ("08-31 11:53", no year) as local clock times.

    The sessions are taken as one stretch shorter than a year that begins in `year`, after the
    longest run of calendar days without any: 12-31 followed by 01-01 is the next year. Raises
    WrongInput when no run of EMPTY_DAYS is empty, since the beginning cannot be told then.
    """
    matches = {
        row: _DATE.fullmatch(str(text).strip())
        for row, text in sheet.rows["started_at"].items()
        if not is_missing(text)
    }
    clock = {row: tuple(map(int, match.groups())) for row, match in matches.items() if match}
    first = _first_day([(month, day) for month, day, _, _ in clock.values()])
    moments = {
        row: _moment(year + ((month, day) < first), month, day, hour, minute)
        for row, (month, day, hour, minute) in clock.items()
    }
    values = pd.Series(moments, dtype="datetime64[us]").reindex(sheet.rows.index)
    wrong = sheet.rows.index[values.isna() & sheet.rows.index.isin(list(matches))]
    reason = f"is not a month, day and clock time of {year} such as 08-31 11:53"
    return Cells(values, tuple(_problem(sheet, row, "started_at", reason) for row in wrong))


def _written(path: Path) -> Read:
    if not path.is_file():
        return unreadable(path.name, "missing", "an XLSX file of the export")
    return read_file(path, path.name)


def _missing(file: str, headers: Mapping[str, str], read: Read) -> list[Problem]:
    whole = [problem for problem in read.problems if problem.row is None]
    if whole:
        return whole
    absent = [header for header in headers.values() if header not in read.frame]
    return [Problem(file, None, header, "missing", "this column") for header in absent]


def _sheet(file: str, headers: Mapping[str, str], read: Read) -> Sheet:
    rows = read.frame[list(headers.values())].set_axis(list(headers), axis="columns")
    rows = rows.apply(lambda column: column.map(_cell_text).astype("str"))
    blank = (rows.drop(columns="creator_id") == "").all(axis="columns")
    problems = tuple(problem for problem in read.problems if problem.column in headers.values())
    return Sheet(file, headers, rows[~blank], int(blank.sum()), problems)


def _cell_text(cell: object) -> str:
    return "" if is_missing(cell) else str(cell).strip()


def _problem(sheet: Sheet, row: int, column: str, reason: str) -> Problem:
    wanted = reason.removeprefix("is not ")
    expected = wanted if wanted != reason else f"one value (it {reason})"
    found = f"'{sheet.rows[column].loc[row]!s}'"
    return Problem(sheet.file, row, sheet.headers[column], found, expected)


def _first_day(days: list[tuple[int, int]]) -> tuple[int, int]:
    """The month and day after the longest empty run of a circular calendar."""
    known = sorted({day for day in days if _is_day(*day)})
    if not known:
        return (1, 1)
    ordinals = [date(_LEAP, month, day).toordinal() for month, day in known]
    before = [ordinals[-1] - 366, *ordinals[:-1]]
    empty, first = max(
        ((now - then, day) for now, then, day in zip(ordinals, before, known, strict=True)),
        key=lambda run: run[0],
    )
    if empty <= EMPTY_DAYS:
        raise WrongInput(
            "The sessions fill the whole calendar and their dates have no year, so it cannot be "
            "told where they begin; export less than eleven months at a time."
        )
    return first


def _is_day(month: int, day: int) -> bool:
    try:
        date(_LEAP, month, day)
    except ValueError:
        return False
    return True


def _moment(year: int, month: int, day: int, hour: int, minute: int) -> pd.Timestamp | None:
    try:
        return pd.Timestamp(year, month, day, hour, minute)
    except ValueError:
        return None
