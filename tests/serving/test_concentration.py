"""Concentration over HTTP, as a printed table and as a picture."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console
from starlette.testclient import TestClient

from models.concentration import concentration
from pipelines.publish import publish
from serving.app import create_app
from serving.concentration_answers import concentration_json
from serving.concentration_picture import lorenz_svg
from serving.concentration_table import concentration_table
from serving.settings import ServingSettings
from tests.models.concentration.test_of_matrix import shown_matrix


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[TestClient]:
    publish(shown_matrix(), tmp_path / "matrix")
    with TestClient(create_app(ServingSettings(home=tmp_path))) as client:
        yield client


def test_the_answer_is_that_of_the_command_line(shown: TestClient) -> None:
    asked = "k=1&floor=tail=0.5&floor_of=places"
    answer = shown.get(f"/v1/concentration?{asked}")
    assert answer.status_code == 200
    told = concentration_json(concentration(shown_matrix(), 1, {"tail": 0.5}, "places"))
    assert answer.json() == told | {"matrix_version": answer.headers["alliance-matrix"]}
    assert answer.json()["floor"]["cost"] == 900
    assert shown.get(f"/v1/concentration?{asked}").content == answer.content


@pytest.mark.parametrize(
    "asked", ["k=0", "floor=tail", "floor=top=0.1", "floor=tail=3", "objective=profit", "x=1"]
)
def test_a_wrong_question_is_a_problem(shown: TestClient, asked: str) -> None:
    answer = shown.get(f"/v1/concentration?{asked}")
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_the_table_tells_tiers_and_costs() -> None:
    console = Console(width=120, record=True, file=StringIO())
    told = concentration(shown_matrix(), 1, {"tail": 0.5}, "places")
    console.print(concentration_table(told))
    text = console.export_text()
    assert "A floor of tail 50% of the places costs 900 CNY" in text
    assert "exposure, last 90 days" in text


def test_the_picture_is_whole_and_loads_nothing() -> None:
    picture = lorenz_svg(concentration(shown_matrix()))
    root = ElementTree.fromstring(picture)
    assert len(root.findall("{http://www.w3.org/2000/svg}polyline")) == 4
    assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")
