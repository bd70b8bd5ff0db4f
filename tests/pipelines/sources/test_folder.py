"""A folder becomes the contract's tables, whatever its files are called."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from features.errors import WrongInput
from pipelines.sources.folder import read_folder, table_of
from pipelines.sources.raw import RawSource
from pipelines.sources.validation import Checked, check_source
from tests.pipelines.small_source import frame, small_tables, write_csv


def table(source: RawSource, name: str) -> list[str]:
    """The files of one table, in the order they are merged."""
    return [part.file for part in source.tables if part.name == name]


def checked(folder: Path) -> Checked:
    return check_source(read_folder(folder))


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("sessions", ("sessions", "")),
        ("Sessions", ("sessions", "")),
        ("sessions-2021", ("sessions", "-2021")),
        ("sessions.2022", ("sessions", ".2022")),
        ("sessions_2023", ("sessions", "_2023")),
        ("session_products-2021", ("session_products", "-2021")),
        ("creator_embeddings.caption", ("creator_embeddings.caption", "")),
        ("creator_embeddings.caption.2022", ("creator_embeddings.caption", ".2022")),
        ("creators_notes", None),
        ("session", None),
    ],
)
def test_a_file_name_stands_for_a_table(stem: str, expected: tuple[str, str] | None) -> None:
    assert table_of(stem) == expected


def test_a_table_in_several_files_is_merged_and_the_later_file_wins(tmp_path: Path) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    late = frame("creator_id,name,followers", "c1,小美,1300000", "c3,新人,10")
    late.to_csv(folder / "creators-2026.csv", index=False)
    frame("creator_id,name,followers", "c3,新人,20").to_parquet(folder / "creators.2027.parquet")
    (folder / "creators").mkdir()
    frame("creator_id,name,followers", "c4,阿四,7").to_csv(folder / "creators/x.csv", index=False)

    result = checked(folder)

    assert table(read_folder(folder), "creators") == [
        "creators.csv",
        "creators-2026.csv",
        "creators.2027.parquet",
        "creators/x.csv",
    ]
    assert result.problems == ()
    followers = result.good()["creators"].set_index("creator_id")["followers"].to_dict()
    assert followers == {"c1": 1_300_000, "c2": 30_000, "c3": 20, "c4": 7}
    assert result.merged() == {"creators": 2}  # c1 and c3 once each


def test_what_is_no_table_is_left_out_with_a_notice(tmp_path: Path) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    (folder / "session.csv").write_text("a\n1\n")
    (folder / "readme.txt").write_text("hello")
    (folder / "events.xls").write_text("old")
    (folder / "old").mkdir()
    (folder / ".hidden").touch()
    assert read_folder(folder).notes == (
        "left out 'events.xls': '.xls' is not read, save it as CSV, Parquet or XLSX",
        "left out the folder 'old': not a table of the contract",
        "left out 'readme.txt': not a table of the contract",
        "left out 'session.csv': not a table of the contract (did you mean 'sessions'?)",
    )


def test_unknown_columns_are_left_out_with_a_notice(tmp_path: Path) -> None:
    tables = small_tables()
    tables["creators"]["folowers"] = "1"
    tables["creators"]["audience_women"] = "0.7"
    result = checked(write_csv(tables, tmp_path / "sales"))
    assert result.notes == (
        "creators.csv: left out 'folowers' (did you mean 'followers'?): "
        "not in the contract of creators",
    )
    assert list(result.good()["creators"]) == ["creator_id", "name", "followers", "audience_women"]


def test_ids_stay_text(tmp_path: Path) -> None:
    tables = small_tables()
    folder = write_csv({**tables, "brands": frame("brand_id,industry", "001,food")}, tmp_path / "a")
    assert checked(folder).good()["brands"]["brand_id"].tolist() == ["001"]


def test_whole_numbers_in_parquet_become_ids_without_a_point(tmp_path: Path) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    (folder / "creators.csv").unlink()
    long_id = 6_913_425_567_892_340_017  # 19 digits: a float would change the last ones
    creators = pd.DataFrame({"creator_id": pd.array([long_id, 12, None], dtype="Int64")})
    creators.to_parquet(folder / "creators.parquet")
    assert checked(folder).checks["creators"].frame["creator_id"].tolist()[:2] == [
        "6913425567892340017",
        "12",
    ]
    pd.DataFrame({"creator_id": [12.0, None]}).to_parquet(folder / "creators.parquet")
    assert checked(folder).checks["creators"].frame["creator_id"].tolist()[:1] == ["12"]


def test_times_are_naive_utc_whatever_they_were(tmp_path: Path) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    (folder / "sessions.csv").unlink()
    start = pd.Timestamp("2026-05-01T20:00:00", tz="Asia/Shanghai")
    sessions = small_tables()["sessions"].assign(started_at=start, ended_at=None)
    sessions.to_parquet(folder / "sessions.parquet")
    frames = checked(folder).good()
    assert frames["sessions"]["started_at"].tolist() == [pd.Timestamp("2026-05-01T12:00:00")] * 3


def test_a_clock_change_is_not_guessed(tmp_path: Path) -> None:
    tables = small_tables()
    tables["sessions"]["started_at"] = [
        "2026-03-08 01:30:00",  # winter time, UTC-5
        "2026-03-08 02:30:00",  # never was on that night
        "2026-11-01 01:30:00",  # was twice
    ]
    tables["sessions"]["ended_at"] = None
    folder = write_csv(tables, tmp_path / "sales")
    (folder / "mapping.toml").write_text('zone = "America/New_York"')
    result = checked(folder)
    expected = "a time with an offset: clocks in America/New_York change in that hour"
    assert [(p.row, p.expected) for p in result.problems] == [(3, expected), (4, expected)]
    start = result.checks["sessions"].frame["started_at"][0]
    assert start == datetime(2026, 3, 8, 6, 30, tzinfo=UTC).replace(tzinfo=None)


def test_an_xlsx_folder_reads_like_its_csv(tmp_path: Path) -> None:
    tables = small_tables()
    as_csv = write_csv(tables, tmp_path / "csv")
    as_xlsx = tmp_path / "xlsx"
    as_xlsx.mkdir()
    for name, one in tables.items():
        typed = (
            one.apply(pd.to_numeric, errors="coerce").astype(object).where(lambda f: f.notna(), one)
        )
        typed.to_excel(as_xlsx / f"{name}.xlsx", index=False)
    left, right = checked(as_csv).good(), checked(as_xlsx).good()
    assert left.keys() == right.keys()
    for name in left:
        pd.testing.assert_frame_equal(left[name], right[name])


def test_blank_lines_do_not_shift_the_row_numbers(tmp_path: Path) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    (folder / "brands.csv").write_text('brand_id,industry\n\nb1,"be\nauty"\nb2,\n\n')
    assert [(p.row, p.column) for p in checked(folder).problems] == [(4, "industry")]


def test_a_file_saved_by_excel_begins_with_a_mark(tmp_path: Path) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    small_tables()["brands"].to_csv(folder / "brands.csv", index=False, encoding="utf-8-sig")
    assert checked(folder).problems == ()


def test_given_vectors_are_numbers_and_of_known_creators(tmp_path: Path) -> None:
    tables = small_tables()
    tables["creator_embeddings.caption"] = frame(
        "id,e0,e1", "c1,0.5,-1", "c2,x,2", "c1,1,", "c9,1,1"
    )
    result = checked(write_csv(tables, tmp_path / "sales"))
    assert [(p.row, p.column, p.found) for p in result.problems] == [
        (3, "e0", "'x'"),
        (4, "e1", "empty"),
        (4, "id", "same id as row 2"),
    ]
    assert result.notes == ("creator_embeddings.caption: left out 1 vectors of unknown creators",)
    assert result.good()["creator_embeddings.caption"]["id"].tolist() == ["c1"]


def test_a_file_in_place_of_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "sales.csv"
    file.touch()
    with pytest.raises(WrongInput, match="is a file: name the folder that holds it"):
        read_folder(file)


def test_a_column_that_comes_twice(tmp_path: Path) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    (folder / "brands.csv").write_text("brand_id,industry,industry,,\nb1,tea,food,,\nb2,a,a,,\n")
    assert [str(problem) for problem in checked(folder).problems] == [
        "brands.csv, column 'industry': comes twice; expected one column of that name"
    ]


def test_columns_without_a_name_do_not_shift_the_others(tmp_path: Path) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    (folder / "brands.csv").unlink()
    brands = pd.DataFrame([["b1", "x", "tea"], ["b2", "x", "food"]])
    brands.to_excel(folder / "brands.xlsx", index=False, header=["brand_id", "", "industry"])
    result = checked(folder)
    assert result.problems == ()
    assert result.notes == ()
    assert result.good()["brands"]["industry"].tolist() == ["tea", "food"]


def test_a_file_with_nothing_of_the_contract_still_lists_its_bad_rows(tmp_path: Path) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    (folder / "brands.csv").write_text("marke,branche\nb1,tea,x\n")
    found = [(p.row, p.column, p.found) for p in checked(folder).problems if "brands" in p.file]
    assert found == [
        (None, "brand_id", "missing"),
        (None, "industry", "missing"),
        (2, None, "3 values"),
    ]
