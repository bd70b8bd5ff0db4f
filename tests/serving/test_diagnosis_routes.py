"""Diagnoses, history and remedies over HTTP."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipelines.publish import publish
from serving.app import create_app
from serving.diagnosis_answers import DiagnosisAnswer, HistoryAnswer
from serving.diagnosis_examples import DIAGNOSIS, HISTORY
from serving.settings import ServingSettings
from tests.matrices import AS_OF, offered_matrix, rows, small_matrix

ACME = "/v1/brands/acme/diagnosis"
REMEDIES = "/v1/brands/acme/creators/c3/remedies"
PRODUCT = {"rung": "product", "who": "li", "note": "换成面膜"}


def diagnosed_low(days: int, p: float = 0.1, sessions: int = 12) -> Any:
    """A later matrix in which acme and c3 have had so many sessions."""
    frame = rows()
    frame.loc[2, "p_above_benchmark"] = p
    frame.loc[2, "evidence_sessions"] = sessions
    return small_matrix(frame, as_of=AS_OF + timedelta(days=days))


@pytest.fixture
def offered(home: Path) -> Iterator[TestClient]:
    """A service over a matrix with offers."""
    publish(offered_matrix(), home / "matrix")
    with TestClient(create_app(ServingSettings(home=home))) as client:
        yield client


def test_a_brand_is_diagnosed_with_both_benchmarks(service: TestClient) -> None:
    answer = service.get(ACME)
    assert answer.status_code == 200
    told = answer.json()
    assert [row["creator_id"] for row in told["rows"]] == ["c1", "c3", "c2", "c4"]
    assert told["counts"][0] == {"quadrant": "core contributor", "met": 1, "new": 0}
    first = told["rows"][0]
    assert (first["p_above_benchmark"], first["p_above_peers"]) == (0.9, 0.75)
    assert (first["benchmark_level"], first["peer_level"]) == ("industry x tier", "category x tier")
    assert told["matrix_version"] == answer.headers["alliance-matrix"]


def test_reading_it_opens_the_ladder_of_low_pairs_once(service: TestClient) -> None:
    first, second = (service.get(ACME).json()["rows"][1]["remedy"] for _ in range(2))
    assert first == second
    assert (first["state"], first["next_rung"], len(first["moves"])) == ("mend", "product", 1)
    assert first["moves"][0]["reason"] == "conversion is low: P(above the benchmark) 0.10"


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("k=1", ["c1"]),
        ("creator=c2", ["c2"]),
        ("quadrant=mend", ["c3"]),
        ("quadrant=rising-star&quadrant=mend", ["c3", "c2"]),
    ],
)
def test_parameters_choose_creators(service: TestClient, query: str, left: list[str]) -> None:
    told = service.get(f"{ACME}?{query}").json()
    assert [row["creator_id"] for row in told["rows"]] == left


def test_a_product_is_diagnosed_with_every_creator(offered: TestClient) -> None:
    told = offered.get(f"{ACME}?product=p2").json()
    assert (told["product_id"], told["product_title"]) == ("p2", "Mask")
    assert {row["quadrant"] for row in told["rows"]} == {"mend"}
    assert [row["remedy"]["state"] for row in told["rows"] if row["met"]] == ["mend"]


def test_a_rung_is_logged_with_who_and_when_to_look_again(service: TestClient) -> None:
    answer = service.post(REMEDIES, json=PRODUCT)
    assert answer.status_code == 201
    remedy = answer.json()["remedy"]
    assert (remedy["state"], remedy["tried"], remedy["next_rung"]) == (
        "waiting",
        ["product"],
        "pitch",
    )
    assert date.fromisoformat(remedy["look_on"]) == AS_OF + timedelta(days=20)
    last = remedy["moves"][-1]
    assert (last["who"], last["note"], last["kind"]) == ("li", "换成面膜", "tried")
    assert last["recorded_at"].endswith("Z")
    assert service.get(f"{ACME}?creator=c3").json()["rows"][0]["remedy"] == remedy


def test_a_later_matrix_judges_the_rung(service: TestClient, home: Path) -> None:
    service.post(REMEDIES, json=PRODUCT)
    publish(diagnosed_low(30, sessions=14), home / "matrix")
    remedy = service.get(f"{ACME}?creator=c3").json()["rows"][0]["remedy"]
    assert (remedy["state"], remedy["next_rung"]) == ("mend", "pitch")
    publish(diagnosed_low(60, p=0.9, sessions=16), home / "matrix")
    history = service.get("/v1/brands/acme/creators/c3/history").json()
    assert [row["p_above_benchmark"] for row in history["rows"]] == [0.1, 0.1, 0.9]
    assert history["remedy"]["state"] == "resolved"
    kinds = [move["kind"] for move in history["remedy"]["moves"]]
    assert kinds == ["diagnosed low", "tried", "still low", "now high"]


@pytest.mark.parametrize(
    ("body", "status", "kind", "told"),
    [
        (PRODUCT | {"rung": "price"}, 422, "unknown-rung", "the rungs are product, pitch"),
        (PRODUCT | {"rung": "pitch"}, 409, "rung-out-of-order", "log 'product'"),
        ({"rung": "product"}, 422, "wrong-parameters", "who: Field required"),
        (PRODUCT | {"prize": 3}, 422, "wrong-parameters", "there is no such parameter"),
        (PRODUCT | {"product_id": "p1"}, 404, "unknown-product", "only the best product"),
    ],
)
def test_a_wrong_rung_is_a_problem_document(
    service: TestClient, body: dict[str, Any], status: int, kind: str, told: str
) -> None:
    answer = service.post(REMEDIES, json=body)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/#{kind}")
    assert told in answer.json()["detail"]
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_is_not_low_has_nothing_to_mend(service: TestClient) -> None:
    answer = service.post("/v1/brands/acme/creators/c1/remedies", json=PRODUCT)
    assert (answer.status_code, answer.json()["type"]) == (409, "/#nothing-to-mend")


@pytest.mark.parametrize("path", [f"{ACME}?creator=c33", "/v1/brands/acme/creators/c33/history"])
def test_an_unknown_creator_is_a_404_with_close_matches(service: TestClient, path: str) -> None:
    answer = service.get(path)
    assert answer.status_code == 404
    assert answer.json()["type"] == "/#unknown-creator"
    assert "c3" in answer.json()["close"]


def test_a_state_that_cannot_be_opened_is_a_503(home: Path) -> None:
    publish(small_matrix(), home / "matrix")
    (home / "state.db").write_text("not a database" * 99)
    with TestClient(create_app(ServingSettings(home=home))) as client:
        answer = client.get(ACME)
        assert (answer.status_code, answer.json()["type"]) == (503, "/#broken-state")
        assert client.get("/v1/brands/acme/shortlist").status_code == 200


def test_the_examples_have_the_shapes_they_show(service: TestClient) -> None:
    assert DiagnosisAnswer.model_validate(DIAGNOSIS).model_dump(mode="json") == DIAGNOSIS
    assert HistoryAnswer.model_validate(HISTORY).model_dump(mode="json") == HISTORY
    paths = service.get("/openapi.json").json()["paths"]
    shown = paths["/v1/brands/{brand_id}/diagnosis"]["get"]["responses"]["200"]["content"]
    assert shown["application/json"]["example"] == DIAGNOSIS
