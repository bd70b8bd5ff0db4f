"""`alliance world` and `alliance ingest`: what they say and print."""

from pathlib import Path

from pipelines.cli import DONE, WRONG_INPUT
from tests.pipelines.alliance import TINY, Alliance, sizes
from tests.pipelines.small_source import small_tables, with_cell, write_csv


def test_a_world_says_what_it_wrote_and_what_comes_next(alliance: Alliance, tmp_path: Path) -> None:
    folder = tmp_path / "my w"
    told = alliance("world", folder, *sizes(TINY))
    assert told.code == DONE
    assert "3 brands" in told.out
    assert told.out.endswith(f"Next: alliance ingest '{folder}'\n")
    assert "simulating the world" in told.err
    assert (tmp_path / "my w-truth").is_dir()


def test_a_world_never_overwrites_a_folder(alliance: Alliance, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    told = alliance("world", tmp_path / "mine", *sizes(TINY))
    assert told.code == WRONG_INPUT
    assert "is not empty: name a new folder." in told.err
    assert [path.name for path in tmp_path.rglob("*.*")] == ["notes.txt"]
    assert not (tmp_path / "mine-truth").exists()


def test_a_world_as_json_has_a_row_per_table(alliance: Alliance, tmp_path: Path) -> None:
    told = alliance("world", tmp_path / "w", *sizes(TINY), "--json")
    assert told.err == ""
    assert {"table": "brands", "rows": 3} in told.document["rows"]
    assert told.document["truth"] == str(tmp_path / "w-truth")


def test_an_ingest_as_json_has_a_row_per_table(alliance: Alliance, sales: Path) -> None:
    told = alliance("ingest", sales, "--json")
    assert told.err == ""
    assert {"table": "sessions", "rows": 3} in told.document["rows"]


def test_a_bad_folder_as_json_lists_every_problem(alliance: Alliance, tmp_path: Path) -> None:
    tables = with_cell(small_tables(), "session_products", 2, "gmv", "-995")
    tables = with_cell(tables, "products", 3, "price", "ninety")
    told = alliance("ingest", write_csv(tables, tmp_path / "bad"), "--json")
    assert told.code == WRONG_INPUT
    assert told.document["error"] == "BadSource"
    found = {(row["file"], row["row"], row["column"]) for row in told.document["rows"]}
    assert found == {("session_products.csv", 2, "gmv"), ("products.csv", 3, "price")}
    assert all(row["expected"] for row in told.document["rows"])
