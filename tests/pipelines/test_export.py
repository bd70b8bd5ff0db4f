"""Exports read back as what was exported, in each format."""

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from features.errors import WrongInput
from models.matrix.columns import COLUMNS
from models.matrix.matrix import AllianceMatrix, build_matrix
from models.shortlists.shortlist import shortlist
from pipelines import export, spreadsheets
from pipelines.export import export_matrix, export_shortlist
from tests.matrices import BRANDS, CREATORS, PRODUCTS, manifest, rows, small_matrix

READ: dict[str, Any] = {".parquet": pd.read_parquet, ".csv": pd.read_csv, ".xlsx": pd.read_excel}


def with_names(*names: str) -> AllianceMatrix:
    """The small matrix with other names of its four creators."""
    return build_matrix(rows(), BRANDS, CREATORS.assign(name=list(names)), manifest(), PRODUCTS)


def test_parquet_has_every_column_of_the_matrix(tmp_path: Path) -> None:
    assert export_matrix(small_matrix(), tmp_path / "m.parquet") == 5
    frame = pd.read_parquet(tmp_path / "m.parquet")
    pd.testing.assert_frame_equal(frame.astype(object), small_matrix().frame().astype(object))
    assert frame.dtypes["gmv"] == "float32"
    assert frame.dtypes["quadrant"] == "category"


def test_csv_reads_back_with_its_numbers_in_full(tmp_path: Path) -> None:
    export_matrix(small_matrix(), tmp_path / "m.csv")
    text = (tmp_path / "m.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbfbrand_id,creator_id,conversion_rate,")
    assert b"acme,c1,0.06,0.03,0.12,p1,10000.0" in text
    frame = pd.read_csv(tmp_path / "m.csv")
    assert tuple(frame.columns) == COLUMNS
    assert frame["net_gmv"].tolist() == [4_500, 3_600, 3_600, 1_800, 7_000]
    assert frame["profit"].isna().all()


def test_xlsx_has_percents_a_frozen_header_and_filters(tmp_path: Path) -> None:
    export_matrix(small_matrix(), tmp_path / "m.XLSX")
    sheet = openpyxl.load_workbook(tmp_path / "m.XLSX").active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert (sheet["C2"].value, sheet["C2"].number_format) == (0.06, "0.0%")
    assert sheet.cell(2, COLUMNS.index("gmv") + 1).value == 9_000
    assert sheet.cell(2, COLUMNS.index("profit") + 1).value is None
    assert sheet.cell(3, COLUMNS.index("extrapolated") + 1).value is True


def test_a_matrix_written_in_parts_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "ROWS_AT_A_TIME", 2)
    for ending, read in ((".csv", pd.read_csv), (".xlsx", pd.read_excel)):
        path = tmp_path / f"m{ending}"
        export_matrix(small_matrix(), path)
        assert read(path)["creator_id"].tolist() == ["c1", "c2", "c3", "c4", "c1"]


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".xlsx"])
def test_a_matrix_without_rows_keeps_its_header(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"m{ending}"
    assert export_matrix(small_matrix(rows()[:0]), path) == 0
    assert tuple(READ[ending](path).columns) == COLUMNS


def test_a_shortlist_is_a_flat_table_that_says_where_it_is_from(tmp_path: Path) -> None:
    told = shortlist(small_matrix(), "acme", k=2)
    for ending, read in READ.items():
        path = tmp_path / f"s{ending}"
        assert export_shortlist(told, path) == 2
        frame = read(path)
        assert frame["creator_name"].tolist() == ["李佳", "Wei"]
        assert frame["net_gmv_hi80"].tolist() == [9_000, 7_200]
        assert frame["reason1"][0] == "sells 5.3 % of clicks over 90 days"
        assert frame["matrix_version"].tolist() == ["unpublished"] * 2
        assert frame["currency"].tolist() == ["CNY", "CNY"]


def test_whole_numbers_stay_whole_where_some_are_unknown(tmp_path: Path) -> None:
    told = shortlist(small_matrix(), "acme")
    export_shortlist(told, tmp_path / "s.csv")
    seen = pd.read_csv(tmp_path / "s.csv", dtype=str).set_index("creator_id")["evidence_sessions"]
    assert seen["c1"] == "3"
    assert pd.isna(seen["c4"])


def test_an_empty_shortlist_keeps_its_header(tmp_path: Path) -> None:
    assert export_shortlist(shortlist(small_matrix(), "quiet"), tmp_path / "s.csv") == 0
    assert "net_gmv_lo80" in pd.read_csv(tmp_path / "s.csv").columns


@pytest.mark.parametrize("name", ["=1+1", "+86 138", "-9", "@SUM(A1)"])
def test_text_never_becomes_a_formula(tmp_path: Path, name: str) -> None:
    told = shortlist(with_names(name, "b", "c", "d"), "acme", k=1)
    export_shortlist(told, tmp_path / "s.csv")
    assert pd.read_csv(tmp_path / "s.csv", dtype=str)["creator_name"][0] == f"'{name}"
    export_shortlist(told, tmp_path / "s.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "s.xlsx").active
    assert sheet is not None
    cell = sheet["C2"]
    assert (cell.value, cell.data_type) == (name, "s")


def test_ids_of_the_matrix_are_harmless_in_csv_too(tmp_path: Path) -> None:
    frame = rows().replace({"creator_id": {"c1": "=c1"}})
    creators = CREATORS.replace({"creator_id": {"c1": "=c1"}})
    export_matrix(build_matrix(frame, BRANDS, creators, manifest()), tmp_path / "m.csv")
    assert "'=c1" in pd.read_csv(tmp_path / "m.csv")["creator_id"].tolist()


def test_too_many_rows_for_excel_are_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 4)
    with pytest.raises(WrongInput, match=r"5 rows do not fit into XLSX.*\.parquet or \.csv"):
        export_matrix(small_matrix(), tmp_path / "m.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["m.json", "m", "m.xls"])
def test_an_ending_we_do_not_write_is_refused_with_the_three(tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongInput, match=r"one of \.parquet, \.csv, \.xlsx"):
        export_matrix(small_matrix(), tmp_path / name)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="there is no folder"):
        export_matrix(small_matrix(), tmp_path / "nowhere" / "m.csv")


def test_an_export_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_matrix(small_matrix(), tmp_path / "m.csv")
    before = (tmp_path / "m.csv").read_bytes()

    def die(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(export, "write_csv", die)
    with pytest.raises(OSError, match="no space"):
        export_matrix(small_matrix(), tmp_path / "m.csv")
    assert (tmp_path / "m.csv").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["m.csv"]
