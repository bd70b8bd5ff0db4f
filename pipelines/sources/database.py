"""Database: the contract's tables behind a SQLAlchemy URL (SQLite, PostgreSQL, ...)."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from features.contract import table_named
from features.errors import WrongInput
from pipelines.sources.frames import rows_frame
from pipelines.sources.mapping import SourceMapping
from pipelines.sources.raw import RawSource, RawTable

EXAMPLES = "sqlite:///sales.db or postgresql+psycopg://user:password@host/database"


def read_database(url: str, mapping: SourceMapping | None = None) -> RawSource:
    """Every table (or view) of the contract that the database has, by name or by the mapping.

    A table of given vectors may be called `creator_embeddings__caption`. Errors never show a
    password. Raises WrongInput when the database cannot be opened or has no table of ours.
    """
    mapping = mapping or SourceMapping()
    place = _parsed(url)
    try:
        engine = create_engine(place)
    except (NoSuchModuleError, ImportError, ArgumentError):
        raise WrongInput(
            f"no driver for '{place.drivername}': use a URL such as {EXAMPLES}."
        ) from None
    try:
        with engine.connect() as connection:
            return _read(connection, place, mapping)
    except SQLAlchemyError as error:
        raise WrongInput(f"{_shown(place)} cannot be read: {_reason(error, place)}.") from None
    finally:
        engine.dispose()


def _read(connection: Connection, place: URL, mapping: SourceMapping) -> RawSource:
    schema = inspect(connection)
    here = [*schema.get_table_names(), *schema.get_view_names()]
    notes: list[str] = []
    tables = []
    for found, name in sorted(_contract_tables(here, place, mapping, notes).items()):
        tables.append(_table(connection, found, name, mapping))
    if not tables:
        raise WrongInput(
            f"{_shown(place)} has no table of the contract (it has {', '.join(here) or 'none'}): "
            "name the tables as the contract does, or give a mapping."
        )
    return RawSource(_name(place), tuple(tables), mapping.meaning, mapping.zone, tuple(notes))


def _contract_tables(
    here: list[str], place: URL, mapping: SourceMapping, notes: list[str]
) -> dict[str, str]:
    """The database's table -> ours."""
    named = {t.table: name for name, t in mapping.tables.items() if t.table is not None}
    for theirs, ours in named.items():
        if theirs not in here:
            raise WrongInput(
                f"the mapping names the table '{theirs}' for {ours}, but {_shown(place)} has "
                "none of that name."
            )
    for theirs in here:
        ours = theirs.lower().replace("__", ".", 1)
        if theirs in named:
            continue
        if table_named(ours) is None:
            notes.append(f"left out the table '{theirs}': not a table of the contract")
        else:
            named[theirs] = ours
    return named


def _table(connection: Connection, found: str, name: str, mapping: SourceMapping) -> RawTable:
    quoted = connection.dialect.identifier_preparer.quote_identifier(found)
    result = connection.execute(text(f"SELECT * FROM {quoted}"))
    columns = list(result.keys())
    rows: Any = result.fetchall()
    ours = mapping.table(name)
    return RawTable(
        name,
        f"table {found}",
        rows_frame(columns, rows).rename(columns=dict(ours.columns)),
        (),
        {to: theirs for theirs, to in ours.columns.items() if theirs in columns},
        ours.parse,
        numbered=False,
    )


def _parsed(url: str) -> URL:
    try:
        place = make_url(url)
    except (ArgumentError, ValueError):
        raise WrongInput(f"not a database URL: expected one such as {EXAMPLES}.") from None
    if place.get_backend_name() == "sqlite" and place.database not in (None, "", ":memory:"):
        assert place.database is not None
        if not Path(place.database).is_file():
            raise WrongInput(f"no SQLite file '{place.database}': check the path.")
    return place


def _name(place: URL) -> str:
    return Path(place.database or "database").stem


def _shown(place: URL) -> str:
    """The database in words, without user, password or options."""
    host = f" on {place.host}" if place.host else ""
    return f"the {place.get_backend_name()} database '{place.database or ''}'{host}"


def _reason(error: SQLAlchemyError, place: URL) -> str:
    """The first line of the driver's message, with every secret of the URL blotted out."""
    original = getattr(error, "orig", None) or error
    reason = (str(original).splitlines() or [type(error).__name__])[0].rstrip(".")
    secrets = [str(place.password or ""), *(str(value) for value in place.query.values())]
    for secret in secrets:
        reason = reason.replace(secret, "***") if secret else reason
    return reason
