"""A written source reads back as the same facts, in every format."""

from pathlib import Path

import pandas as pd
import pytest

from features.errors import WrongInput
from pipelines.home import Home
from pipelines.ingest import ingest
from pipelines.sources.write import FileFormat, iso_times, write_source
from tests.pipelines.small_source import small_tables, write_csv
from tests.pipelines.test_store import good_tables


@pytest.mark.parametrize("file_format", ["csv", "parquet", "xlsx"])
def test_a_written_source_has_the_facts_it_was_made_of(
    tmp_path: Path, file_format: FileFormat
) -> None:
    expected = ingest(str(write_csv(small_tables(), tmp_path / "csv")), Home(tmp_path / "a"))
    write_source(good_tables(), tmp_path / "world", format=file_format)
    assert ingest(str(tmp_path / "world"), Home(tmp_path / "b")).fingerprint == expected.fingerprint


def test_times_are_written_with_the_offset_of_the_zone() -> None:
    times = pd.Series(
        [pd.Timestamp("2026-05-01T12"), pd.Timestamp("2026-05-01T12:00:00.5"), pd.NaT]
    )
    local = times.dt.tz_localize("UTC").dt.tz_convert("Asia/Shanghai")
    assert iso_times(local).fillna("").tolist() == [
        "2026-05-01T20:00:00+08:00",
        "2026-05-01T20:00:00.500000+08:00",
        "",
    ]


def test_a_folder_with_files_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    with pytest.raises(WrongInput, match="is not empty: name a new folder"):
        write_source(good_tables(), tmp_path)


def test_a_crash_leaves_no_half_a_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("pipelines.sources.write.os.replace", crash)
    with pytest.raises(OSError, match="disk full"):
        write_source(good_tables(), tmp_path / "world")
    assert not (tmp_path / "world").exists()
