"""The way to a peer of another environment and back, with an echo in place of the peer."""

import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.quality.peers import apart
from features.errors import NotReady

SAND = {"sand": np.array([[1.0, 2.0]])}


@pytest.fixture(autouse=True)
def _echo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(apart, "PACKAGE", "tests.benchmarks.quality.peers")


def test_arrays_and_settings_arrive_and_scores_come_back() -> None:
    answer = apart.apart("echo", {"times": 3, "fails": False}, SAND)
    np.testing.assert_array_equal(answer, [[3.0, 6.0]])


def test_a_peer_that_fails_is_told_with_its_own_words() -> None:
    with pytest.raises(NotReady, match="no such sand"):
        apart.apart("echo", {"fails": True}, SAND)


def test_without_the_environment_the_way_to_install_it_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(apart, "PYTHON", tmp_path / ".venv-peers" / "bin" / "python")
    with pytest.raises(NotReady, match="'make peers'"):
        apart.apart("echo", {}, SAND)
