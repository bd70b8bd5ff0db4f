"""Concentration over HTTP, as a printed table and as a picture."""

import json
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from rich.console import Console
from starlette.testclient import TestClient

from models.concentration import concentration
from models.concentration.published import CONCENTRATION
from pipelines.publish import publish
from pipelines.score import usual_concentration
from serving.app import create_app
from serving.concentration_answers import concentration_json
from serving.concentration_picture import lorenz_svg
from serving.concentration_table import concentration_table
from serving.settings import ServingSettings
from tests.matrices import rows, small_matrix
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


def test_the_usual_question_is_read_and_another_one_solved(tmp_path: Path) -> None:
    matrix, matrix_dir = shown_matrix(), tmp_path / "matrix"
    planted = replace(concentration(matrix), worth=1.0)
    version = publish(matrix, matrix_dir, shared_out=planted)
    with TestClient(create_app(ServingSettings(home=tmp_path))) as client:
        usual = client.get("/v1/concentration").json()
        assert (usual["worth"], usual["matrix_version"]) == (1.0, version)
        assert client.get("/v1/concentration?k=1").json()["worth"] == 4_500 + 7_000
        for left in ("{", json.dumps(usual | {"matrix_version": "of another"})):
            (matrix_dir / version / CONCENTRATION).write_text(left, encoding="utf-8")
            assert client.get("/v1/concentration").json()["worth"] > 1  # solved on request
        publish(matrix, matrix_dir, shared_out=planted)  # sound already: what lies beside is new
        assert client.get("/v1/concentration").json()["worth"] == 1


def test_what_is_published_is_what_would_be_solved(shown: TestClient, tmp_path: Path) -> None:
    solved = shown.get("/v1/concentration").content
    publish(shown_matrix(), tmp_path / "matrix", shared_out=usual_concentration(shown_matrix()))
    assert (
        tmp_path / "matrix" / shown.get("/v1/matrix").json()["version"] / CONCENTRATION
    ).exists()
    assert shown.get("/v1/concentration").content == solved
    nothing = dict.fromkeys(("profit", "net_gmv", "gmv"), np.nan)
    absent = {"null_columns": dict.fromkeys(nothing, "no money")}
    assert usual_concentration(small_matrix(rows().assign(**nothing), **absent)) is None


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
    panels = root.findall("{http://www.w3.org/2000/svg}g")
    assert [len(panel.findall("{http://www.w3.org/2000/svg}polyline")) for panel in panels] == [
        1
    ] * 4
    assert len({panel.get("transform") for panel in panels}) == 4  # no curve lies on another
    assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")
