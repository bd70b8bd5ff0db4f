"""A home of its own for each test of the command line, and what may lie in it."""

from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.publish import publish
from tests.matrices import small_matrix
from tests.pipelines.alliance import Alliance
from tests.pipelines.small_source import small_tables, write_csv


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("ALLIANCE_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home")


@pytest.fixture
def alliance(capsys: pytest.CaptureFixture[str], home: Home) -> Alliance:
    return Alliance(capsys)


@pytest.fixture
def published(home: Home) -> str:
    """A home in which the small matrix is published; its version."""
    return publish(small_matrix(), home.matrix)


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    return write_csv(small_tables(), tmp_path / "sales")
