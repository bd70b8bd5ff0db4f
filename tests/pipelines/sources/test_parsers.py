"""Foreign units become plain numbers, and nothing is guessed."""

import math

import pandas as pd
import pytest

from pipelines.sources.parsers import (
    PARSERS,
    duration_seconds,
    is_missing,
    number,
    parse_column,
    percent,
    wan,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.2w", 12_000),
        ("1.2W", 12_000),
        ("1.2万", 12_000),
        ("3亿", 300_000_000),
        ("1,234", 1_234),
        ("0", 0),
        ("¥2.5万", 25_000),
        ("-3.5", -3.5),
    ],
)
def test_a_number_with_a_chinese_unit(text: str, expected: float) -> None:
    assert wan(text) == expected


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("13小时46分钟38秒", 13 * 3600 + 46 * 60 + 38),
        ("46分38秒", 46 * 60 + 38),
        ("1天2小时", 86_400 + 7_200),
        ("58秒", 58),
        ("13:46:38", 13 * 3600 + 46 * 60 + 38),
    ],
)
def test_a_duration_in_seconds(text: str, seconds: int) -> None:
    assert duration_seconds(text) == seconds


def test_a_percentage_is_a_share() -> None:
    assert percent("0.15%") == 0.0015
    assert percent("12 ％") == 0.12


@pytest.mark.parametrize("text", ["1-5%", "1%-5%", "1%~5%"])
def test_a_range_of_percentages_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is a range, not one value, and its midpoint"):
        percent(text)


@pytest.mark.parametrize("text", ["1w-2.5w", "1000~2500", "100至250", "10w+", ">100", "1万以上"])
def test_a_range_of_sales_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is a range"):
        wan(text)


@pytest.mark.parametrize("parser", PARSERS.values())
@pytest.mark.parametrize("text", ["many", "1.2.3", "%", "w", "12,34", "五"])
def test_what_is_no_number_is_refused(parser: object, text: str) -> None:
    with pytest.raises(ValueError, match="such as"):
        parser(text)  # type: ignore[operator]  # each is a callable of one text


def test_missing_marks() -> None:
    assert all(is_missing(mark) for mark in ("", " ", "-", "--", "N/A", None, math.nan))
    assert not any(is_missing(value) for value in ("0", "0%", "无"))


def test_a_column_keeps_its_rows_and_names_the_refused_ones() -> None:
    parsed = parse_column(pd.Series(["1.2w", "--", "many", "1.2w"], index=[2, 3, 4, 5]), wan)
    assert parsed.values[[2, 5]].tolist() == [12_000, 12_000]
    assert parsed.values[[3, 4]].isna().all()
    assert parsed.refused == {4: "'many' is not a number such as 1.2w, 3.4万 or 1亿"}


def test_thousands_separators() -> None:
    assert number("1,234,567.8") == 1_234_567.8
