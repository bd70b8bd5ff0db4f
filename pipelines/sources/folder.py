"""Folder: a source of CSV, Parquet and XLSX files, one or several for each table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from features.contract import EMBEDDING_TABLES, TABLES, table_named
from features.errors import WrongInput
from pipelines.sources.files import SUFFIXES, read_file
from pipelines.sources.mapping import MAPPING_FILE, SourceMapping, read_mapping
from pipelines.sources.raw import RawSource, RawTable

_SUFFIX = re.compile(r"(?:[-. ].*|_\d.*)?")
"""What may follow a table's name: `sessions-2021`, `sessions.2022`, `sessions_2023`."""


@dataclass(frozen=True)
class TableFile:
    """One file of a table; `part` is what its name adds, and files are read in its order."""

    table: str
    part: str
    path: Path


def read_folder(path: Path, mapping: SourceMapping | None = None) -> RawSource:
    """Every table of a folder, by file name or by the mapping (default: its `mapping.toml`).

    Raises WrongInput when there is no such folder or no table in it. Files that cannot be read
    are not raised: each is a problem of its own, beside all others.
    """
    if not path.is_dir():
        raise WrongInput(_no_folder(path))
    if mapping is None:
        own = path / MAPPING_FILE
        mapping = read_mapping(own) if own.exists() else SourceMapping()
    mapped = list(_mapped_files(path, mapping))
    claimed = {file.path for file in mapped}
    notes: list[str] = []
    named = list(_named_files(path, claimed, notes))
    files = sorted(mapped + named, key=lambda file: (file.table, file.part, str(file.path)))
    if not files:
        raise WrongInput(
            f"'{path}' holds no table: expected files such as creators.csv, brands.parquet or "
            "sessions.xlsx, or a mapping.toml that names the files."
        )
    tables = [_raw_table(path, file, mapping, notes) for file in files]
    return RawSource(
        path.resolve().name, tuple(tables), mapping.meaning, mapping.zone, tuple(notes)
    )


def _no_folder(path: Path) -> str:
    if path.exists():
        return f"'{path}' is a file: name the folder that holds it."
    return f"no folder '{path}': name a folder of CSV, Parquet or XLSX files, or a database URL."


def table_of(stem: str) -> tuple[str, str] | None:
    """The table a file's name (without its ending) stands for, and what the name adds.

    >>> table_of("sessions-2021"), table_of("creator_embeddings.caption"), table_of("readme")
    (('sessions', '-2021'), ('creator_embeddings.caption', ''), None)
    """
    family, _, rest = stem.partition(".")
    if family.lower() in EMBEDDING_TABLES and rest:
        embedding_set, dot, part = rest.partition(".")
        return f"{family.lower()}.{embedding_set}", dot + part
    for name in sorted(TABLES, key=len, reverse=True):
        if stem.lower().startswith(name) and _SUFFIX.fullmatch(stem[len(name) :]):
            return name, stem[len(name) :]
    return None


def _mapped_files(folder: Path, mapping: SourceMapping) -> Iterator[TableFile]:
    for name, table in mapping.tables.items():
        for pattern in table.files:
            found = sorted(p for p in folder.glob(pattern) if p.suffix.lower() in SUFFIXES)
            if not found:
                raise WrongInput(
                    f"the mapping names '{pattern}' for {name}, but '{folder}' has no such "
                    "CSV, Parquet or XLSX file."
                )
            for path in found:
                yield TableFile(name, path.relative_to(folder).as_posix(), path)


def _named_files(folder: Path, claimed: set[Path], notes: list[str]) -> Iterator[TableFile]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "_", "~$")) or path in claimed or path.name == MAPPING_FILE:
            continue
        if path.is_dir():
            table = path.name if table_named(path.name) else None
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES)
            inside = [p for p in inside if p not in claimed and not p.name.startswith((".", "~$"))]
            if table is None and not claimed.intersection(path.rglob("*")):
                notes.append(f"left out the folder '{path.name}': not a table of the contract")
            elif table is not None:
                for file in inside:
                    yield TableFile(table, file.relative_to(path).with_suffix("").as_posix(), file)
            continue
        found = table_of(path.stem) if path.suffix.lower() in SUFFIXES else None
        if found is None:
            notes.append(f"left out '{path.name}': {_why_not(path)}")
        else:
            yield TableFile(*found, path)


def _why_not(path: Path) -> str:
    close = get_close_matches(path.stem.lower(), TABLES, n=1, cutoff=0.8)
    if path.suffix.lower() not in SUFFIXES:
        if close or table_of(path.stem):
            return f"'{path.suffix}' is not read, save it as CSV, Parquet or XLSX"
        return "not a table of the contract"
    return "not a table of the contract" + (f" (did you mean '{close[0]}'?)" if close else "")


def _raw_table(folder: Path, file: TableFile, mapping: SourceMapping, notes: list[str]) -> RawTable:
    name = file.path.relative_to(folder).as_posix()
    read = read_file(file.path, name, mapping.encoding)
    notes += read.notes
    table = mapping.table(file.table)
    return RawTable(
        file.table,
        name,
        read.frame.rename(columns=dict(table.columns)),
        read.problems,
        {ours: theirs for theirs, ours in table.columns.items() if theirs in read.frame},
        table.parse,
    )
