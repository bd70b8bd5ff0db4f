"""Ingest: twice changes nothing, overlapping sources merge, meanings are never mixed."""

import json
from pathlib import Path

import pandas as pd
import pytest

from features.errors import BadSource, BrokenFacts, WrongInput
from pipelines.home import Home
from pipelines.ingest import ingest
from pipelines.sources.read import read_source
from pipelines.store import read_facts
from tests.pipelines.small_source import (
    frame,
    small_tables,
    with_cell,
    with_row,
    write_csv,
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def sales(tmp_path: Path) -> str:
    return str(write_csv(small_tables(), tmp_path / "sales"))


def test_the_report_says_what_was_stored(home: Home, sales: str) -> None:
    report = ingest(sales, home)
    assert report.changed
    assert report.sentences() == [
        f"sales stored as {report.fingerprint}: 2 brands, 2 creators, 3 products, 2 returns, "
        "4 session_products, 3 sessions."
    ]
    told = json.loads(json.dumps(report.as_dict()))["rows"]
    assert {"table": "sessions", "rows": 3} in told


def test_the_same_source_twice_changes_nothing(home: Home, sales: str) -> None:
    first, second = ingest(sales, home), ingest(sales, home)
    assert not second.changed
    assert second.fingerprint == first.fingerprint
    assert second.rows == first.rows
    assert second.sentences()[0].startswith("sales already stored, nothing changed: ")


def test_an_overlapping_source_merges_by_key_and_the_later_wins(
    home: Home, sales: str, tmp_path: Path
) -> None:
    ingest(sales, home)
    tables = small_tables()
    tables = with_cell(tables, "session_products", 2, "orders", "11")
    tables = with_row(tables, "sessions", "s4,c2,2026-05-04T20:00:00+08:00,,900")
    tables = with_row(tables, "session_products", "s4,p2,1,30,100,9")
    report = ingest(str(write_csv(tables, tmp_path / "june")), home)
    assert report.changed
    assert report.rows["sessions"] == 4
    assert report.replaced == {
        "brands": 2,
        "creators": 2,
        "products": 3,
        "returns": 2,
        "session_products": 4,
        "sessions": 3,
    }
    lines = read_facts(home)["session_products"].execute()
    assert lines.set_index(["session_id", "product_id"])["orders"].to_dict() == {
        ("s1", "p1"): 11,
        ("s1", "p2"): 4,
        ("s2", "p1"): 0,
        ("s3", "p3"): 6,
        ("s4", "p2"): 1,
    }


def test_a_later_source_may_refer_to_what_is_stored(home: Home, sales: str, tmp_path: Path) -> None:
    ingest(sales, home)
    late = {
        "returns": frame(
            "session_id,product_id,returned_at,orders",
            "s1,p1,2026-05-20T10:00:00+08:00,1",
            "s3,p3,2026-05-20T10:00:00+08:00,7",  # of 6 sold
        )
    }
    folder = str(write_csv(late, tmp_path / "late"))
    with pytest.raises(BadSource) as refusal:
        ingest(folder, home)
    assert [problem.row for problem in refusal.value.problems] == [3]
    assert ingest(folder, home, quarantine=True).rows["returns"] == 3


def test_files_of_one_source_merge_with_a_count(home: Home, sales: str) -> None:
    frame("creator_id,name", "c1,小美二号").to_csv(Path(sales) / "creators-2027.csv", index=False)
    report = ingest(sales, home)
    assert report.merged == {"creators": 1}
    assert "The later file won over the same key: 1 creators." in report.sentences()


def test_a_refused_source_leaves_the_stored_facts(home: Home, sales: str, tmp_path: Path) -> None:
    first = ingest(sales, home)
    bad = with_cell(small_tables(), "session_products", 2, "gmv", "-1")
    with pytest.raises(BadSource, match=r"1 problem, nothing was stored"):
        ingest(str(write_csv(bad, tmp_path / "bad")), home)
    assert read_facts(home).fingerprint == first.fingerprint
    assert not home.quarantine.exists()


def test_a_mended_source_leaves_no_old_quarantine(home: Home, sales: str) -> None:
    bad = with_cell(small_tables(), "session_products", 2, "gmv", "-1")
    write_csv(bad, Path(sales))
    report = ingest(sales, home, quarantine=True)
    assert report.quarantined == {"session_products": 1, "returns": 2}
    assert any(f"(reasons in {home.quarantine / 'sales'})" in s for s in report.sentences())
    write_csv(small_tables(), Path(sales))
    assert ingest(sales, home, quarantine=True).quarantined == {}
    assert list(home.quarantine.iterdir()) == []


def test_a_source_without_a_good_row_is_refused_even_with_quarantine(
    home: Home, tmp_path: Path
) -> None:
    tables = {name: table.iloc[:0] for name, table in small_tables().items()}
    tables["brands"] = frame("brand_id,industry", "b1,")
    with pytest.raises(BadSource):
        ingest(str(write_csv(tables, tmp_path / "bad")), home, quarantine=True)


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        (
            'currency = "USD"',
            "the currency of this source is USD, that of the facts already stored CNY",
        ),
        (
            'absent = "zero"',
            "the reading of absent lines of this source is zero, that of the facts",
        ),
        ('denominator = "views"', "the denominator of this source is views, that of the facts"),
    ],
)
def test_two_meanings_are_never_mixed(
    home: Home, sales: str, tmp_path: Path, mapping: str, sentence: str
) -> None:
    ingest(sales, home)
    other = write_csv(small_tables(), tmp_path / "other")
    (other / "mapping.toml").write_text(mapping)
    with pytest.raises(WrongInput) as refusal:
        ingest(str(other), home)
    assert sentence in str(refusal.value)
    assert "ALLIANCE_HOME" in str(refusal.value)


