"""Facts: the contract's tables as one queryable whole, and how their numbers are to be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from features.contract import ARROW_TYPES, TABLES, Absent, Column, Denominator, table_named
from features.errors import NoFacts


@dataclass(frozen=True)
class Meaning:
    """How the numbers of a source are to be read. One of each per source, never mixed."""

    denominator: Denominator | None = None
    """Conversion = orders / this; None where the source has no usable denominator."""
    currency: str = "CNY"
    absent: Absent = "not_offered"
    """What a session without a line of a product says: not offered there, or offered, not sold."""


@dataclass(frozen=True)
class Facts:
    """Every table of the contract, complete: columns and tables not supplied are typed nulls.

    So a feature never asks whether a column exists; it sees nulls and degrades. What was really
    supplied is in `supplied` (table -> columns). `tables` are Ibis tables bound to `connection`.
    Times are naive UTC.
    """

    connection: Any  # an Ibis backend; Ibis types its backends loosely
    tables: Mapping[str, ir.Table]
    meaning: Meaning
    fingerprint: str
    supplied: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...] = field(default=())
    """Sentences about what the source lacks or what was derived."""

    def __getitem__(self, name: str) -> ir.Table:
        return self.tables[name]

    def has(self, table: str, column: str | None = None) -> bool:
        """Whether the source supplied that table (and, when given, that column) with any row."""
        columns = self.supplied.get(table, ())
        return bool(columns) and (column is None or column in columns)

    @property
    def as_of(self) -> date:
        """The first day (UTC) on which every session is known: the day after the last one ended.

        Without sessions, the day after the last collaboration. Never the clock.
        Raises NoFacts when there is neither.
        """
        sessions, collaborations = self["sessions"], self["collaborations"]
        last = sessions.aggregate(
            last=ibis.coalesce(sessions.ended_at, sessions.started_at).max()
        ).execute()["last"][0]
        if pd.isna(last):
            last = collaborations.aggregate(last=collaborations["at"].max()).execute()["last"][0]
        if pd.isna(last):
            raise NoFacts("The facts hold neither sessions nor collaborations: nothing to date.")
        return pd.Timestamp(last).date() + timedelta(days=1)


def complete(connection: Any, name: str, table: ir.Table | None) -> ir.Table:
    """The table with every contract column, typed, in contract order; open-ended columns last."""
    contract = table_named(name)
    assert contract is not None, name
    if table is None:
        schema = pa.schema([(c.name, ARROW_TYPES[c.kind]) for c in contract.columns])
        return ibis.memtable(schema.empty_table())
    columns = {column.name: column for column in contract.columns}
    extra = [c for c in table.columns if c not in columns and contract.column(c) is not None]
    return table.select(
        **{c.name: _typed(table, c) for c in contract.columns},
        **{name: table[name].cast("float64") for name in extra},
    )


def _typed(table: ir.Table, column: Column) -> ir.Value:
    kind = {
        "id": "string",
        "text": "string",
        "count": "int64",
        "time": "timestamp(6)",
    }.get(column.kind, "float64")
    if column.name in table.columns:
        return table[column.name].cast(kind)
    return ibis.null(kind)


def facts_from_tables(
    connection: Any,
    tables: Mapping[str, ir.Table],
    meaning: Meaning,
    fingerprint: str,
    supplied: Mapping[str, tuple[str, ...]],
    notes: tuple[str, ...] = (),
) -> Facts:
    """Facts over tables that already passed the contract; what is missing becomes typed nulls."""
    names = [*TABLES, *(name for name in tables if name not in TABLES)]
    whole = {name: complete(connection, name, tables.get(name)) for name in names}
    return Facts(connection, whole, meaning, fingerprint, dict(supplied), notes)


def engine() -> Any:
    """A fresh engine in memory: times in UTC, and no progress bar of its own on standard output.

    It takes one thread and leaves the other cores to what runs beside it.
    """
    connection = ibis.duckdb.connect(threads=1)
    connection.raw_sql("SET TimeZone = 'UTC'")
    connection.raw_sql("SET enable_progress_bar = false")
    return connection


def facts_from_frames(
    frames: Mapping[str, pd.DataFrame],
    meaning: Meaning | None = None,
    fingerprint: str = "frames",
) -> Facts:
    """Facts from frames already in contract form, on a DuckDB connection of their own.

    Times must be naive UTC. Without `meaning` the denominator is the first of the contract's
    list whose column is there. For tests and for small sources held in memory.
    """
    connection = engine()
    tables = {}
    for name, frame in frames.items():
        arrow = pa.Table.from_pandas(frame, preserve_index=False)
        tables[name] = connection.create_table(name.replace(".", "__"), arrow)
    supplied = {
        name: tuple(c for c in frame.columns if frame[c].notna().any())
        for name, frame in frames.items()
        if len(frame)
    }
    if meaning is None:
        meaning = Meaning(denominator=denominator_of(supplied))
    return facts_from_tables(connection, tables, meaning, fingerprint, supplied)


def denominator_of(supplied: Mapping[str, tuple[str, ...]]) -> Denominator | None:
    """The first of clicks, impressions, viewers, views that the source supplies."""
    lines, sessions = supplied.get("session_products", ()), supplied.get("sessions", ())
    if "clicks" in lines:
        return "clicks"
    if "impressions" in lines:
        return "impressions"
    if "viewers" in sessions:
        return "viewers"
    return "views" if "views" in sessions else None


def midnight(day: date) -> datetime:
    """The instant a day begins, UTC, as facts store it."""
    return datetime(day.year, day.month, day.day)
