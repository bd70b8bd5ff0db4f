"""CSV and XLSX for people with Excel: Chinese is readable, and no text becomes a formula."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from features.errors import WrongInput

MOST_ROWS = 1_048_575
"""Excel's 1,048,576 rows less the header."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

PERCENTS = (
    "conversion",
    "click_through_rate",
    "return_rate",
    "benchmark_rate",
    "lift",
    "p_above",
    "p_impressions_above",
    "p_accept",
)
WHOLE = ("impressions", "gpm", "gmv", "net_gmv", "profit", "followers", "evidence_")


def write_csv(parts: Iterable[pd.DataFrame], rows: int, path: Path) -> None:
    """UTF-8 with a byte order mark, by which Excel knows the encoding.

    Text that begins with = + - or @ gets an apostrophe before it, so that no spreadsheet runs
    it. Numbers are written in full, shares as shares.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        for i, part in enumerate(parts):
            part.apply(_harmless).to_csv(file, index=False, header=i == 0)


def write_xlsx(parts: Iterable[pd.DataFrame], rows: int, path: Path) -> None:
    """One sheet with a bold, frozen header, filters, and shares shown as percents.

    Every text is written as text. Memory stays small whatever the length. Raises WrongInput
    when a sheet cannot hold the rows.
    """
    if rows > MOST_ROWS:
        raise WrongInput(
            f"{rows:,} rows do not fit into XLSX, which ends at {MOST_ROWS:,}: "
            "export to .parquet or .csv instead."
        )
    import xlsxwriter

    workbook = xlsxwriter.Workbook(path, {"constant_memory": True, "nan_inf_to_errors": False})
    sheet = workbook.add_worksheet("alliance")
    bold = workbook.add_format({"bold": True, "bottom": 1})
    formats = {
        "percent": workbook.add_format({"num_format": "0.0%"}),
        "whole": workbook.add_format({"num_format": "#,##0"}),
        "plain": None,
    }
    at = 1
    for part in parts:
        names = [str(name) for name in part.columns]
        if at == 1:
            _header(sheet, names, rows, bold)
        columns = [_cells(part[name]) for name in part.columns]
        looks = [formats[look(name)] for name in names]
        for values in zip(*columns, strict=True):
            for column, (value, shown) in enumerate(zip(values, looks, strict=True)):
                _write(sheet, at, column, value, shown)
            at += 1
    workbook.close()


def look(name: str) -> str:
    """How a column of numbers is shown: percent, whole or plain.

    >>> look("conversion_rate_lo80"), look("gmv"), look("reason1_effect")
    ('percent', 'whole', 'plain')
    """
    if name.startswith(PERCENTS):
        return "percent"
    return "whole" if name.startswith(WHOLE) else "plain"


def _header(sheet: Any, names: list[str], rows: int, bold: Any) -> None:
    for column, name in enumerate(names):
        sheet.set_column(column, column, max(10, min(len(name) + 2, 28)))
        sheet.write_string(0, column, name, bold)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(rows, 1), len(names) - 1)


def _write(sheet: Any, row: int, column: int, value: Any, shown: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, shown)
    else:
        sheet.write_string(row, column, str(value))


def _cells(column: "pd.Series[Any]") -> list[Any]:
    """Plain Python values; None where there is nothing (or nothing finite)."""
    values = column.astype(object).where(column.notna(), None).tolist()
    if column.dtype == np.float32:
        values = [None if v is None else float(f"{v:.7g}") for v in values]
    return [None if v in (float("inf"), float("-inf")) else v for v in values]


def _harmless(column: "pd.Series[Any]") -> "pd.Series[Any]":
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.rename_categories([_quoted(text) for text in column.cat.categories])
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return column
    return column.map(_quoted, na_action="ignore")


def _quoted(text: Any) -> Any:
    dangerous = isinstance(text, str) and text.startswith(FORMULA_STARTS)
    return f"'{text}" if dangerous else text
