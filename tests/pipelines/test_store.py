"""Facts on disk: one version at a time, whole or not at all."""

import json
import os
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.errors import BrokenFacts, NoFacts, NotReady
from features.facts import Meaning
from pipelines.home import Home
from pipelines.sources.raw import RawSource, RawTable
from pipelines.sources.validation import check_source
from pipelines.store import (
    current_version,
    ingesting,
    read_facts,
    read_tables,
    write_facts,
)
from tests.pipelines.small_source import Tables, small_tables

CLICKS = Meaning("clicks")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def good_tables() -> Tables:
    """The small source in contract types."""
    parts = []
    for name, table in small_tables().items():
        numbered = table.set_axis(pd.RangeIndex(2, 2 + len(table)))
        parts.append(RawTable(name, f"{name}.csv", numbered))
    return check_source(RawSource("small", tuple(parts))).good()


def stored_files(home: Home) -> set[str]:
    return {str(f.relative_to(home.facts)) for f in home.facts.rglob("*") if f.is_file()}


def test_nothing_was_ingested_yet(home: Home) -> None:
    with pytest.raises(NoFacts, match="run 'alliance ingest SOURCE' first"):
        read_facts(home)


def test_lines_lie_in_the_folder_of_their_sessions_day(home: Home) -> None:
    mark = write_facts(home, good_tables(), CLICKS).fingerprint
    lines = [f for f in stored_files(home) if "session_products" in f]
    # s3 starts on May 3rd at 7 in Shanghai, which is still May 2nd in UTC
    assert sorted(lines) == [
        f"{mark}/session_products/date=2026-05-01/part-0.parquet",
        f"{mark}/session_products/date=2026-05-02/part-0.parquet",
    ]
    assert f"{mark}/brands.parquet" in stored_files(home)
    assert (home.facts / "CURRENT").read_text().strip() == mark


def test_what_is_read_is_what_was_stored(home: Home) -> None:
    tables = good_tables()
    stored = write_facts(home, tables, CLICKS, ["a note"])
    facts = read_facts(home)
    assert facts.fingerprint == stored.fingerprint
    assert facts.meaning == CLICKS
    assert facts.notes == ("a note",)
    assert facts.supplied["session_products"] == (
        *("session_id", "product_id", "orders", "gmv", "impressions", "clicks"),
    )
    for name, table in tables.items():
        read = facts[name].execute()[list(table.columns)]
        read = read.sort_values(list(read.columns), ignore_index=True)
        expected = table.sort_values(list(table.columns), ignore_index=True)
        pd.testing.assert_frame_equal(read, expected, check_dtype=False)


def test_tables_and_columns_not_supplied_are_typed_nulls(home: Home) -> None:
    write_facts(home, good_tables(), CLICKS)
    facts = read_facts(home)
    assert not facts.has("session_brands")
    assert facts["sessions"].viewers.notnull().sum().execute() == 0
    assert "date" not in facts["sessions"].columns


def test_stored_types_are_the_contracts(home: Home) -> None:
    mark = write_facts(home, good_tables(), CLICKS).fingerprint
    day = home.facts / mark / "sessions" / "date=2026-05-01" / "part-0.parquet"
    schema = pq.read_schema(day)
    assert schema.field("session_id").type == pa.string()
    assert schema.field("views").type == pa.int64()
    assert schema.field("started_at").type == pa.timestamp("us")


def test_the_same_content_has_the_same_fingerprint_in_any_order(home: Home) -> None:
    tables = good_tables()
    first = write_facts(home, tables, CLICKS)
    before = {f: (home.facts / f).stat().st_mtime_ns for f in stored_files(home)}
    shuffled = {name: table.iloc[::-1] for name, table in reversed(tables.items())}
    second = write_facts(home, shuffled, CLICKS)
    assert first.changed
    assert not second.changed
    assert second.fingerprint == first.fingerprint
    assert {f: (home.facts / f).stat().st_mtime_ns for f in stored_files(home)} == before


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("session_products", "orders", 9), ("creators", "name", "x"), ("creators", "followers", None)],
)
def test_any_changed_cell_changes_the_fingerprint(
    home: Home, table: str, column: str, value: int | str | None
) -> None:
    tables = good_tables()
    first = write_facts(home, tables, CLICKS).fingerprint
    tables[table] = tables[table].copy()
    tables[table].loc[0, column] = value
    assert write_facts(home, tables, CLICKS).fingerprint != first


def test_another_meaning_is_another_fingerprint(home: Home) -> None:
    first = write_facts(home, good_tables(), CLICKS).fingerprint
    assert write_facts(home, good_tables(), Meaning("views")).fingerprint != first


def changed_tables() -> Tables:
    tables = good_tables()
    tables["brands"] = tables["brands"].assign(industry="toys")
    return tables


