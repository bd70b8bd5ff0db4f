"""Sources that lack tables, columns or rows, and are fine."""

from pathlib import Path

import pandas as pd

from pipelines.home import Home
from pipelines.ingest import ingest
from pipelines.store import read_facts
from tests.pipelines.small_source import Tables, small_tables, write_csv


def without(tables: Tables, *names: str) -> Tables:
    return {name: table for name, table in tables.items() if name not in names}


def test_a_world_with_no_returns_runs(tmp_path: Path, home: Home) -> None:
    ingest(str(write_csv(without(small_tables(), "returns"), tmp_path / "sales")), home)
    facts = read_facts(home)
    assert not facts.has("returns")
    assert facts["returns"].count().execute() == 0


def test_a_world_with_no_clicks_runs(tmp_path: Path, home: Home) -> None:
    tables = small_tables()
    del tables["session_products"]["clicks"]
    ingest(str(write_csv(tables, tmp_path / "sales")), home)
    assert read_facts(home).meaning.denominator == "impressions"


def test_tables_without_rows_are_fine(tmp_path: Path, home: Home) -> None:
    tables = small_tables()
    for name in ("products", "session_products", "returns"):
        tables[name] = tables[name].iloc[:0]
    report = ingest(str(write_csv(tables, tmp_path / "sales")), home)
    assert report.rows == {"brands": 2, "creators": 2, "sessions": 3}
    facts = read_facts(home)
    assert not facts.has("products")
    assert facts.meaning.denominator is None


def test_no_products_at_all_but_collaborations(tmp_path: Path, home: Home) -> None:
    tables = without(small_tables(), "products", "sessions", "session_products", "returns")
    tables["collaborations"] = pd.DataFrame(
        {
            "collaboration_id": ["k1", "k2"],
            "status": ["invited", "accepted"],
            "at": ["2026-05-01T10:00:00+08:00", "2026-05-02T10:00:00+08:00"],
            "brand_id": ["b1", "b1"],
            "creator_id": ["c1", "c2"],
            "product_id": ["p1", None],
        }
    )
    ingest(str(write_csv(tables, tmp_path / "sales")), home)
    facts = read_facts(home)
    assert facts["collaborations"].count().execute() == 2
    assert str(facts.as_of) == "2026-05-03"


def test_one_creator_and_a_brand_without_sales(tmp_path: Path, home: Home) -> None:
    tables = small_tables()
    tables["creators"] = tables["creators"].iloc[:1]
    tables["sessions"] = tables["sessions"].iloc[:2]
    tables["session_products"] = tables["session_products"].iloc[:1]
    ingest(str(write_csv(tables, tmp_path / "sales")), home)
    assert read_facts(home)["session_products"].execute()["product_id"].tolist() == ["p1"]
