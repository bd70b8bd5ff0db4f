"""The state database: opened by URL, brought to the newest schema, closed."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from features.errors import BrokenState

NEWEST: Final = "0001"
"""The revision that this code reads and writes: the last file of `migrations/versions`."""

MIGRATIONS: Final = Path(__file__).parent / "migrations"
VERSIONS: Final = "alliance_state_version"
LOCK: Final = 4_146_911
"""Which of PostgreSQL's advisory locks those who migrate wait for."""
WAIT_SECONDS: Final = 30


class OpenState:
    """The state database of a service, opened when it is first needed."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine: Engine | None = None
        self._opening = threading.Lock()

    def engine(self) -> Engine:
        """Raises BrokenState, each time until it can be opened."""
        with self._opening:
            if self._engine is None:
                self._engine = open_state(self.url)
            return self._engine

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()


def open_state(url: str) -> Engine:
    """An engine of the database, its schema made or brought up to date.

    Of several processes that open it at once one migrates, the others wait. Raises BrokenState
    when it cannot be opened, and when a newer version of alliance has written it.
    """
    place = _driven(url)
    try:
        if place.get_backend_name() == "sqlite":
            if place.database:
                Path(place.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(place, connect_args={"timeout": WAIT_SECONDS})
        else:
            engine = create_engine(place, pool_pre_ping=True)
        if _revision(engine) != NEWEST:
            _migrate(engine, place)
    except (SQLAlchemyError, ImportError, NoSuchModuleError, OSError) as error:
        raise BrokenState(f"{_shown(place)} cannot be opened: {_first_line(error)}.") from None
    return engine


def _driven(url: str) -> URL:
    """The URL with the driver we install; raises BrokenState on one that is none."""
    try:
        place = make_url(url)
    except ArgumentError:
        raise BrokenState(
            "ALLIANCE_STATE_URL is no database URL: give one such as "
            "postgresql://user:password@host/database or sqlite:////folder/state.db."
        ) from None
    if place.drivername in ("postgresql", "postgres"):
        return place.set(drivername="postgresql+psycopg")
    return place


def _shown(place: URL) -> str:
    return f"the state database {place.render_as_string(hide_password=True)}"


def _first_line(error: Exception) -> str:
    return str(error).split("\n", maxsplit=1)[0].rstrip(".")


def _revision(engine: Engine) -> str | None:
    """The schema's revision; None where nothing was made yet."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(VERSIONS):
            return None
        found = connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalar()
        return None if found is None else str(found)


def _migrate(engine: Engine, place: URL) -> None:
    from alembic.command import upgrade
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.connect() as connection, _alone(connection, place):
        found = _revision(engine)
        known = {step.revision for step in ScriptDirectory.from_config(settings).walk_revisions()}
        if found is not None and found not in known:
            raise BrokenState(
                f"{_shown(place)} was written by a newer version of alliance (its schema is "
                f"{found}, this one knows {NEWEST}). Upgrade alliance."
            )
        settings.attributes["connection"] = connection
        upgrade(settings, NEWEST)
        connection.commit()


@contextmanager
def _alone(connection: Connection, place: URL) -> Iterator[None]:
    """Hold the one lock that migrations take."""
    if place.get_backend_name() != "sqlite":
        connection.execute(text(f"SELECT pg_advisory_lock({LOCK})"))
        connection.commit()
        try:
            yield
        finally:
            connection.rollback()
            connection.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
            connection.commit()
    elif place.database in (None, "", ":memory:"):
        yield
    else:
        with Path(f"{place.database}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
