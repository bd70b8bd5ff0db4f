"""Exports: the matrix or a shortlist as Parquet, CSV or XLSX, whole or not at all."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd

from features.errors import WrongInput
from models.matrix.files import flush, write_parquet
from models.matrix.matrix import AllianceMatrix
from models.shortlists.reasons import Reason
from models.shortlists.rows import Estimate, ShortlistRow
from models.shortlists.shortlist import Shortlist
from pipelines.spreadsheets import write_csv, write_xlsx

ROWS_AT_A_TIME = 200_000
FORMATS = (".parquet", ".csv", ".xlsx")
ESTIMATES = tuple(field.name for field in fields(ShortlistRow) if field.type == Estimate | None)
"""Fields of a shortlist's row that have an interval."""
COUNTS = ("followers", "evidence_sessions", "evidence_denominator")
REASONS = (1, 2, 3)


def export_matrix(matrix: AllianceMatrix, path: Path) -> int:
    """Write every pair with every column; returns how many rows.

    Raises WrongInput for another ending than .parquet, .csv or .xlsx, and for more rows than a
    sheet of XLSX holds.
    """
    with _replacing(path) as temporary:
        if path.suffix.lower() == ".parquet":
            write_parquet(matrix, temporary)
        else:
            _write_text_cells(_parts(matrix), len(matrix), temporary)
    return len(matrix)


def export_shortlist(shortlist: Shortlist, path: Path) -> int:
    """Write one row per creator; returns how many rows. Raises WrongInput as above."""
    frame = shortlist_frame(shortlist)
    with _replacing(path) as temporary:
        if path.suffix.lower() == ".parquet":
            frame.to_parquet(temporary, index=False)
        else:
            _write_text_cells([frame], len(frame), temporary)
    return len(frame)


def shortlist_frame(shortlist: Shortlist) -> pd.DataFrame:
    """The rows as a flat table: `gmv`, `gmv_lo80`, `gmv_hi80`, `reason1`, `reason1_odds_factor`.

    What holds for the whole list (brand, objective, version, currency) stands in each row, so
    that a sheet which is passed on can be traced back.
    """
    common = {
        "brand_id": shortlist.brand_id,
        "brand_name": shortlist.brand_name,
        "objective": shortlist.objective,
        "conversion_denominator": shortlist.conversion_denominator,
        "currency": shortlist.currency,
        "matrix_version": shortlist.matrix_version,
        "as_of": shortlist.as_of.isoformat(),
    }
    columns = [*_names(), *common]
    frame = pd.DataFrame([_flat(row) | common for row in shortlist.rows], columns=columns)
    numbers = [name for name in columns if _is_number(name)]
    return frame.astype(dict.fromkeys(numbers, "float64") | dict.fromkeys(COUNTS, "Int64"))


def _is_number(name: str) -> bool:
    return name.endswith(("_lo80", "_hi80", "_odds_factor", "lift")) or name in (
        *ESTIMATES,
        "benchmark_rate",
        "p_above_benchmark",
        "p_accept",
        "p_collaboration",
    )


def _names() -> list[str]:
    names: list[str] = []
    for field in fields(ShortlistRow):
        if field.name in ESTIMATES:
            names += [field.name, f"{field.name}_lo80", f"{field.name}_hi80"]
        elif field.name == "reasons":
            names += [name for i in REASONS for name in (f"reason{i}", f"reason{i}_odds_factor")]
        else:
            names.append(field.name)
    return names


def _flat(row: ShortlistRow) -> dict[str, Any]:
    flat = {field.name: getattr(row, field.name) for field in fields(row)}
    reasons: tuple[Reason, ...] = flat.pop("reasons")
    for i, reason in enumerate(reasons, start=1):
        flat |= {f"reason{i}": reason.words, f"reason{i}_odds_factor": reason.odds_factor}
    for name in ESTIMATES:
        flat |= _three(name, flat[name])
    return flat


def _three(name: str, estimate: Estimate | None) -> Mapping[str, float | None]:
    if estimate is None:
        return {name: None}
    return {name: estimate.mean, f"{name}_lo80": estimate.lo80, f"{name}_hi80": estimate.hi80}


def _parts(matrix: AllianceMatrix) -> Iterator[pd.DataFrame]:
    """The matrix a part at a time; at least one, which carries the header."""
    for start in range(0, max(len(matrix), 1), ROWS_AT_A_TIME):
        yield matrix.frame(slice(start, start + ROWS_AT_A_TIME))


def _write_text_cells(parts: Iterable[pd.DataFrame], rows: int, path: Path) -> None:
    write = write_csv if path.suffix == ".csv" else write_xlsx
    write(parts, rows, path)


def known_ending(path: Path) -> str:
    """The file's ending, which says the format. Raises WrongInput with those there are."""
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise WrongInput(
            f"Cannot export to '{path.name}': the ending says the format, and it is one of "
            f"{', '.join(FORMATS)}."
        )
    return ending


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A temporary file beside `path` that takes its place when all went well."""
    ending = known_ending(path)
    if not path.parent.is_dir():
        raise WrongInput(f"Cannot export to '{path}': there is no folder '{path.parent}'.")
    if path.is_dir():
        raise WrongInput(f"Cannot export to '{path}': that is a folder.")
    with tempfile.TemporaryDirectory(prefix=".exporting-", dir=path.parent) as folder:
        temporary = Path(folder) / f"export{ending}"
        yield temporary
        flush(temporary)
        temporary.replace(path)
