"""A service over a folder that matrices are published into."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pipelines.publish import publish
from serving.app import create_app
from serving.settings import ServingSettings
from tests.matrices import small_matrix


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def empty_service(home: Path) -> Iterator[TestClient]:
    """A service that was started before anything was published."""
    with TestClient(create_app(ServingSettings(home=home))) as client:
        yield client


@pytest.fixture
def service(home: Path) -> Iterator[TestClient]:
    """A service over the small matrix."""
    publish(small_matrix(), home / "matrix")
    with TestClient(create_app(ServingSettings(home=home))) as client:
        yield client
