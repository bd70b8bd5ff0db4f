"""Rising creators over HTTP and as a printed table."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from starlette.testclient import TestClient

from models.rising.rising_list import rising_list
from pipelines.publish import publish
from serving.app import create_app
from serving.rising_answers import rising_json
from serving.rising_table import rising_table
from serving.settings import ServingSettings
from tests.models.rising.test_rising_list import growing_matrix


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[TestClient]:
    publish(growing_matrix(), tmp_path / "matrix")
    with TestClient(create_app(ServingSettings(home=tmp_path))) as client:
        yield client


def test_the_answer_is_the_list_of_the_command_line(growing: TestClient) -> None:
    answer = growing.get("/v1/rising", params={"brand": "acme", "k": 1})
    assert answer.status_code == 200
    told = rising_json(rising_list(growing_matrix(), "acme", k=1))
    assert answer.json() == told | {"matrix_version": answer.headers["alliance-matrix"]}
    assert answer.json()["rows"][0]["creator_id"] == "c3"
    assert growing.get("/v1/rising?brand=acme&k=1").content == answer.content


@pytest.mark.parametrize(
    ("asked", "status"),
    [("q=0", 422), ("q=1.5", 422), ("k=0", 422), ("rate=0.1", 422), ("brand=acme-eu", 404)],
)
def test_a_wrong_question_is_a_problem(growing: TestClient, asked: str, status: int) -> None:
    assert growing.get(f"/v1/rising?{asked}").status_code == status


def test_the_table_tells_growth_and_cold_starts() -> None:
    console = Console(width=140, record=True, file=StringIO())
    console.print(rising_table(rising_list(growing_matrix())))
    text = console.export_text()
    assert "2 of 3 tested" in text
    assert "x3.2" in text
    assert "2.1-4.8" in text
    assert "audience shares; no session" in text


def test_growth_and_the_quadrant_rising_star_are_told_apart() -> None:
    console = Console(width=140, record=True, file=StringIO())
    console.print(rising_table(rising_list(growing_matrix())))
    assert "quadrant 'rising star' of a diagnosis is another thing" in " ".join(
        console.export_text().split()
    )
