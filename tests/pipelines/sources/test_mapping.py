"""A mapping turns a foreign export into the contract, and refuses what it does not know."""

from pathlib import Path

import pytest

from features.errors import WrongInput
from features.facts import Meaning
from pipelines.sources.folder import read_folder
from pipelines.sources.mapping import read_mapping
from pipelines.sources.validation import check_source
from tests.pipelines.small_source import frame, small_tables, write_csv

MAPPING = """
currency = "USD"
zone = "Asia/Shanghai"
encoding = "gb18030"
absent = "zero"
denominator = "views"

[tables.sessions]
file = "直播*.csv"
[tables.sessions.columns]
"场次" = "session_id"
"达人" = "creator_id"
"开播" = "started_at"
"场观" = {to = "views", parse = "wan"}
"""


def mapping(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_foreign_export_becomes_the_contract(tmp_path: Path) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    (folder / "sessions.csv").unlink()
    rows = [
        "s1,c1,2026-05-01 20:00:00,1.2w",
        "s2,c1,2026-05-02 20:00:00,--",
        "s3,c2,2026-05-03,5亿",
    ]
    export = frame("场次,达人,开播,场观", *rows)
    export.to_csv(folder / "直播间五月.csv", index=False, encoding="gb18030")
    for name in ("brands", "creators", "products", "session_products"):
        small_tables()[name].to_csv(folder / f"{name}.csv", index=False, encoding="gb18030")
    mapping(folder, MAPPING)

    source = read_folder(folder)
    checked = check_source(source)

    assert checked.problems == ()
    assert source.meaning == Meaning("views", "USD", "zero")
    sessions = checked.good()["sessions"]
    assert sessions["views"].fillna(-1).tolist() == [12_000, -1, 500_000_000]
    assert [str(start) for start in sessions["started_at"]] == [
        "2026-05-01 12:00:00",
        "2026-05-02 12:00:00",
        "2026-05-02 16:00:00",
    ]


def test_a_problem_names_the_column_as_the_export_does(tmp_path: Path) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    tables = frame("场次,达人,开播,场观", "s1,c1,2026-05-01 20:00:00,many")
    (folder / "sessions.csv").unlink()
    tables.to_csv(folder / "直播.csv", index=False, encoding="gb18030")
    for name in ("brands", "creators"):
        small_tables()[name].to_csv(folder / f"{name}.csv", index=False, encoding="gb18030")
    mapping(folder, MAPPING)
    problem = check_source(read_folder(folder)).checks["sessions"].problems()
    assert [str(p) for p in problem] == [
        "直播.csv, row 2, column '场观': 'many'; expected a whole number, at least 0 "
        "(it is not a number such as 1.2w, 3.4万 or 1亿)"
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("curency = 'CNY'", "the mapping has no key 'curency', only currency, zone, encoding"),
        ("zone = 'Peking'", "zone 'Peking' is no IANA zone such as Asia/Shanghai"),
        ("encoding = 'gbq'", "encoding 'gbq' is unknown: try gb18030 or utf-8"),
        ("absent = 'null'", "absent is 'null', not one of not_offered, zero"),
        ("denominator = 'fans'", "denominator is 'fans', not one of clicks, impressions"),
        ("currency = 5", "currency must be text, not 5"),
        ("[tables.session]", "tables.session: no such table in the contract"),
        ("[tables.sessions]\nfiles = 'a'", "tables.sessions has no key 'files', only file, table"),
        (
            "[tables.sessions.columns]\na = 'gmv'",
            "tables.sessions.columns.'a': sessions has no column 'gmv'",
        ),
        (
            "[tables.sessions.columns]\na = {to = 'views', parse = 'wann'}",
            "tables.sessions.columns.'a'.parse is 'wann', not one of number, wan, percent",
        ),
        (
            "[tables.sessions.columns]\na = 'views'\nb = 'views'",
            "tables.sessions: two columns are mapped to 'views'",
        ),
        (
            "[tables.sessions.columns]\na = {to = 'session_id', parse = 'wan'}",
            "'session_id' is a non-empty id: it takes no parser",
        ),
        ("currency = ", "not a TOML file in UTF-8"),
    ],
)
def test_a_mapping_that_cannot_be_followed(text: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(WrongInput) as refusal:
        read_mapping(mapping(tmp_path, text))
    assert str(refusal.value).startswith(f"{tmp_path / 'mapping.toml'}: ")
    assert sentence in str(refusal.value)


def test_a_file_the_mapping_names_must_be_there(tmp_path: Path) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    mapping(folder, MAPPING)
    with pytest.raises(WrongInput, match=r"the mapping names '直播\*.csv' for sessions, but"):
        read_folder(folder)


def test_a_mapping_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match=r"no mapping file '.*mapping.toml'"):
        read_mapping(tmp_path / "mapping.toml")
