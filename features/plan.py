"""Plans: expressions compiled to SQL once, then computed as of any date.

Writing SQL takes the engine's front end far longer than a small table takes the engine. So the
expressions name their tables by fixed names and the date by `as_of_day()`; what a run does is to
say what those stand for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow as pa

from features.windows import day_number

PREFIX = "alliance_plan_"
"""What the names on the engine begin with while a plan runs."""

_day: Any = ibis.udf.scalar.builtin(
    lambda: None, name=f"{PREFIX}as_of_day", signature=((), dt.int32)
)
_time: Any = ibis.udf.scalar.builtin(
    lambda: None, name=f"{PREFIX}as_of_time", signature=((), dt.Timestamp(scale=6))
)


def as_of_day() -> ir.IntegerScalar:
    """The as-of date of the run, in whole days from 1970-01-01."""
    day: ir.IntegerScalar = _day()
    return day


def as_of_time() -> ir.TimestampScalar:
    """The instant the as-of date of the run begins, UTC."""
    time: ir.TimestampScalar = _time()
    return time


def source(name: str, schema: ibis.Schema) -> ir.Table:
    """A table that each run says what it is."""
    return ibis.table(schema, name=PREFIX + name)


@dataclass(frozen=True)
class Step:
    """One statement: a table that later steps read, or one that is handed back."""

    name: str
    sql: str
    handed_back: bool


@dataclass(frozen=True)
class Plan:
    """Steps in order, each compiled for the engine. A connection runs one plan at a time."""

    compiler: Any
    """What writes an Ibis expression in the engine's SQL."""
    steps: list[Step] = field(default_factory=list)

    def keep(self, name: str, table: ir.Table) -> ir.Table:
        """The table, computed once per run for all later steps that read it."""
        schema = table.schema()
        mapper = self.compiler.type_mapper
        columns = ", ".join(
            f'CAST("{column}" AS {mapper.to_string(kind)}) AS "{column}"'
            for column, kind in schema.items()
        )
        self.steps.append(Step(name, f"SELECT {columns} FROM ({self._sql(table)})", False))
        return source(name, schema)

    def hand_back(self, name: str, table: ir.Table) -> None:
        """The table is part of what a run returns, under that name."""
        self.steps.append(Step(name, self._sql(table), True))

    def _sql(self, table: ir.Table) -> str:
        return str(self.compiler.to_sqlglot(table).sql(self.compiler.dialect, copy=False))

    def run(self, connection: Any, sources: Mapping[str, str], as_of: date) -> dict[str, pa.Table]:
        """What the steps hand back as of the date; `sources`: name -> SQL of what it stands for."""
        day = day_number(as_of)
        for name, value in (
            ("as_of_day", f"CAST({day} AS INTEGER)"),
            ("as_of_time", f"CAST('{as_of}' AS TIMESTAMP)"),
        ):
            connection.raw_sql(f"CREATE OR REPLACE TEMP MACRO {PREFIX}{name}() AS {value}")
        for name, sql in sources.items():
            connection.raw_sql(f'CREATE OR REPLACE TEMP VIEW "{PREFIX}{name}" AS {sql}')
        found = {}
        for step in self.steps:
            if step.handed_back:
                found[step.name] = connection.raw_sql(step.sql).to_arrow_table()
            else:
                name = PREFIX + step.name
                connection.raw_sql(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {step.sql}')
        for step in self.steps:
            if not step.handed_back:
                connection.raw_sql(f'DROP TABLE "{PREFIX}{step.name}"')
        return found
