"""What an interrupted command leaves behind: nothing half-written."""

from pathlib import Path

import pytest

from pipelines import publish as publishing
from pipelines import store
from pipelines.cli import DONE, INTERRUPTED
from pipelines.home import Home
from pipelines.publish import publish
from tests.matrices import small_matrix
from tests.pipelines.alliance import TINY, Alliance, interrupt, sizes
from tests.pipelines.small_source import small_tables, with_cell, write_csv


def test_an_interrupted_ingest_leaves_the_facts_as_they_were(
    alliance: Alliance, home: Home, sales: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert alliance("ingest", sales).code == DONE
    before = store.current_version(home).fingerprint
    more = write_csv(with_cell(small_tables(), "products", 2, "price", "80"), sales)
    with monkeypatch.context() as patched:
        patched.setattr(store, "_switch", interrupt)
        told = alliance("ingest", more)
    assert told.code == INTERRUPTED
    assert "Interrupted; nothing half-written is left behind." in told.err
    assert store.current_version(home).fingerprint == before
    assert alliance("ingest", more).code == DONE
    assert store.current_version(home).fingerprint != before
    assert not (home.facts / ".building").exists()


def test_an_interrupted_publication_leaves_the_matrix_as_it_was(
    alliance: Alliance, home: Home, published: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "_put", interrupt)
        with pytest.raises(KeyboardInterrupt):
            publish(small_matrix(currency="USD"), home.matrix)
    assert {path.name for path in home.matrix.iterdir()} == {published, "CURRENT", ".lock"}
    assert alliance("shortlist", "acme", "--json").document["matrix_version"] == published
    second = publish(small_matrix(currency="USD"), home.matrix)
    left = {path.name for path in home.matrix.iterdir()}
    assert left == {published, second, "CURRENT", ".lock"}


def test_an_interrupted_world_leaves_no_folder(
    alliance: Alliance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.sources.write._write", interrupt)
    assert alliance("world", tmp_path / "w", *sizes(TINY)).code == INTERRUPTED
    assert not (tmp_path / "w").exists()


def test_a_world_interrupted_after_its_truth_can_be_made_again(
    alliance: Alliance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(frame: object, path: Path, *rest: object) -> None:
        if "truth" in path.parent.name:
            path.touch()
        else:
            interrupt()

    with monkeypatch.context() as patched:
        patched.setattr("pipelines.sources.write._write", write)
        assert alliance("world", tmp_path / "w", *sizes(TINY)).code == INTERRUPTED
    assert not (tmp_path / "w-truth").exists()
    assert alliance("world", tmp_path / "w", *sizes(TINY)).code == DONE
