"""The state database is made, brought up to date, and refused when it cannot be."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from features.errors import BrokenState
from serving.settings import ServingSettings
from serving.state.database import MIGRATIONS, NEWEST, VERSIONS, open_state
from serving.state.tables import METADATA


def sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'home' / 'state.db'}"


def differences(engine: Engine) -> list[object]:
    """Between the schema that migrations made and the one the code reads."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSIONS})
        return list(compare_metadata(context, METADATA))


def test_the_newest_migration_is_the_one_the_code_reads() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == NEWEST


def test_a_new_database_gets_the_schema_of_the_code(tmp_path: Path) -> None:
    engine = open_state(sqlite(tmp_path))
    assert differences(engine) == []
    engine.dispose()


def test_postgres_gets_the_same_schema(postgres: str) -> None:
    engine = open_state(postgres)
    assert differences(engine) == []
    engine.dispose()


def test_opening_again_keeps_what_is_there(tmp_path: Path) -> None:
    open_state(sqlite(tmp_path)).dispose()
    again = open_state(sqlite(tmp_path))
    assert set(inspect(again).get_table_names()) == {VERSIONS, *METADATA.tables}
    again.dispose()


def test_of_many_who_open_it_at_once_one_migrates(tmp_path: Path) -> None:
    with ThreadPoolExecutor(6) as threads:
        for engine in threads.map(open_state, [sqlite(tmp_path)] * 6):
            engine.dispose()


def test_a_database_of_a_newer_alliance_is_refused(tmp_path: Path) -> None:
    engine = open_state(sqlite(tmp_path))
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSIONS} SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(BrokenState, match=r"newer version of alliance \(its schema is 9999"):
        open_state(sqlite(tmp_path))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "state.db").write_text("not a database, but long enough to be one" * 9)
    with pytest.raises(BrokenState, match=r"cannot be opened: .*not a database"):
        open_state(sqlite(tmp_path))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("my state", "is no database URL"),
        ("oracle9://host/state", "cannot be opened"),
        ("postgresql://li:secret@127.0.0.1:1/state", "127.0.0.1:1/state cannot be opened"),
    ],
)
def test_a_wrong_url_is_one_sentence_without_the_password(url: str, told: str) -> None:
    with pytest.raises(BrokenState, match=told) as refused:
        open_state(url)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_database_lies_in_the_home_or_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ServingSettings(home=tmp_path).state == f"sqlite:///{tmp_path / 'state.db'}"
    monkeypatch.setenv("ALLIANCE_STATE_URL", "postgresql://host/state")
    assert ServingSettings(home=tmp_path).state == "postgresql://host/state"


def test_nothing_but_the_version_table_is_needed_to_know_the_revision(tmp_path: Path) -> None:
    engine = create_engine(sqlite(tmp_path).replace("home/", ""))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE others (id INTEGER)"))
    engine.dispose()
    opened = open_state(sqlite(tmp_path).replace("home/", ""))
    assert "remedy_moves" in inspect(opened).get_table_names()
    opened.dispose()
