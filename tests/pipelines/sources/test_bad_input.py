"""Bad cells, each case with its verdict: refused by file, row and column, or set aside."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from pipelines.home import Home
from pipelines.ingest import ingest
from pipelines.store import read_facts
from tests.pipelines.small_source import small_tables, with_cell, with_row, write_csv
from tests.pipelines.sources.refusals import reasons, refused, set_aside


@dataclass(frozen=True)
class Case:
    """One cell changed in the small source, and what must be said of it."""

    table: str
    row: int
    column: str
    value: str | None
    says: str


CASES = {
    "a negative GMV": Case(
        "session_products", 2, "gmv", "-995",
        "session_products.csv, row 2, column 'gmv': '-995'; "
        "expected an amount of money in major units, at least 0",
    ),
    "orders above clicks": Case(
        "session_products", 2, "orders", "101",
        "session_products.csv, row 2, column 'orders': 101 orders but 100 clicks; "
        "expected orders at most clicks",
    ),
    "clicks above impressions": Case(
        "session_products", 3, "clicks", "801",
        "session_products.csv, row 3, column 'clicks': 801 clicks but 800 impressions; "
        "expected clicks at most impressions",
    ),
    "an unknown product": Case(
        "session_products", 5, "product_id", "p9",
        "session_products.csv, row 5, column 'product_id': unknown product 'p9'; "
        "expected a product_id of the table products",
    ),
    "an unknown session": Case(
        "session_products", 5, "session_id", "s9",
        "session_products.csv, row 5, column 'session_id': unknown session 's9'; "
        "expected a session_id of the table sessions",
    ),
    "an unknown creator": Case(
        "sessions", 4, "creator_id", "c9",
        "sessions.csv, row 4, column 'creator_id': unknown creator 'c9'; "
        "expected a creator_id of the table creators",
    ),
    "an unknown brand": Case(
        "products", 4, "brand_id", "b9",
        "products.csv, row 4, column 'brand_id': unknown brand 'b9'; "
        "expected a brand_id of the table brands",
    ),
    "a session that ends before it starts": Case(
        "sessions", 4, "ended_at", "2026-05-03T06:00:00+08:00",
        "sessions.csv, row 4, column 'ended_at': 2026-05-02 22:00:00 is before started_at "
        "2026-05-02 23:00:00 (both UTC); expected ended_at not before started_at",
    ),
    "a date in 1970": Case(
        "sessions", 4, "ended_at", "1970-01-01T00:00:00Z",
        "sessions.csv, row 4, column 'ended_at': '1970-01-01T00:00:00Z'; "
        "expected a time from the year 2000 on (1970 is what an empty date becomes)",
    ),
    "a date far in the future": Case(
        "sessions", 4, "ended_at", "2962-05-03T09:00:00+08:00",
        "sessions.csv, row 4, column 'ended_at': '2962-05-03T09:00:00+08:00'; "
        "expected a time before the year 2101",
    ),
    "a time without zone": Case(
        "sessions", 4, "started_at", "2026-05-03 07:00:00",
        "sessions.csv, row 4, column 'started_at': '2026-05-03 07:00:00'; expected an offset "
        'such as +08:00, or `zone = "Asia/Shanghai"` in the mapping',
    ),
    "a time that is none": Case(
        "sessions", 4, "started_at", "yesterday",
        "sessions.csv, row 4, column 'started_at': 'yesterday'; expected an ISO 8601 time with "
        "an offset, such as 2026-05-02T20:00:00+08:00",
    ),
    "an epoch number": Case(
        "sessions", 4, "started_at", "1777777777",
        "sessions.csv, row 4, column 'started_at': '1777777777'; expected an ISO 8601 time with "
        "an offset, such as 2026-05-02T20:00:00+08:00",
    ),
    "half an order": Case(
        "session_products", 2, "orders", "2.5",
        "session_products.csv, row 2, column 'orders': '2.5'; "
        "expected a whole number, at least 0",
    ),
    "an infinite price": Case(
        "products", 2, "price", "inf",
        "products.csv, row 2, column 'price': 'inf'; "
        "expected an amount of money in major units, at least 0",
    ),
    "text in a number": Case(
        "products", 2, "price", "ninety",
        "products.csv, row 2, column 'price': 'ninety'; "
        "expected an amount of money in major units, at least 0",
    ),
    "an empty required cell": Case(
        "products", 4, "category", None,
        "products.csv, row 4, column 'category': empty; expected text",
    ),
    "more returned than sold": Case(
        "returns", 3, "orders", "9",
        "returns.csv, row 3, column 'orders': 11 orders returned so far of 10 sold; "
        "expected returned orders of a session's product at most its orders",
    ),
    "a return of what was not offered": Case(
        "returns", 3, "product_id", "p3",
        "returns.csv, row 3, column 'product_id': session 's1' has no line of product 'p3'; "
        "expected a line of the table session_products",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_one_bad_cell_is_refused_by_file_row_and_column(
    case: Case, tmp_path: Path, home: Home
) -> None:
    tables = with_cell(small_tables(), case.table, case.row, case.column, case.value)
    assert refused(write_csv(tables, tmp_path / "sales"), home) == [case.says]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_one_bad_cell_is_set_aside_with_its_reason(case: Case, tmp_path: Path, home: Home) -> None:
    tables = with_cell(small_tables(), case.table, case.row, case.column, case.value)
    report = set_aside(write_csv(tables, tmp_path / "sales"), home)

    assert report.quarantined[case.table] == 1
    assert report.rows[case.table] == len(tables[case.table]) - 1
    [(row, reason)] = reasons(home, case.table)
    assert row == case.row
    assert reason == case.says.replace(f"{case.table}.csv, row {row}, ", "")


def test_every_problem_is_listed_at_once(tmp_path: Path, home: Home) -> None:
    tables = small_tables()
    for case in (CASES["a negative GMV"], CASES["a date in 1970"], CASES["an unknown brand"]):
        tables = with_cell(tables, case.table, case.row, case.column, case.value)
    problems = refused(write_csv(tables, tmp_path / "sales"), home)
    assert problems == [
        CASES["an unknown brand"].says,
        CASES["a date in 1970"].says,
        CASES["a negative GMV"].says,
    ]


def test_shares_lie_between_0_and_1(tmp_path: Path, home: Home) -> None:
    tables = small_tables()
    tables["products"]["commission_rate"] = ["0.2", "20", "-0.1"]
    assert refused(write_csv(tables, tmp_path / "sales"), home) == [
        "products.csv, row 3, column 'commission_rate': '20'; expected a share between 0 and 1",
        "products.csv, row 4, column 'commission_rate': '-0.1'; expected a share between 0 and 1",
    ]


def test_paid_views_above_views(tmp_path: Path, home: Home) -> None:
    tables = small_tables()
    tables["sessions"]["paid_views"] = ["1001", "5", None]
    assert refused(write_csv(tables, tmp_path / "sales"), home) == [
        "sessions.csv, row 2, column 'paid_views': 1001 paid_views but 1000 views; "
        "expected paid_views at most views"
    ]


def test_orders_above_impressions_where_clicks_are_unknown(tmp_path: Path, home: Home) -> None:
    tables = small_tables()
    tables["session_products"].loc[3, ["orders", "clicks"]] = ["301", None]
    assert refused(write_csv(tables, tmp_path / "sales"), home) == [
        "session_products.csv, row 5, column 'orders': 301 orders but 300 impressions; "
        "expected orders at most impressions"
    ]


def test_a_format_that_is_none_of_the_three(tmp_path: Path, home: Home) -> None:
    tables = small_tables()
    tables["sessions"]["format"] = ["field", "mixed", "solo"]
    assert refused(write_csv(tables, tmp_path / "sales"), home) == [
        "sessions.csv, row 4, column 'format': 'solo'; expected one of field, mixed, dedicated"
    ]


def test_duplicate_ids_in_one_file(tmp_path: Path, home: Home) -> None:
    tables = with_row(small_tables(), "creators", "c1,小美二号,5")
    folder = write_csv(tables, tmp_path / "sales")
    assert refused(folder, home) == [
        "creators.csv, row 4, column 'creator_id': same creator_id as row 2; "
        "expected each creator_id once in a file"
    ]
    assert set_aside(folder, home).rows["creators"] == 2
    names = read_facts(home)["creators"].execute().set_index("creator_id")["name"]
    assert names["c1"] == "小美"


def test_an_id_with_blanks_around_it_is_the_same_id(tmp_path: Path, home: Home) -> None:
    tables = with_cell(small_tables(), "sessions", 2, "creator_id", " c1 ")
    ingest(str(write_csv(tables, tmp_path / "sales")), home)
    assert set(read_facts(home)["sessions"].execute()["creator_id"]) == {"c1", "c2"}


def test_rows_that_name_a_row_in_quarantine_follow_it(tmp_path: Path, home: Home) -> None:
    tables = with_cell(small_tables(), "brands", 2, "industry", None)
    folder = write_csv(tables, tmp_path / "sales")
    assert refused(folder, home) == ["brands.csv, row 2, column 'industry': empty; expected text"]

    report = set_aside(folder, home)

    assert report.quarantined == {
        "brands": 1,  # b1
        "products": 1,  # p1 is b1's
        "session_products": 2,  # s1 and s2 sold p1
        "returns": 2,  # both are of p1
    }
    [(_, reason)] = reasons(home, "products")
    assert reason.startswith("column 'brand_id': its brand 'b1' is in quarantine")


def test_the_quarantine_keeps_the_columns_as_they_were_written(tmp_path: Path, home: Home) -> None:
    tables = with_cell(small_tables(), "session_products", 2, "gmv", "-995")
    report = set_aside(write_csv(tables, tmp_path / "sales"), home)
    file = home.quarantine / "sales" / "session_products.csv"
    assert report.quarantine == str(file.parent)
    assert file.read_text(encoding="utf-8-sig").splitlines() == [
        "file,row,reasons,session_id,product_id,orders,gmv,impressions,clicks",
        "session_products.csv,2,\"column 'gmv': '-995'; expected an amount of money in major "
        'units, at least 0",s1,p1,10,-995,900,100',
    ]


@pytest.mark.parametrize("value", ["1-5%", "10%~20%"])
def test_a_range_is_never_its_midpoint(value: str, tmp_path: Path, home: Home) -> None:
    tables = small_tables()
    tables["products"]["佣金"] = ["10%", value, "--"]
    folder = write_csv(tables, tmp_path / "sales")
    (folder / "mapping.toml").write_text(
        "[tables.products.columns]\n'佣金' = {to = 'commission_rate', parse = 'percent'}",
        encoding="utf-8",
    )
    [problem] = refused(folder, home)
    assert problem.startswith(f"products.csv, row 3, column '佣金': '{value}'; expected a share")
    assert "its midpoint would be a guess" in problem
    assert set_aside(folder, home).quarantined == {"products": 1, "session_products": 1}
    rates = read_facts(home)["products"].execute().set_index("product_id")["commission_rate"]
    assert rates["p1"] == 0.1
    assert pd.isna(rates["p3"])
