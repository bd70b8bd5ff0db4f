"""Publishing is all or nothing, and keeps the last versions."""

from pathlib import Path

import pandas as pd
import pytest

from models.matrix.files import CURRENT, current, current_version
from models.matrix.matrix import AllianceMatrix
from models.versions import versions
from pipelines import publish as publishing
from pipelines.publish import publish
from tests.matrices import rows, small_matrix


def with_gmv(gmv: float) -> AllianceMatrix:
    frame = rows()
    frame.loc[0, "gmv"] = gmv
    return small_matrix(frame)


def test_what_is_published_is_current(tmp_path: Path) -> None:
    version = publish(small_matrix(), tmp_path / "matrix")
    assert current_version(tmp_path / "matrix") == version
    assert current(tmp_path / "matrix").manifest.version == version


def test_the_same_matrix_published_twice_is_one_version(tmp_path: Path) -> None:
    assert publish(small_matrix(), tmp_path) == publish(small_matrix(rows()[::-1]), tmp_path)
    assert len(versions(tmp_path)) == 1


def test_the_last_versions_are_kept(tmp_path: Path) -> None:
    published = [publish(with_gmv(gmv), tmp_path) for gmv in (1, 2, 3, 4, 5)]
    assert versions(tmp_path) == published[:1:-1]
    assert current_version(tmp_path) == published[-1]


def test_what_older_versions_said_is_kept_for_comparison(tmp_path: Path) -> None:
    published = [publish(with_gmv(gmv), tmp_path, keep=2) for gmv in (1, 2, 3)]
    past = tmp_path / "past" / published[0]
    assert (past / "manifest.json").exists()
    said = pd.read_parquet(past / "matrix.parquet")["gmv"]
    assert said.tolist() == with_gmv(1).frame()["gmv"].tolist()
    assert not list(past.glob("*.npy"))


def test_an_older_matrix_published_again_is_current_and_kept(tmp_path: Path) -> None:
    first = publish(with_gmv(1), tmp_path, keep=2)
    publish(with_gmv(2), tmp_path, keep=2)
    assert publish(with_gmv(1), tmp_path, keep=2) == first
    publish(with_gmv(3), tmp_path, keep=2)
    assert first in versions(tmp_path)


def test_a_broken_version_is_replaced_when_it_is_published_again(tmp_path: Path) -> None:
    version = publish(small_matrix(), tmp_path)
    (tmp_path / version / "gmv.npy").write_bytes(b"spoiled")
    publish(small_matrix(), tmp_path)
    assert len(current(tmp_path)) == 5


def test_a_publisher_that_fails_or_is_killed_leaves_the_old_version_current(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = publish(with_gmv(1), tmp_path)

    def die(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(publishing, "_put", die)
    with pytest.raises(OSError, match="no space"):
        publish(with_gmv(2), tmp_path)
    monkeypatch.undo()
    assert current(tmp_path).manifest.version == old
    assert not any(tmp_path.glob(".building-*"))
    (tmp_path / ".building-killed" / "matrix").mkdir(parents=True)
    publish(with_gmv(3), tmp_path)
    assert not any(tmp_path.glob(".building-*"))


def test_nothing_but_versions_the_pointer_and_the_lock_is_left(tmp_path: Path) -> None:
    version = publish(small_matrix(), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([".lock", version, CURRENT])
