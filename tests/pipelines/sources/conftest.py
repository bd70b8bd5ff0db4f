"""A home to ingest into."""

from pathlib import Path

import pytest

from pipelines.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")
