"""The same tables behind SQLite and behind a real PostgreSQL give the same facts."""

import sqlite3
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import create_engine, text

from features.errors import BadSource, WrongInput
from pipelines.home import Home
from pipelines.ingest import ingest
from pipelines.sources.database import read_database
from pipelines.store import current_version
from tests.pipelines.small_source import Tables, small_tables, with_cell, write_csv


def typed(tables: Tables) -> Tables:
    """The tables in the types a database would have: numbers, times with a zone, text."""
    frames = {}
    for name, table in tables.items():
        columns = {}
        for column in map(str, table):
            if column.endswith("_at"):
                columns[column] = pd.to_datetime(table[column], utc=True)
            elif column.endswith("_id") or column in ("name", "industry", "category"):
                columns[column] = table[column]
            else:
                columns[column] = pd.to_numeric(table[column])
        frames[name] = pd.DataFrame(columns)
    return frames


def fill(url: str, tables: Tables) -> None:
    engine = create_engine(url)
    for name, table in tables.items():
        table.to_sql(name, engine, index=False, if_exists="replace")
    engine.dispose()


@pytest.fixture
def csv_fingerprint(tmp_path: Path) -> str:
    folder = write_csv(small_tables(), tmp_path / "csv")
    return ingest(str(folder), Home(tmp_path / "csv-home")).fingerprint


def test_sqlite_gives_the_facts_of_the_csv(tmp_path: Path, csv_fingerprint: str) -> None:
    url = f"sqlite:///{tmp_path / 'sales.db'}"
    fill_sqlite(tmp_path / "sales.db", small_tables())
    report = ingest(url, Home(tmp_path / "home"))
    assert report.fingerprint == csv_fingerprint
    assert report.source == "sales"


def fill_sqlite(path: Path, tables: Tables) -> None:
    with sqlite3.connect(path) as connection:
        for name, table in tables.items():
            table.to_sql(name, connection, index=False, if_exists="replace")
    connection.close()


def test_postgresql_gives_the_facts_of_the_csv(
    tmp_path: Path, csv_fingerprint: str, postgres: str
) -> None:
    fill(postgres, typed(small_tables()))
    report = ingest(postgres, Home(tmp_path / "home"))
    assert report.fingerprint == csv_fingerprint
    assert current_version(Home(tmp_path / "home")).rows["sessions"] == 3


def test_postgresql_keeps_decimals_long_ids_and_views(tmp_path: Path, postgres: str) -> None:
    tables = typed(small_tables())
    fill(postgres, tables)
    engine = create_engine(postgres)
    with engine.begin() as connection:
        for statement in (
            "ALTER TABLE products ALTER COLUMN price TYPE numeric(12, 2)",
            "CREATE TABLE people (id bigint, nick text, joined date)",
            "INSERT INTO people VALUES (6913425567892340017, '小美', '2026-01-01')",
            "CREATE VIEW campaigns AS SELECT 1 AS campaign_id, now() AS starts_at, now() ends_at",
        ):
            connection.execute(text(statement))
    source = read_database(postgres)
    with engine.begin() as connection:
        connection.execute(text("DROP VIEW campaigns; DROP TABLE people"))
    engine.dispose()
    read = {table.name: table.frame for table in source.tables}
    assert read["products"]["price"].tolist() == [99.5, 30.0, 45.0]
    assert len(read["campaigns"]) == 1
    assert "left out the table 'people': not a table of the contract" in source.notes


def test_a_row_of_a_database_is_named_by_its_key(tmp_path: Path) -> None:
    fill_sqlite(
        tmp_path / "sales.db", with_cell(small_tables(), "session_products", 2, "gmv", "-995")
    )
    with pytest.raises(BadSource) as refusal:
        ingest(f"sqlite:///{tmp_path / 'sales.db'}", Home(tmp_path / "home"))
    assert [str(problem) for problem in refusal.value.problems] == [
        "table session_products, column 'gmv': '-995' where session_id = s1, product_id = p1; "
        "expected an amount of money in major units, at least 0"
    ]


def test_a_mapping_names_a_databases_tables(tmp_path: Path) -> None:
    tables = small_tables()
    tables["live"] = tables.pop("sessions").rename(columns={"session_id": "no"})
    fill_sqlite(tmp_path / "sales.db", tables)
    mapping = tmp_path / "mapping.toml"
    mapping.write_text("[tables.sessions]\ntable = 'live'\ncolumns = {no = 'session_id'}")
    report = ingest(f"sqlite:///{tmp_path / 'sales.db'}", Home(tmp_path / "home"), mapping=mapping)
    assert report.rows["sessions"] == 3


def test_a_table_of_vectors_has_two_underscores(tmp_path: Path) -> None:
    tables = small_tables()
    tables["creator_embeddings__caption"] = pd.DataFrame({"id": ["c1"], "e0": [0.5]})
    fill_sqlite(tmp_path / "sales.db", tables)
    report = ingest(f"sqlite:///{tmp_path / 'sales.db'}", Home(tmp_path / "home"))
    assert report.rows["creator_embeddings.caption"] == 1


def test_a_sqlite_file_that_is_not_there_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match=r"no SQLite file '.*nowhere.db': check the path"):
        read_database(f"sqlite:///{tmp_path / 'nowhere.db'}")
    assert not (tmp_path / "nowhere.db").exists()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://mei:hunter2@127.0.0.1:9/sales?connect_timeout=1",
        "postgresql+psycopg://127.0.0.1:9/sales?user=mei&password=hunter2&connect_timeout=1",
        "oracle2://mei:hunter2@host/sales",
        "postgresql://mei:hunter2@[host/sales",
    ],
)
def test_an_error_never_shows_the_password(url: str) -> None:
    with pytest.raises(WrongInput) as refusal:
        read_database(url)
    assert "hunter2" not in str(refusal.value)
    assert refusal.value.__suppress_context__
