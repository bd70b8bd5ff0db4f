"""A 蝉妈妈 export becomes hosts, sessions and products, and no line that it does not tell."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest

from features.errors import BadSource, WrongInput
from features.facts import facts_from_frames
from pipelines.sources import chanmama
from pipelines.sources.raw import RawSource
from pipelines.sources.validation import check_source

SESSION = {
    "Name_of_the_livestream": "直播间",
    "Start_time": "08-31 11:53",
    "Peak_viewers": "15042",
    "Number_of_goods_sold": "140796",
    "Total_sales_amount": "11674555.88",
    "Duration": "13小时46分钟38秒",
    "Views": "4146340",
    "Number_of_new_followers": "6231",
    "Name": "host-10",
    "Host_category": "F",
    "Occupation": "Entrepreneur",
}
PRODUCT = {
    "Goods_category": "Shoe bag",
    "Retailing_price_(YUAN)": "99",
    "Commission_rate": "15.00%",
    "Sales_volume": "200",
    "Sales_amount": "19800",
    "Conversion_rate": "5.50%",
    "Short_video": "0",
    "Live_streaming": "2",
    "Name": "host-10",
}
Cells = Mapping[str, str]
Export = Callable[..., Path]


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """An export of the given rows; each row says only what differs from the usual one."""

    def write(sessions: Sequence[Cells] = ({},), products: Sequence[Cells] = ({},)) -> Path:
        for file, usual, rows in (
            ("live_sessions.xlsx", SESSION, sessions),
            ("products.xlsx", PRODUCT, products),
        ):
            pd.DataFrame([{**usual, **row} for row in rows]).to_excel(tmp_path / file, index=False)
        return tmp_path

    return write


def table(source: RawSource, name: str) -> pd.DataFrame:
    return next(raw.frame for raw in source.tables if raw.name == name)


def started(source: RawSource) -> list[str]:
    return [f"{moment:%Y-%m-%d %H:%M}" for moment in table(source, "sessions")["started_at"]]


def test_a_session_lasts_its_chinese_duration_in_shanghai(export: Export) -> None:
    source = chanmama.read(export(), year=2021)
    session = table(source, "sessions").iloc[0]
    assert str(session["started_at"]) == "2021-08-31 11:53:00"
    assert str(session["ended_at"]) == "2021-09-01 01:39:38"  # + 13 h 46 min 38 s
    assert source.zone == "Asia/Shanghai"
    assert session["session_id"] == "host-10-202108311153"
    assert (session["views"], session["peak_online"], session["new_followers"]) == (
        4_146_340,
        15_042,
        6_231,
    )


def test_without_a_year_the_command_that_gives_one_is_named(export: Export) -> None:
    folder = export()
    with pytest.raises(WrongInput, match=rf"chanmama:{folder}\?year=2021"):
        chanmama.read(folder)


def test_a_session_after_new_year_is_of_the_next_year(export: Export) -> None:
    folder = export(
        [
            {"Start_time": "01-02 20:00"},
            {"Start_time": "01-01 20:00"},
            {"Start_time": "12-31 20:00"},
            {"Start_time": "11-20 20:00"},
        ]
    )
    assert started(chanmama.read(folder, year=2021)) == [
        "2022-01-02 20:00",
        "2022-01-01 20:00",
        "2021-12-31 20:00",
        "2021-11-20 20:00",
    ]


def test_a_session_over_midnight_of_new_year_ends_in_the_next_year(export: Export) -> None:
    folder = export([{"Start_time": "12-31 23:30", "Duration": "1小时"}])
    ended = table(chanmama.read(folder, year=2021), "sessions")["ended_at"]
    assert str(ended.iloc[0]) == "2022-01-01 00:30:00"


def test_sessions_all_over_the_calendar_have_no_visible_beginning(export: Export) -> None:
    days = [
        {"Start_time": f"{month:02}-{day:02} 20:00"} for month in range(1, 13) for day in (1, 16)
    ]
    with pytest.raises(WrongInput, match="cannot be told where they begin"):
        chanmama.read(export(days), year=2021)


def test_cells_that_cannot_be_read_are_problems_of_their_row(export: Export) -> None:
    folder = export(
        [{}, {"Start_time": "02-29 20:00"}, {"Duration": "long", "Views": "1w-2.5w"}],
        [{}, {"Retailing_price_(YUAN)": "cheap"}],
    )
    source = chanmama.read(folder, year=2021)
    found = {raw.name: [str(p) for p in raw.problems] for raw in source.tables if raw.problems}
    assert found["sessions"][:2] == [
        "live_sessions.xlsx, row 3, column 'Start_time': '02-29 20:00'; expected a month, day and "
        "clock time of 2021 such as 08-31 11:53",
        "live_sessions.xlsx, row 4, column 'Duration': 'long'; expected a duration such as "
        "13小时46分钟38秒",
    ]
    assert (
        "row 4, column 'Views': '1w-2.5w'; expected one value (it is a range"
        in (found["sessions"][2])
    )
    assert found["products"] == [
        "products.xlsx, row 3, column 'Retailing_price_(YUAN)': 'cheap'; expected a number such as "
        "1.2w, 3.4万 or 1亿"
    ]


def test_missing_marks_are_unknown_and_not_wrong(export: Export) -> None:
    source = chanmama.read(export([{"Views": "--", "Duration": "--"}]), year=2021)
    session = table(source, "sessions").iloc[0]
    assert pd.isna(session["views"])
    assert pd.isna(session["ended_at"])
    assert not any(raw.problems for raw in source.tables)


def test_of_two_sessions_begun_in_one_minute_the_longer_keeps_the_plain_id(export: Export) -> None:
    sessions = [{"Duration": "35秒", "Views": "0"}, {"Duration": "7小时16分钟45秒"}]
    ids = table(chanmama.read(export(sessions), year=2021), "sessions")["session_id"]
    assert ids.tolist() == ["host-10-202108311153-2", "host-10-202108311153"]


def test_junk_sessions_are_kept_and_counted(export: Export) -> None:
    sessions = [{}, {"Start_time": "08-30 12:00", "Duration": "9分钟59秒"}, {"Views": "0"}]
    source = chanmama.read(export(sessions), year=2021)
    assert len(table(source, "sessions")) == 3
    assert "2 of them last under 10 minutes or have no views" in source.notes[0]


def test_rows_with_nothing_but_a_host_are_left_out_with_a_count(export: Export) -> None:
    blank_session = {name: "" for name in SESSION if name != "Name"}
    blank_product = {name: " " for name in PRODUCT if name != "Name"}
    source = chanmama.read(export([blank_session, {}], [{}, blank_product]), year=2021)
    assert table(source, "sessions").index.tolist() == [3]
    assert table(source, "products").index.tolist() == [2]
    assert "1 session rows and 1 product rows" in source.notes[5]


def test_products_get_ids_and_a_placeholder_brand_and_no_session(export: Export) -> None:
    products = [{}, {}, {"Retailing_price_(YUAN)": "99.00"}, {"Name": "host-02"}]
    source = chanmama.read(export(products=products), year=2021)
    frame = table(source, "products")
    assert frame["product_id"].is_unique  # three are equal, and told apart by their order
    assert set(frame["brand_id"]) == {"unbranded: Shoe bag"}
    assert table(source, "brands")["industry"].tolist() == ["Shoe bag"]
    assert table(source, "session_products").empty
    assert "session_products is empty, nothing was split or made up" in source.notes[1]


def test_product_ids_are_the_same_at_every_reading(export: Export) -> None:
    folder = export(products=[{}, {}])
    first = table(chanmama.read(folder, year=2021), "products")["product_id"].tolist()
    assert table(chanmama.read(folder, year=2021), "products")["product_id"].tolist() == first
    assert chanmama.product_rates(folder)["product_id"].tolist() == first


def test_product_rates_are_shares_and_those_above_one_are_unknown(export: Export) -> None:
    folder = export(products=[{}, {"Conversion_rate": "103.44%"}])
    rates = chanmama.product_rates(folder)
    assert rates["conversion_rate"].iloc[0] == pytest.approx(0.055)
    assert pd.isna(rates["conversion_rate"].iloc[1])
    assert rates["commission_rate"].tolist() == pytest.approx([0.15, 0.15])
    assert rates[["units", "gmv", "sessions"]].iloc[0].tolist() == [200, 19_800, 2]
    assert "Dropped: 1 conversion rates" in chanmama.read(folder, year=2021).notes[5]


def test_a_category_in_chinese_is_its_english_twin(export: Export) -> None:
    products = [{"Goods_category": "鞋靴箱包"}, {}]
    source = chanmama.read(export(products=products), year=2021)
    assert table(source, "products")["category"].tolist() == ["Shoe bag", "Shoe bag"]
    assert source.notes[6].startswith("1 category cell(s)")


def test_a_host_is_known_by_name_letter_and_the_category_it_sells_most(export: Export) -> None:
    products = [
        {"Goods_category": "Shoe bag", "Sales_amount": "100"},
        {"Goods_category": "Others", "Sales_amount": "70"},
        {"Goods_category": "Others", "Sales_amount": "70"},
    ]
    source = chanmama.read(export(products=products), year=2021)
    assert table(source, "creators").to_numpy().tolist() == [["host-10", "host-10", "Others", "F"]]


def test_files_and_columns_that_are_missing_are_all_named(export: Export) -> None:
    folder = export()
    pd.DataFrame([SESSION]).drop(columns=["Duration", "Views"]).to_excel(
        folder / "live_sessions.xlsx", index=False
    )
    (folder / "products.xlsx").write_bytes(b"")
    with pytest.raises(BadSource) as refused:
        chanmama.read(folder, year=2021)
    problems = [(p.file, p.column) for p in refused.value.problems]
    assert problems == [
        ("live_sessions.xlsx", "Duration"),
        ("live_sessions.xlsx", "Views"),
        ("products.xlsx", None),
    ]


def test_an_export_without_records_is_refused(export: Export) -> None:
    folder = export([{name: "" for name in SESSION if name != "Name"}])
    with pytest.raises(BadSource, match=r"live_sessions\.xlsx: no records"):
        chanmama.read(folder, year=2021)


def test_an_export_without_a_readable_date_still_names_its_rows(export: Export) -> None:
    source = chanmama.read(export([{"Start_time": "yesterday"}]), year=2021)
    assert [p.row for raw in source.tables for p in raw.problems] == [2]


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="is no folder"):
        chanmama.read(tmp_path / "nowhere", year=2021)


def test_the_export_keeps_the_contract_and_its_times_become_utc(export: Export) -> None:
    checked = check_source(chanmama.read(export(), year=2021))
    assert checked.problems == ()
    assert checked.notes == ()  # no column was left out
    started_at = checked.good()["sessions"]["started_at"].iloc[0]
    assert str(started_at) == "2021-08-31 03:53:00"  # 11:53 in Shanghai


def test_a_wrong_cell_is_one_problem_of_the_checked_source(export: Export) -> None:
    folder = export([{}, {"Start_time": "02-30 20:00"}])
    problems = check_source(chanmama.read(folder, year=2021)).problems
    assert [(p.row, p.column) for p in problems] == [(3, "Start_time")]


def test_a_formula_in_a_cell_is_a_problem_and_never_a_value(export: Export) -> None:
    folder = export([{}, {"Views": "=2*1000"}])
    problems = check_source(chanmama.read(folder, year=2021)).problems
    assert [(p.row, p.column, p.found) for p in problems] == [
        (3, "Views", "a formula '=2*1000'"),
    ]


def test_facts_of_the_export_are_read_by_views(export: Export) -> None:
    source = chanmama.read(export(), year=2021)
    facts = facts_from_frames({raw.name: raw.frame for raw in source.tables}, source.meaning)
    assert facts.meaning.denominator == "views"
    assert facts.has("sessions", "views")
    assert not facts.has("session_products")
