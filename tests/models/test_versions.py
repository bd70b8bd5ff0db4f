"""History of a pair: kept versions and those of the past, by date, whatever was written."""

from datetime import date
from pathlib import Path

import pandas as pd

from models.versions import history
from pipelines.publish import publish
from tests.matrices import rows, small_matrix


def published(folder: Path, day: int, p: float) -> str:
    frame = rows()
    frame.loc[0, "p_above_benchmark"] = p
    frame.loc[0, "quadrant"] = "mend" if p < 0.2 else "core contributor"
    return publish(small_matrix(frame, as_of=date(2026, 5, day)), folder, keep=2)


def test_history_has_every_version_by_date(tmp_path: Path) -> None:
    for day, p in ((9, 0.1), (2, 0.9), (16, 0.15)):
        published(tmp_path, day, p)
    told = history(tmp_path, "acme", "c1")
    assert [(one.as_of.day, one.quadrant) for one in told] == [
        (2, "core contributor"),
        (9, "mend"),
        (16, "mend"),
    ]
    assert [one.p_above_benchmark for one in told] == [0.9, 0.1, 0.15]
    assert told[0].conversion is not None
    assert (told[0].conversion.mean, told[0].benchmark_rate) == (0.06, 0.04)


def test_a_version_of_an_older_alliance_says_what_it_can(tmp_path: Path) -> None:
    version = published(tmp_path, 2, 0.9)
    path = tmp_path / version / "matrix.parquet"
    pd.read_parquet(path).drop(columns=["p_above_peers"]).to_parquet(path)
    (told,) = history(tmp_path, "acme", "c1")
    assert (told.p_above_peers, told.p_above_benchmark) == (None, 0.9)


def test_a_broken_version_and_a_pair_that_was_not_scored_are_left_out(tmp_path: Path) -> None:
    version = published(tmp_path, 2, 0.9)
    published(tmp_path, 9, 0.1)
    assert history(tmp_path, "lan", "c2") == []
    (tmp_path / version / "matrix.parquet").write_bytes(b"spoiled")
    assert [one.as_of.day for one in history(tmp_path, "acme", "c1")] == [9]
