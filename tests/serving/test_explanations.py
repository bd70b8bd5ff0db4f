"""An explained pair over HTTP and in the terminal, from a matrix worked by hand."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from models.explanations.explanation import explanation
from models.matrix.matrix import AllianceMatrix, build_matrix
from models.matrix.parts import PARTS
from pipelines.cli import WRONG_INPUT, run
from pipelines.publish import publish
from serving.app import create_app
from serving.explanation_chart import waterfall_svg
from serving.settings import ServingSettings
from tests.matrices import BRANDS, CREATORS, PRODUCTS, manifest, rows, small_offers

LOGS = (0.5, -0.1, 0.2, 0.0, -0.3, 0.0, 0.1)
PATH = "/v1/brands/acme/creators/c1"


def explained_matrix() -> AllianceMatrix:
    """`rows()` with the parts of c1: x1.49 of the usual candidate's GMV."""
    frame = rows()
    for part, log in zip(PARTS, LOGS, strict=True):
        frame[f"part_{part}"] = [log] + [np.nan] * 4
    frame["counter1_feature"] = ["pair_sessions"] + [None] * 4
    frame["counter1_value"] = [3.0] + [np.nan] * 4
    frame["counter1_effect"] = [np.log(0.7)] + [np.nan] * 4
    return build_matrix(frame, BRANDS, CREATORS, manifest(), PRODUCTS, small_offers())


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    publish(explained_matrix(), tmp_path / "matrix")
    monkeypatch.setenv("ALLIANCE_HOME", str(tmp_path))
    with TestClient(create_app(ServingSettings(home=tmp_path))) as client:
        yield client


def test_parts_multiply_to_the_pair_and_sum_in_money() -> None:
    told = explanation(explained_matrix(), "acme", "c1")
    assert told.usual_gmv is not None
    assert told.usual_gmv == pytest.approx(9_000 / np.exp(sum(LOGS)))
    factors = np.prod([part.factor for part in told.parts])
    assert factors * told.usual_gmv == pytest.approx(9_000)
    money = sum(part.money or 0 for part in told.parts)
    assert money == pytest.approx(9_000 - told.usual_gmv, rel=1e-6)


def test_the_route_tells_parts_reasons_counters_and_rank(service: TestClient) -> None:
    answer = service.get(PATH, params={"k": 1, "objective": "conversion"})
    assert answer.status_code == 200
    told = answer.json()
    assert [part["name"] for part in told["parts"]] == list(PARTS)
    assert told["reasons"][0]["odds_factor"] == 1.25
    assert (told["counters"][0]["words"], told["counters"][0]["factor"]) == (
        "3 sessions with the brand",
        0.7,
    )
    assert told["standing"]["rank"] == 1
    assert told["row"]["evidence_sessions"] == 3
    assert service.get(PATH, params={"k": 1, "objective": "conversion"}).content == answer.content


def test_a_pair_that_is_not_explained_says_so(service: TestClient) -> None:
    told = service.get("/v1/brands/acme/creators/c3").json()
    assert told["parts"] == []
    assert "only the best pairs of each brand" in told["no_parts"]


def test_of_another_product_the_numbers_are_its_own(service: TestClient) -> None:
    told = service.get(PATH, params={"product": "p2"}).json()
    assert (told["product_id"], told["row"]["best_product_id"]) == ("p2", "p2")
    assert told["no_parts"] == "parts are kept for the pair's best product alone, p1"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/v1/brands/acmee/creators/c1", "/#unknown-brand"),
        ("/v1/brands/acme/creators/c11", "/#unknown-creator"),
        ("/v1/brands/lan/creators/c2", "/#unknown-creator"),
        (f"{PATH}?product=p9", "/#unknown-product"),
        (f"{PATH}?objective=luck", "/#unsupported-objective"),
    ],
)
def test_what_is_not_there_is_named(service: TestClient, path: str, kind: str) -> None:
    assert service.get(path).json()["type"] == kind


def test_the_terminal_draws_bars_and_a_waterfall(
    service: TestClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "parts.svg"
    assert run(["explain", "acme", "c1", "-k", "2", "--chart", str(picture)]) == 0
    told = capsys.readouterr().out
    assert "the parts sum to" in told
    assert "x0.70 GMV" in told
    assert picture.read_text(encoding="utf-8") == waterfall_svg(
        explanation(explained_matrix(), "acme", "c1", k=2)
    )
    assert run(["explain", "acme", "c1", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["rows"]) == len(PARTS)


def test_no_picture_without_parts(
    service: TestClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["explain", "acme", "c3", "--chart", str(tmp_path / "parts.svg")]
    assert run(asked) == WRONG_INPUT
    assert "to draw: only the best pairs" in capsys.readouterr().err
