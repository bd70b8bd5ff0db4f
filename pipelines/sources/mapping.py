"""Mapping: how a foreign export's files, columns and units become the contract's.

A mapping is a TOML file, by default `mapping.toml` in the source folder:

    currency = "CNY"
    zone = "Asia/Shanghai"          # of times written without an offset
    encoding = "gb18030"            # of CSV files
    absent = "not_offered"          # or "zero": a missing line means no sale
    denominator = "clicks"          # else the first of clicks, impressions, viewers, views

    [tables.sessions]
    file = "直播*.csv"               # for a database: table = "live_sessions"
    [tables.sessions.columns]
    "直播间" = "session_id"
    "场观" = {to = "views", parse = "wan"}
"""

import codecs
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

from features.contract import DENOMINATORS, Absent, Table, table_named
from features.errors import WrongInput
from features.facts import Meaning
from pipelines.sources.parsers import PARSERS

MAPPING_FILE = "mapping.toml"
_TOP = ("currency", "zone", "encoding", "absent", "denominator", "tables")
_TABLE = ("file", "table", "columns")
_COLUMN = ("to", "parse")


@dataclass(frozen=True)
class TableMapping:
    """Where one table is found, and what its columns are called there."""

    files: tuple[str, ...] = ()
    table: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    """The source's column -> ours."""
    parse: Mapping[str, str] = field(default_factory=dict)
    """Our column -> the unit parser of its cells."""


@dataclass(frozen=True)
class SourceMapping:
    """How a whole source is to be read; the defaults are the contract itself."""

    meaning: Meaning = field(default_factory=Meaning)
    zone: str | None = None
    encoding: str = "utf-8"
    tables: Mapping[str, TableMapping] = field(default_factory=dict)

    def table(self, name: str) -> TableMapping:
        """The mapping of one table; an empty one where the source speaks our words."""
        return self.tables.get(name, TableMapping())


def read_mapping(path: Path) -> SourceMapping:
    """The mapping of a TOML file. Raises WrongInput naming the file and the key."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WrongInput(f"no mapping file '{path}': name a TOML file that exists.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongInput(f"{path}: not a TOML file in UTF-8: {error}.") from None
    return _Reader(str(path)).mapping(written)


class _Reader:
    """Reads one mapping; every refusal begins with the file's name."""

    def __init__(self, file: str) -> None:
        self.file = file

    def mapping(self, written: Mapping[str, Any]) -> SourceMapping:
        self.only(written, _TOP, "the mapping")
        tables = self.a_table(written.get("tables", {}), "tables")
        return SourceMapping(
            Meaning(
                self.one_of(written.get("denominator"), DENOMINATORS, "denominator"),
                self.text(written.get("currency", "CNY"), "currency"),
                self.one_of(written.get("absent", "not_offered"), get_args(Absent), "absent"),
            ),
            self.zone(written.get("zone")),
            self.encoding(written.get("encoding", "utf-8")),
            {name: self.table(name, table) for name, table in tables.items()},
        )

    def table(self, name: str, written: object) -> TableMapping:
        contract = table_named(name)
        if contract is None:
            raise self.wrong(f"tables.{name}: no such table in the contract")
        entries = self.a_table(written, f"tables.{name}")
        self.only(entries, _TABLE, f"tables.{name}")
        files = entries.get("file", [])
        files = [files] if isinstance(files, str) else files
        columns = self.a_table(entries.get("columns", {}), f"tables.{name}.columns")
        read = {theirs: self.column(contract, theirs, ours) for theirs, ours in columns.items()}
        targets = [to for to, _ in read.values()]
        twice = {to for to in targets if targets.count(to) > 1}
        if twice:
            raise self.wrong(f"tables.{name}: two columns are mapped to '{min(twice)}'")
        return TableMapping(
            tuple(self.text(file, f"tables.{name}.file") for file in files),
            None if "table" not in entries else self.text(entries["table"], f"tables.{name}.table"),
            {theirs: to for theirs, (to, _) in read.items()},
            {to: parse for to, parse in read.values() if parse is not None},
        )

    def column(self, contract: Table, theirs: str, written: object) -> tuple[str, str | None]:
        where = f"tables.{contract.name}.columns.'{theirs}'"
        entry = {"to": written} if isinstance(written, str) else self.a_table(written, where)
        self.only(entry, _COLUMN, where)
        to = self.text(entry.get("to"), f"{where}.to")
        column = contract.column(to)
        if column is None:
            raise self.wrong(f"{where}: {contract.name} has no column '{to}'")
        parse = self.one_of(entry.get("parse"), tuple(PARSERS), f"{where}.parse")
        if parse is not None and column.kind in ("id", "text", "time"):
            raise self.wrong(f"{where}: '{to}' is {column.expected}: it takes no parser")
        return to, parse

    def zone(self, written: object) -> str | None:
        if written is None:
            return None
        name = self.text(written, "zone")
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise self.wrong(f"zone '{name}' is no IANA zone such as Asia/Shanghai") from None
        return name

    def encoding(self, written: object) -> str:
        name = self.text(written, "encoding")
        try:
            found = codecs.lookup(name).name
        except LookupError:
            raise self.wrong(f"encoding '{name}' is unknown: try gb18030 or utf-8") from None
        return "gb18030" if found in ("gbk", "gb2312") else found

    def text(self, written: object, where: str) -> str:
        if not isinstance(written, str) or not written:
            raise self.wrong(f"{where} must be text, not {written!r}")
        return written

    def one_of(self, written: object, choices: Sequence[Any], where: str) -> Any:
        if written is None or written in choices:
            return written
        raise self.wrong(f"{where} is {written!r}, not one of {', '.join(choices)}")

    def a_table(self, written: object, where: str) -> Mapping[str, Any]:
        if not isinstance(written, dict):
            raise self.wrong(f"{where} must be a TOML table, not {written!r}")
        return written

    def only(self, written: Mapping[str, Any], known: Sequence[str], where: str) -> None:
        unknown = [key for key in written if key not in known]
        if unknown:
            raise self.wrong(f"{where} has no key '{unknown[0]}', only {', '.join(known)}")

    def wrong(self, sentence: str) -> WrongInput:
        return WrongInput(f"{self.file}: {sentence}.")
