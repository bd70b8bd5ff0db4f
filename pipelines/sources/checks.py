"""One table under check: its parts as one typed frame, and every finding against its rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from features.contract import EMBEDDING_TABLES, Column, Table
from features.errors import Problem
from pipelines.sources.cells import typed_column
from pipelines.sources.raw import RawTable


@dataclass(frozen=True)
class Finding:
    """Rows (by position in the table) that break one rule.

    `follows`: only because a row they refer to is wrong; no problem of their own.
    """

    positions: np.ndarray
    column: str | None
    found: Sequence[str]
    expected: str
    follows: bool = False


@dataclass
class TableCheck:
    """A table's parts, checked cell by cell, then row by row, then against other tables."""

    contract: Table
    parts: tuple[RawTable, ...]
    frame: pd.DataFrame
    part: np.ndarray
    row: np.ndarray
    missing: tuple[Problem, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    bad: np.ndarray = field(init=False)
    left_out: np.ndarray = field(init=False)
    """Rows nobody needs: neither stored nor a problem."""
    _cells: set[tuple[int, str | None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.bad = np.zeros(len(self.frame), bool)
        self.left_out = np.zeros(len(self.frame), bool)

    @property
    def incomplete(self) -> bool:
        """Whether a file or a required column is missing, so that references cannot be judged."""
        return bool(self.missing)

    def flag(self, finding: Finding) -> None:
        """Take a finding down; a cell that was already found wrong is not named twice."""
        if self._cells and not finding.follows:
            fresh = [
                i
                for i, at in enumerate(finding.positions)
                if (at, finding.column) not in self._cells
            ]
            finding = replace(
                finding, positions=finding.positions[fresh], found=[finding.found[i] for i in fresh]
            )
        if len(finding.positions):
            self.findings.append(finding)
            self.bad[finding.positions] = True

    def lack(self, parent: str, column: str) -> None:
        """Take down that the rows name ids of a table that is not there, if they do."""
        naming = np.flatnonzero(self.frame[column].notna())
        if len(naming):
            file, written = self.parts[self.part[naming[0]]].file, self._written(naming[0], column)
            found = f"{len(naming):,} rows have one, but there is no table '{parent}'"
            expected = f"a file {parent}.csv, {parent}.parquet or {parent}.xlsx"
            self.missing = (*self.missing, Problem(file, None, written, found, expected))

    def good(self) -> pd.DataFrame:
        """The rows without a finding, one for each key: the later file wins."""
        frame = self.frame[~self.bad & ~self.left_out]
        return frame.drop_duplicates(self.keys(), keep="last") if len(self.parts) > 1 else frame

    def merged(self) -> int:
        """How many good rows gave way to a later file's row of the same key."""
        return int((~self.bad & ~self.left_out).sum()) - len(self.good())

    def keys(self) -> list[str]:
        """The key columns this source has."""
        return [name for name in self.contract.key if name in self.frame]

    def reasons(self) -> Mapping[int, list[str]]:
        """Why each bad row is bad, by position."""
        reasons: dict[int, list[str]] = {}
        for finding in self.findings:
            for at, found in zip(finding.positions, finding.found, strict=True):
                column = f"column '{self._written(at, finding.column)}': " if finding.column else ""
                reasons.setdefault(int(at), []).append(
                    f"{column}{found}; expected {finding.expected}"
                )
        return reasons

    def problems(self) -> Iterator[Problem]:
        """Every problem by file, row and column; consequences are left out."""
        yield from self.missing
        for finding in self.findings:
            if finding.follows:
                continue
            for at, found in zip(finding.positions, finding.found, strict=True):
                part = self.parts[self.part[at]]
                yield Problem(
                    part.file,
                    int(self.row[at]) if part.numbered else None,
                    self._written(at, finding.column),
                    found if part.numbered else f"{found} where {self._key_of(at)}",
                    finding.expected,
                )

    def _written(self, at: int, column: str | None) -> str | None:
        if column is None:
            return None
        return self.parts[self.part[at]].written_as.get(column, column)

    def _key_of(self, at: int) -> str:
        key = self.frame[self.keys()].iloc[at]
        return ", ".join(f"{name} = {value}" for name, value in key.items())


def table_check(contract: Table, parts: Sequence[RawTable], zone: str | None) -> TableCheck:
    """The table with its cells typed, and what is wrong with cells and keys within one file."""
    typed = [_typed_part(contract, part, zone) for part in parts]
    frames = [frame for frame, _, _ in typed]
    check = TableCheck(
        contract,
        tuple(parts),
        _one_frame(contract, frames),
        np.repeat(np.arange(len(parts)), [len(frame) for frame in frames]),
        np.concatenate([part.frame.index[: len(f)] for part, f in zip(parts, frames, strict=True)]),
        tuple(problem for _, _, missing in typed for problem in missing),
    )
    starts = np.cumsum([0, *(len(frame) for frame in frames)])
    for part, frame, start in zip(parts, frames, starts, strict=False):
        if len(frame):
            _flag_reading(check, part, int(start))
    for (_, findings, _), start in zip(typed, starts, strict=False):
        for finding in findings:
            check.flag(replace(finding, positions=finding.positions + start))
    _flag_duplicates(check)
    return check


def _typed_part(
    contract: Table, part: RawTable, zone: str | None
) -> tuple[pd.DataFrame, list[Finding], list[Problem]]:
    missing = [problem for problem in part.problems if problem.row is None]
    if part.unreadable:
        return pd.DataFrame(), [], missing
    names = pd.Index([name for name in part.frame if contract.column(str(name)) is not None])
    twice = names[names.duplicated()].unique()
    missing += [
        Problem(part.file, None, name, "comes twice", "one column of that name") for name in twice
    ]
    if len(twice):
        return pd.DataFrame(), [], missing
    columns: dict[str, pd.Series] = {}
    findings: list[Finding] = []
    for column in columns_of(contract, list(part.frame.columns)):
        if column.name not in part.frame:
            missing.append(Problem(part.file, None, column.name, "missing", column.expected))
            continue
        typed = typed_column(
            part.frame[column.name],
            column,
            zone,
            part.parse.get(column.name),
            mapped=bool(part.written_as),
        )
        columns[column.name] = typed.values
        findings += [Finding(w.at, column.name, w.found, w.expected) for w in typed.wrong]
    if not columns:
        missing += [problem for problem in part.problems if problem.row is not None]
    return pd.DataFrame(columns), findings, missing


def columns_of(contract: Table, written: Sequence[str]) -> list[Column]:
    """The contract's columns that are there or required, then the open-ended ones."""
    known = [c for c in contract.columns if c.required or c.name in written]
    names = {column.name for column in contract.columns}
    embedding = contract.name.partition(".")[0] in EMBEDDING_TABLES
    for name in written:
        column = contract.column(name) if name not in names else None
        if column is not None:
            known.append(replace(column, required=True) if embedding else column)
    return known


def _one_frame(contract: Table, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    with_columns = [frame for frame in frames if len(frame.columns)]
    if not with_columns:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in contract.required})
    if len(with_columns) == 1:
        return with_columns[0]
    return pd.concat(with_columns, ignore_index=True)


def _flag_reading(check: TableCheck, part: RawTable, start: int) -> None:
    cells = [problem for problem in part.problems if problem.row is not None]
    if not cells:
        return
    ours = {name: column for column, name in part.written_as.items()}
    positions = part.frame.index.get_indexer(pd.Index([problem.row for problem in cells]))
    for problem, position in zip(cells, positions, strict=True):
        column = ours.get(problem.column or "", problem.column)
        if column is not None and column not in check.frame:
            continue
        at = np.array([position + start])
        check.flag(Finding(at, column, [problem.found], problem.expected))
        check._cells.add((int(at[0]), column))


def _flag_duplicates(check: TableCheck) -> None:
    keys = check.keys()
    if not keys or check.incomplete or not len(check.frame):
        return
    within = check.frame[keys]
    if len(check.parts) > 1:
        within = within.assign(part=check.part)
    again = within.duplicated(keep="first").to_numpy()
    again = again & check.frame[keys[0]].notna().to_numpy()
    if not again.any():
        return
    groups = within.groupby(list(within.columns), dropna=False, sort=False).ngroup().to_numpy()
    first = pd.Series(check.row).groupby(groups).transform("first").to_numpy()
    at = np.flatnonzero(again)
    key = " and ".join(keys)
    found = [f"same {key} as row {first[i]}" for i in at]
    check.flag(Finding(at, keys[0], found, f"each {key} once in a file"))