@pytest.mark.parametrize("crash_at", [1, 2])
def test_a_crash_leaves_the_old_facts(
    home: Home, monkeypatch: pytest.MonkeyPatch, crash_at: int
) -> None:
    first = write_facts(home, good_tables(), CLICKS).fingerprint
    calls = []

    def crash(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == crash_at:
            raise OSError("power cut")
        os.rename(source, target)

    with monkeypatch.context() as patch:
        patch.setattr("pipelines.store.os.replace", crash)
        with pytest.raises(OSError, match="power cut"):
            write_facts(home, changed_tables(), CLICKS)
    facts = read_facts(home)
    assert facts.fingerprint == first
    assert set(facts["brands"].execute()["industry"]) == {"beauty", "food"}

    write_facts(home, changed_tables(), CLICKS)
    assert set(read_facts(home)["brands"].execute()["industry"]) == {"toys"}


def test_a_reader_keeps_its_version_through_one_switch(home: Home) -> None:
    write_facts(home, good_tables(), CLICKS)
    reader = read_facts(home)
    write_facts(home, changed_tables(), CLICKS)
    assert set(reader["brands"].execute()["industry"]) == {"beauty", "food"}


def test_older_versions_are_removed(home: Home) -> None:
    first = write_facts(home, good_tables(), CLICKS).fingerprint
    second = write_facts(home, changed_tables(), CLICKS).fingerprint
    third = write_facts(home, changed_tables(), Meaning("views")).fingerprint
    versions = {f.name for f in home.facts.iterdir() if f.is_dir()}
    assert versions == {second, third}
    assert first not in versions


def test_a_version_that_is_half_removed_is_refused_not_forgotten(home: Home) -> None:
    mark = write_facts(home, good_tables(), CLICKS).fingerprint
    (home.facts / mark / "meta.json").write_text("{")
    with pytest.raises(BrokenFacts, match=f"'{mark}' are broken or half removed"):
        current_version(home)


@pytest.mark.parametrize("table", ["sessions", "brands"])
def test_facts_that_lost_a_table_are_broken(table: str, home: Home) -> None:
    mark = write_facts(home, good_tables(), CLICKS).fingerprint
    (home.facts / mark / table).with_suffix("" if table == "sessions" else ".parquet").rename(
        home.path / "lost"
    )
    with pytest.raises(BrokenFacts, match=f"'{mark}' have lost their table '{table}'"):
        read_facts(home)


def test_a_file_of_the_facts_that_was_cut_or_removed_is_noticed(home: Home) -> None:
    mark = write_facts(home, good_tables(), CLICKS).fingerprint
    file = next((home.facts / mark / "sessions").glob("date=*/*.parquet"))
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    with pytest.raises(BrokenFacts, match=r"a file that cannot be read, '.*parquet'\. Restore"):
        read_facts(home)
    file.unlink()
    with pytest.raises(BrokenFacts, match=r"hold \d+ of \d+ rows of their table 'sessions'"):
        read_facts(home)
    file.write_bytes(whole)
    assert read_facts(home)["sessions"].count().execute() > 0


def test_facts_of_another_contract_are_not_read(home: Home) -> None:
    mark = write_facts(home, good_tables(), CLICKS).fingerprint
    meta = home.facts / mark / "meta.json"
    meta.write_text(json.dumps({**json.loads(meta.read_text()), "contract_version": 0}))
    with pytest.raises(BrokenFacts, match="stored by another version of Alliance"):
        current_version(home)


def test_two_ingests_at_once(home: Home) -> None:
    refusal = pytest.raises(NotReady, match="Another ingest is writing")
    with ingesting(home), refusal, ingesting(home):
        pass
    with ingesting(home):
        pass


def test_stored_tables_come_back_in_contract_types(home: Home) -> None:
    tables = good_tables()
    write_facts(home, tables, CLICKS)
    read = read_tables(current_version(home))
    for name, table in tables.items():
        assert dict(read[name].dtypes) == dict(table.dtypes), name


def test_vectors_keep_the_order_of_their_columns(home: Home) -> None:
    names = [f"e{i}" for i in range(12)]
    vectors = pd.DataFrame([[float(i) for i in range(12)]], columns=names).assign(id="c1")
    write_facts(home, {**good_tables(), "creator_embeddings.caption": vectors}, CLICKS)
    facts = read_facts(home)
    assert facts["creator_embeddings.caption"].columns == ("id", *names)


def test_home_is_named_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLIANCE_HOME", "/srv/alliance")
    assert Home.from_environment().facts == Path("/srv/alliance/facts")
    monkeypatch.delenv("ALLIANCE_HOME")
    assert Home.from_environment().path == Path("alliance-home")
    assert Home(Path("/srv/alliance")).mlflow_uri == "sqlite:////srv/alliance/mlflow.db"