def lines_with_clicks(having: int, of: int) -> pd.DataFrame:
    """Lines of one session, each with an order; the first `having` have clicks."""
    return pd.DataFrame(
        {
            "session_id": "s1",
            "product_id": [f"p{i}" for i in range(of)],
            "orders": 1,
            "gmv": 9,
            "clicks": [10 if i < having else None for i in range(of)],
        }
    )


def source_with_clicks(folder: Path, having: int, of: int) -> str:
    tables = small_tables()
    del tables["returns"]
    tables["products"] = pd.DataFrame(
        {
            "product_id": [f"p{i}" for i in range(of)],
            "brand_id": "b1",
            "category": "tea",
            "price": 9,
        }
    )
    tables["session_products"] = lines_with_clicks(having, of)
    return str(write_csv(tables, folder))


def test_19_of_20_lines_with_clicks_are_enough(home: Home, tmp_path: Path) -> None:
    report = ingest(source_with_clicks(tmp_path / "sales", 19, 20), home)
    assert read_facts(home).meaning.denominator == "clicks"
    note = "1 of 20 lines with orders have no clicks: they do not count towards conversion"
    assert note in report.notes


def test_18_of_20_lines_with_clicks_are_not(home: Home, tmp_path: Path) -> None:
    ingest(source_with_clicks(tmp_path / "sales", 18, 20), home)
    assert read_facts(home).meaning.denominator == "views"  # the session has them


def test_no_usable_denominator_is_said(home: Home, tmp_path: Path) -> None:
    folder = Path(source_with_clicks(tmp_path / "sales", 18, 20))
    small_tables()["sessions"].drop(columns="views").to_csv(folder / "sessions.csv", index=False)
    report = ingest(str(folder), home)
    assert read_facts(home).meaning.denominator is None
    assert report.notes == (
        "no denominator for conversion (clicks, impressions, viewers or views); "
        "lines with orders have clicks on 18 of 20",
    )


def test_a_named_denominator_must_be_there(home: Home, sales: str) -> None:
    (Path(sales) / "mapping.toml").write_text('denominator = "viewers"')
    with pytest.raises(WrongInput, match="the denominator is to be viewers, but no sale"):
        ingest(sales, home)


def test_what_is_stored_decides_between_two_denominators(home: Home, tmp_path: Path) -> None:
    ingest(source_with_clicks(tmp_path / "old", 0, 20), home)
    assert read_facts(home).meaning.denominator == "views"
    ingest(source_with_clicks(tmp_path / "new", 20, 20), home)
    assert read_facts(home).meaning.denominator == "views"


def test_progress_names_each_stage(home: Home, sales: str) -> None:
    stages: list[tuple[str, float]] = []

    def watch(stage: str, done: float = 0, total: float = 1) -> None:
        stages.append((stage, done / total))

    ingest(sales, home, progress=watch)
    assert [stage for stage, done in stages if done == 1] == [
        "reading the source",
        "checking every row",
        "storing the facts",
    ]


@pytest.mark.parametrize("source", ["chanmama:", "chanmama:folder?year=soon"])
def test_a_chanmama_source_names_folder_and_year(source: str) -> None:
    with pytest.raises(WrongInput, match=r"expected chanmama:FOLDER\?year=2021"):
        read_source(source)


def test_a_foreign_source_takes_no_mapping(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="complete-journey has its own reader"):
        read_source("complete-journey", tmp_path / "mapping.toml")


def test_returns_told_twice_are_counted_once(home: Home, sales: str) -> None:
    header = "session_id,product_id,returned_at,orders"
    again = frame(header, "s1,p1,2026-05-09T10:00:00+08:00,2", "s1,p1,2026-05-13T10:00:00+08:00,7")
    again.to_csv(Path(sales) / "returns-june.csv", index=False)  # 2 + 1 + 7 of 10 sold
    report = ingest(sales, home)
    assert report.merged == {"returns": 1}
    assert report.rows["returns"] == 3


def test_late_returns_count_on_top_of_the_stored_ones(
    home: Home, sales: str, tmp_path: Path
) -> None:
    ingest(sales, home)  # 3 of 10 are back
    header = "session_id,product_id,returned_at,orders"
    late = {"returns": frame(header, "s1,p1,2026-05-20T10:00:00+08:00,8")}
    with pytest.raises(BadSource, match="11 orders returned so far of 10 sold"):
        ingest(str(write_csv(late, tmp_path / "late")), home)


def test_facts_that_cannot_be_read_are_not_replaced_by_a_new_start(home: Home, sales: str) -> None:
    home.facts.mkdir(parents=True)
    (home.facts / "CURRENT").write_text("lost")
    with pytest.raises(BrokenFacts, match="move it away"):
        ingest(sales, home)
    assert (home.facts / "CURRENT").read_text() == "lost"
