"""Store: the facts on disk, one immutable version at a time, named by `facts/CURRENT`.

    facts/CURRENT                                          the fingerprint of the version in use
    facts/<fingerprint>/meta.json                          how its numbers are to be read
    facts/<fingerprint>/sessions/date=2026-05-02/part-0.parquet
    facts/<fingerprint>/brands.parquet

A version is built beside the others, then renamed, then named in CURRENT: whoever reads sees the
old facts or the new ones, never a mixture. The version before stays until the next switch, for
those still reading it.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as pa_dataset
import pyarrow.parquet as pq

from features.contract import dated_by
from features.errors import BrokenFacts, NoFacts, NotReady
from features.facts import Facts, Meaning, engine, facts_from_tables
from pipelines.fingerprint import arrow_table, fingerprint
from pipelines.home import Home
from pipelines.sources.frames import arrow_frame

CONTRACT_VERSION = 1
"""Raised when stored facts can no longer be read as the contract now has them."""


@dataclass(frozen=True)
class Version:
    """What is known of one stored version without reading its tables."""

    folder: Path
    fingerprint: str
    meaning: Meaning
    supplied: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, int]
    notes: tuple[str, ...]


def current_version(home: Home) -> Version:
    """The version in use. Raises NoFacts when nothing was ingested, BrokenFacts when it is lost."""
    anew = _anew(home.facts)
    try:
        name = (home.facts / "CURRENT").read_text().strip()
    except FileNotFoundError:
        raise NoFacts(
            "There are no facts yet: run 'alliance ingest SOURCE' first "
            f"(facts are kept in '{home.facts}')."
        ) from None
    try:
        meta = json.loads((home.facts / name / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BrokenFacts(f"The facts '{name}' are broken or half removed. {anew}") from None
    if meta["contract_version"] != CONTRACT_VERSION:
        raise BrokenFacts(f"The facts were stored by another version of Alliance. {anew}")
    return Version(
        home.facts / name,
        meta["fingerprint"],
        Meaning(**meta["meaning"]),
        {table: tuple(columns) for table, columns in meta["supplied"].items()},
        meta["rows"],
        tuple(meta["notes"]),
    )


def _anew(facts: Path) -> str:
    return f"Restore '{facts}', or move it away and ingest every source again."


def read_facts(home: Home) -> Facts:
    """The facts in use, as Ibis tables over their Parquet files. Raises NoFacts."""
    version = current_version(home)
    connection = engine()
    tables = {
        name: connection.read_parquet(
            [str(file) for file in _files(version, name)],
            table_name=name.replace(".", "__"),
            hive_partitioning=False,
        )
        for name in version.rows
    }
    return facts_from_tables(
        connection,
        tables,
        version.meaning,
        version.fingerprint,
        version.supplied,
        version.notes,
    )


def read_tables(version: Version) -> dict[str, pd.DataFrame]:
    """Every stored table as a frame in the contract's types."""
    return {
        name: arrow_frame(pa_dataset.dataset([str(f) for f in _files(version, name)]).to_table())
        for name in version.rows
    }


def _files(version: Version, name: str) -> list[Path]:
    """The files of a stored table. Raises BrokenFacts where one is gone or cannot be read."""
    files = [version.folder / f"{name}.parquet"]
    if dated_by(name) is not None:
        files = sorted((version.folder / name).glob("date=*/*.parquet"))
    if not files or not files[0].exists():
        raise BrokenFacts(
            f"The facts '{version.fingerprint}' have lost their table '{name}'. "
            f"{_anew(version.folder.parent)}"
        )
    held = sum(_rows_of(file, version) for file in files)
    if held != version.rows[name]:
        raise BrokenFacts(
            f"The facts '{version.fingerprint}' hold {held:,} of {version.rows[name]:,} rows of "
            f"their table '{name}'. {_anew(version.folder.parent)}"
        )
    return files


