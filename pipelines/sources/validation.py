"""Validation: a source against the data contract, every problem at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import pandas as pd

from features.contract import EMBEDDING_TABLES, TABLES, Table, table_named
from features.errors import Problem
from pipelines.sources.checks import TableCheck, table_check
from pipelines.sources.frames import among
from pipelines.sources.raw import RawSource, RawTable
from pipelines.sources.references import check_references
from pipelines.sources.rows import check_rows

ALWAYS = ("brands", "creators")
SALES = ("products", "sessions", "session_products")


@dataclass(frozen=True)
class Checked:
    """A source after every check; `checks` by table in the contract's order."""

    source: str
    checks: Mapping[str, TableCheck]
    missing: tuple[Problem, ...]
    """Tables that had to be there."""
    notes: tuple[str, ...]
    """Columns and rows that were left out, in words."""

    @property
    def fatal(self) -> tuple[Problem, ...]:
        """What no quarantine of rows can mend: missing tables, files and columns."""
        return (*self.missing, *(p for check in self.checks.values() for p in check.missing))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem, by table, file, row and column."""
        return (*self.missing, *(p for check in self.checks.values() for p in check.problems()))

    def good(self) -> dict[str, pd.DataFrame]:
        """The good rows of every table, one for each key (later file wins), in contract types."""
        return {name: check.good() for name, check in self.checks.items()}

    def merged(self) -> dict[str, int]:
        """How many rows of each table gave way to a later file's row of the same key."""
        counts = {name: check.merged() for name, check in self.checks.items()}
        return {name: count for name, count in counts.items() if count}


def check_source(source: RawSource, stored: Mapping[str, pd.DataFrame] | None = None) -> Checked:
    """The source against the contract. Ids may also refer to rows of the facts already stored."""
    stored = stored or {}
    checks = {
        name: table_check(contract, parts, source.zone)
        for name, (contract, parts) in _by_table(source.tables).items()
    }
    for check in checks.values():
        check_rows(check)
    check_references(checks, stored)
    notes = [note for table in source.tables for note in _left_out(table)]
    notes += [note for check in checks.values() for note in _unknown_vectors(check, checks, stored)]
    missing = tuple(_missing_tables(source.name, {*checks, *stored}))
    return Checked(source.name, checks, missing, tuple(notes))


def _by_table(tables: Sequence[RawTable]) -> dict[str, tuple[Table, list[RawTable]]]:
    parts: dict[str, tuple[Table, list[RawTable]]] = {}
    order = {name: position for position, name in enumerate(TABLES)}
    for table in sorted(tables, key=lambda t: (order.get(t.name, len(order)), t.name)):
        contract = table_named(table.name)
        assert contract is not None, table.name
        parts.setdefault(table.name, (contract, []))[1].append(table)
    return parts


def _missing_tables(source: str, present: set[str]) -> list[Problem]:
    wanted = [name for name in ALWAYS if name not in present]
    expected = "a file {0}.csv, {0}.parquet or {0}.xlsx"
    problems = [_no_table(source, name, expected.format(name)) for name in wanted]
    if "collaborations" in present:
        return problems
    or_else = ", or collaborations in place of " + ", ".join(SALES)
    return problems + [
        _no_table(source, name, expected.format(name) + or_else)
        for name in SALES
        if name not in present
    ]


def _no_table(source: str, name: str, expected: str) -> Problem:
    return Problem(source, None, None, f"no table '{name}'", expected)


def _left_out(table: RawTable) -> list[str]:
    contract = table_named(table.name)
    assert contract is not None, table.name
    written = [str(name) for name in table.frame.columns if str(name)]
    unknown = [name for name in written if contract.column(name) is None]
    if not unknown:
        return []
    names = [column.name for column in contract.columns]
    words = [f"'{name}'{_did_you_mean(name, names)}" for name in unknown]
    return [f"{table.file}: left out {', '.join(words)}: not in the contract of {table.name}"]


def _did_you_mean(name: str, names: Sequence[str]) -> str:
    close = get_close_matches(name.lower(), names, n=1, cutoff=0.8)
    return f" (did you mean '{close[0]}'?)" if close else ""


def _unknown_vectors(
    check: TableCheck, checks: Mapping[str, TableCheck], stored: Mapping[str, pd.DataFrame]
) -> list[str]:
    """Vectors of creators or brands that the source does not have are left out, and counted."""
    family = check.contract.name.partition(".")[0]
    if family not in EMBEDDING_TABLES or check.incomplete:
        return []
    key, parent = {
        "creator_embeddings": ("creator_id", "creators"),
        "brand_embeddings": ("brand_id", "brands"),
    }[family]
    known = [frame[parent][key] for frame in (stored,) if parent in frame]
    known += (
        [checks[parent].frame[key]] if parent in checks and not checks[parent].incomplete else []
    )
    if not known:
        return []
    unknown = ~among(check.frame["id"], pd.concat(known)) & ~check.bad
    check.left_out = unknown
    count = int(unknown.sum())
    return [f"{check.contract.name}: left out {count} vectors of unknown {parent}"] if count else []
