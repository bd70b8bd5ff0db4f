"""Folders and files that cannot be read as they are."""

from pathlib import Path

import openpyxl
import pytest

from features.errors import BadSource, WrongInput
from pipelines.home import Home
from pipelines.ingest import ingest
from pipelines.store import read_facts
from tests.pipelines.small_source import small_tables, write_csv
from tests.pipelines.sources.refusals import refused, set_aside


def test_an_empty_folder(tmp_path: Path, home: Home) -> None:
    folder = tmp_path / "sales"
    folder.mkdir()
    with pytest.raises(WrongInput, match="sales' holds no table: expected files such as creators"):
        ingest(str(folder), home)


def test_a_folder_that_is_not_there(tmp_path: Path, home: Home) -> None:
    with pytest.raises(WrongInput, match=r"no folder '.*nowhere': name a folder of CSV, Parquet"):
        ingest(str(tmp_path / "nowhere"), home)


def test_a_missing_required_column_is_refused_even_with_quarantine(
    tmp_path: Path, home: Home
) -> None:
    tables = small_tables()
    del tables["products"]["price"]
    folder = write_csv(tables, tmp_path / "sales")
    says = "products.csv, column 'price': missing; expected an amount of money in major units"
    assert refused(folder, home) == [f"{says}, at least 0"]
    with pytest.raises(BadSource, match="column 'price': missing"):
        set_aside(folder, home)


@pytest.mark.parametrize("table", ["brands", "creators", "products", "sessions"])
def test_a_missing_required_table(table: str, tmp_path: Path, home: Home) -> None:
    tables = small_tables()
    del tables[table]
    problems = refused(write_csv(tables, tmp_path / "sales"), home)
    assert problems[0].startswith(
        f"sales: no table '{table}'; expected a file {table}.csv, {table}.parquet or {table}.xlsx"
    )


def test_a_table_that_rows_refer_to_is_missing_once_not_in_every_row(
    tmp_path: Path, home: Home
) -> None:
    tables = small_tables()
    lines, returns = len(tables["session_products"]), len(tables["returns"])
    del tables["sessions"]
    problems = refused(write_csv(tables, tmp_path / "sales"), home)[1:]
    says = "rows have one, but there is no table 'sessions'; expected a file sessions.csv"
    assert [problem.partition(", sessions.parquet")[0] for problem in problems] == [
        f"session_products.csv, column 'session_id': {lines} {says}",
        f"returns.csv, column 'session_id': {returns} {says}",
    ]


def test_a_misspelt_file_or_column_is_named_beside_what_is_missing(
    tmp_path: Path, home: Home
) -> None:
    tables = small_tables()
    tables["sessions"] = tables["sessions"].rename(columns={"creator_id": "creater_id"})
    folder = write_csv(tables, tmp_path / "sales")
    (folder / "products.csv").rename(folder / "product.csv")
    with pytest.raises(BadSource, match="column 'creator_id': missing") as refusal:
        ingest(str(folder), home)
    said = str(refusal.value)
    assert "left out 'creater_id' (did you mean 'creator_id'?)" in said
    assert "left out 'product.csv': not a table of the contract (did you mean 'products'?)" in said


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_a_file_of_0_bytes(ending: str, tmp_path: Path, home: Home) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    (folder / "products.csv").unlink()
    (folder / f"products.{ending}").touch()
    [problem] = refused(folder, home)
    assert problem.startswith(f"products.{ending}: 0 bytes; expected ")
    assert problem.endswith("export it again, or take it out of the folder")
    with pytest.raises(BadSource, match="0 bytes"):
        set_aside(folder, home)


@pytest.mark.parametrize("ending", ["parquet", "xlsx"])
def test_a_file_cut_short(ending: str, tmp_path: Path, home: Home) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    products = small_tables()["products"]
    (folder / "products.csv").unlink()
    whole = folder / f"products.{ending}"
    products.to_parquet(whole) if ending == "parquet" else products.to_excel(whole)
    whole.write_bytes(whole.read_bytes()[:-200])
    [problem] = refused(folder, home)
    assert problem.startswith(f"products.{ending}: broken or cut short (")


def test_a_formula_cell(tmp_path: Path, home: Home) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    (folder / "products.csv").unlink()
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(small_tables()["products"].columns))
    for row in (["p1", "b1", "lipstick", 99.5], ["p2", "b2", "tea", "=D2*2"]):
        sheet.append(row)
    sheet.append(["p3", "b2", "tea", "45"])  # a number kept as text
    book.save(folder / "products.xlsx")

    assert refused(folder, home) == [
        "products.xlsx, row 3, column 'price': a formula '=D2*2'; "
        "expected a plain value: copy the column and paste it as values"
    ]
    report = set_aside(folder, home)
    assert report.quarantined == {"products": 1, "session_products": 1}
    prices = read_facts(home)["products"].execute().set_index("product_id")["price"]
    assert prices.to_dict() == {"p1": 99.5, "p3": 45.0}