def _rows_of(file: Path, version: Version) -> int:
    """What the end of a file says that it holds; a cut file has none."""
    try:
        return int(pq.read_metadata(file).num_rows)
    except (OSError, pa.ArrowInvalid):
        raise BrokenFacts(
            f"The facts '{version.fingerprint}' hold a file that cannot be read, '{file}'. "
            f"{_anew(version.folder.parent)}"
        ) from None


@dataclass(frozen=True)
class Stored:
    """What became of a write: the version's fingerprint, and whether it is a new one."""

    fingerprint: str
    changed: bool
    rows: Mapping[str, int]


def write_facts(
    home: Home,
    frames: Mapping[str, pd.DataFrame],
    meaning: Meaning,
    notes: Sequence[str] = (),
) -> Stored:
    """Store checked tables as the version in use; the same content is stored only once.

    Call it while holding `ingesting(home)`. Empty tables are not stored.
    """
    days = _days(frames)
    tables = {
        name: arrow_table(name, frame, days.get(name))
        for name, frame in sorted(frames.items())
        if len(frame)
    }
    mark = fingerprint({name: table for name, (table, _) in tables.items()}, meaning)
    rows = {name: len(table) for name, (table, _) in tables.items()}
    if _is_current(home, mark):
        return Stored(mark, changed=False, rows=rows)
    building = home.facts / ".building"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    for name, (table, dates) in tables.items():
        _write_table(building, name, table, dates)
    meta = {
        "contract_version": CONTRACT_VERSION,
        "fingerprint": mark,
        "meaning": asdict(meaning),
        "supplied": {name: list(table.column_names) for name, (table, _) in tables.items()},
        "rows": rows,
        "notes": list(notes),
    }
    _write_durably(building / "meta.json", json.dumps(meta, ensure_ascii=False, indent=2))
    _switch(home, building, mark)
    return Stored(mark, changed=True, rows=rows)


def _days(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.Series]:
    """The UTC day each row of a dated table belongs to; lines take their session's."""
    days = {}
    for name, frame in frames.items():
        column = dated_by(name)
        if column is None or not len(frame):
            continue
        if column in frame:
            moments = frame[column]
        else:
            starts = frames["sessions"].set_index("session_id")["started_at"]
            moments = frame["session_id"].map(starts)
        days[name] = moments.dt.strftime("%Y-%m-%d")
    return days


def _is_current(home: Home, mark: str) -> bool:
    try:
        return current_version(home).fingerprint == mark
    except NoFacts:
        return False


def _write_table(folder: Path, name: str, table: pa.Table, dates: pd.Series | None) -> None:
    if dates is None:
        pq.write_table(table, folder / f"{name}.parquet")
        return
    starts = (~dates.duplicated()).to_numpy().nonzero()[0]
    ends = [*starts[1:], len(table)]
    for start, end in zip(starts, ends, strict=True):
        day = folder / name / f"date={dates.iloc[start]}"
        day.mkdir(parents=True)
        pq.write_table(table.slice(start, end - start), day / "part-0.parquet")


def _switch(home: Home, building: Path, mark: str) -> None:
    """Give the built version its name, point CURRENT at it, and remove what is older."""
    pointer = home.facts / "CURRENT"
    before = pointer.read_text().strip() if pointer.exists() else None
    final = home.facts / mark
    if final.exists():
        shutil.rmtree(final)
    os.replace(building, final)
    fresh = home.facts / ".CURRENT"
    _write_durably(fresh, mark + "\n")
    os.replace(fresh, pointer)
    _sync_folder(home.facts)
    for folder in home.facts.iterdir():
        if folder.is_dir() and folder.name not in (mark, before):
            shutil.rmtree(folder, ignore_errors=True)


def _write_durably(path: Path, content: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def ingesting(home: Home) -> Iterator[None]:
    """Hold the facts for writing. Raises NotReady when another ingest holds them."""
    home.facts.mkdir(parents=True, exist_ok=True)
    with (home.facts / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotReady(f"Another ingest is writing to '{home.facts}': wait for it.") from None
        yield
