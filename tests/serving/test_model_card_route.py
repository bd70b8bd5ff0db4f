"""The page about the model behind the published matrix."""

from pathlib import Path

from starlette.testclient import TestClient

from pipelines.publish import publish
from serving.app import create_app
from serving.settings import ServingSettings
from tests.matrices import small_matrix


def test_the_card_published_with_the_matrix_is_served_as_a_page(home: Path) -> None:
    card = home / "card.html"
    card.write_text("<h1>How far to trust these forecasts</h1>雅诗兰黛", encoding="utf-8")
    version = publish(small_matrix(), home / "matrix", card=card)
    with TestClient(create_app(ServingSettings(home=home))) as client:
        answer = client.get("/model-card")
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["Alliance-Matrix"] == version
        assert answer.text == card.read_text(encoding="utf-8")
        assert 'href="/model-card"' in client.get("/").text


def test_without_a_card_it_says_what_to_run(service: TestClient) -> None:
    answer = service.get("/model-card")
    assert answer.status_code == 503
    assert answer.json()["type"] == "/#no-model-card"
    assert "Run 'alliance train' and 'alliance score'" in answer.json()["detail"]


def test_before_anything_is_published_the_card_is_not_ready(empty_service: TestClient) -> None:
    assert empty_service.get("/model-card").json()["type"] == "/#no-matrix"


def test_a_matrix_published_again_takes_the_newer_card(home: Path) -> None:
    card = home / "card.html"
    for words in ("older", "newer"):
        card.write_text(words, encoding="utf-8")
        version = publish(small_matrix(), home / "matrix", card=card)
    assert (home / "matrix" / version / "model-card.html").read_text() == "newer"
