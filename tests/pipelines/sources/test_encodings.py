"""Files that are not in UTF-8, or in more than one encoding."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.ingest import ingest
from pipelines.store import read_facts
from tests.pipelines.small_source import small_tables, write_csv
from tests.pipelines.sources.refusals import refused, set_aside


def write_in(folder: Path, name: str, rows: Sequence[tuple[str, str]]) -> Path:
    """A file whose rows each have an encoding of their own."""
    (folder / name).write_bytes(b"".join(row.encode(code) + b"\r\n" for row, code in rows))
    return folder


GBK_ROWS = [
    ("creator_id,name", "ascii"),
    ("c1,小美", "gb18030"),
    ("c2,Wang", "ascii"),
    ("c3,老王", "gb18030"),
]


def test_a_gbk_file_is_refused_by_row_with_the_way_out(tmp_path: Path, home: Home) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    write_in(folder, "creators.csv", GBK_ROWS)
    says = (
        "not in UTF-8, it looks like GB18030; expected UTF-8; if the whole file is GB18030, "
        'put `encoding = "gb18030"` in the mapping'
    )
    assert refused(folder, home) == [f"creators.csv, row {row}: {says}" for row in (2, 4)]


def test_a_gbk_file_is_read_when_the_mapping_says_so(tmp_path: Path, home: Home) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    write_in(folder, "creators.csv", GBK_ROWS)
    for name in ("brands", "products", "sessions", "session_products", "returns"):
        assert (folder / f"{name}.csv").read_bytes().isascii()
    (folder / "mapping.toml").write_text('encoding = "gbk"')
    ingest(str(folder), home)
    assert sorted(read_facts(home)["creators"].execute()["name"]) == ["Wang", "小美", "老王"]


def test_a_gbk_row_is_set_aside_readable(tmp_path: Path, home: Home) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    write_in(folder, "creators.csv", [*GBK_ROWS[:1], ("c1,Mei", "ascii"), *GBK_ROWS[2:]])
    assert set_aside(folder, home).quarantined == {"creators": 1}
    assert "c3,老王" in (home.quarantine / "sales" / "creators.csv").read_text("utf-8-sig")


@pytest.mark.parametrize(("mapping", "row"), [("", 2), ('encoding = "gb18030"', 4)])
def test_a_file_that_mixes_encodings_is_refused_by_row(
    mapping: str, row: int, tmp_path: Path, home: Home
) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    (folder / "mapping.toml").write_text(mapping)
    write_in(folder, "creators.csv", [*GBK_ROWS[:3], ("c3,老王", "utf-8")])
    [problem] = refused(folder, home)
    assert problem.startswith(f"creators.csv, row {row}: ")
    assert problem.endswith(
        "expected one encoding in the whole file: this one mixes UTF-8 and GB18030, "
        "save it as UTF-8"
    )


def test_a_row_with_a_cell_too_many(tmp_path: Path, home: Home) -> None:
    folder = write_csv(small_tables(), tmp_path / "sales")
    write_in(folder, "brands.csv", [("brand_id,industry\nb1,a,b\n\nb2,food", "ascii")])
    assert refused(folder, home) == ["brands.csv, row 2: 3 values; expected 2, as the header has"]
