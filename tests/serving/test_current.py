"""A newly published matrix is served at the next request; no answer mixes two versions."""

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from models.matrix.files import CURRENT, FILES
from models.matrix.matrix import AllianceMatrix
from pipelines.publish import publish
from serving.app import create_app
from serving.settings import ServingSettings
from tests.matrices import rows, small_matrix

ACME = "/v1/brands/acme/shortlist"


def paying(gmv: float) -> AllianceMatrix:
    """A version whose every pair brings that GMV."""
    return small_matrix(rows().assign(gmv=gmv))


def gmv_of(answer: httpx2.Response) -> set[float]:
    return {row["gmv"]["mean"] for row in answer.json()["rows"]}


def test_a_new_version_is_served_at_the_next_request(service: TestClient, home: Path) -> None:
    for gmv in (10.0, 20.0, 10.0):
        version = publish(paying(gmv), home / "matrix")
        answer = service.get(ACME)
        assert gmv_of(answer) == {gmv}
        assert answer.json()["matrix_version"] == version == answer.headers["alliance-matrix"]


def test_a_service_started_first_serves_what_is_published_later(
    empty_service: TestClient, home: Path
) -> None:
    assert empty_service.get(ACME).status_code == 503
    publish(paying(10.0), home / "matrix")
    assert gmv_of(empty_service.get(ACME)) == {10.0}


def test_an_old_tag_does_not_hide_a_new_version(service: TestClient, home: Path) -> None:
    tag = service.get(ACME).headers["etag"]
    publish(paying(10.0), home / "matrix")
    assert service.get(ACME, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("name", ["gmv.npy", "matrix.parquet", "manifest.json"])
def test_a_broken_version_is_refused_and_the_old_one_stays(
    service: TestClient, home: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    old = service.get(ACME).json()["matrix_version"]
    new = publish(paying(10.0), home / "matrix")
    (home / "matrix" / new / name).write_bytes(b"spoiled")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert service.get(ACME).json()["matrix_version"] == old
    assert len(caplog.messages) == 1
    assert f"{name}" in caplog.messages[0]
    assert caplog.messages[0].endswith(f"Still serving {old}.")
    health = service.get("/healthz").json()
    assert (health["status"], health["matrix_version"]) == ("degraded", old)
    assert "Run 'alliance score' again" in health["refused"]
    publish(paying(10.0), home / "matrix")
    assert service.get(ACME).json()["matrix_version"] == new
    assert service.get("/healthz").json()["status"] == "ok"


def test_a_version_that_is_gone_is_refused(service: TestClient, home: Path) -> None:
    (home / "matrix" / CURRENT).write_text("2026-05-03-00000000\n")
    assert gmv_of(service.get(ACME)) == {9_000, 4_000, 5_000, 2_000}
    assert "2026-05-03-00000000 is not in" in service.get("/healthz").json()["refused"]


def test_without_a_pointer_the_version_at_hand_is_served_on(
    service: TestClient, home: Path
) -> None:
    (home / "matrix" / CURRENT).unlink()
    assert service.get(ACME).status_code == 200
    assert service.get("/healthz").json()["status"] == "degraded"


def test_a_service_over_a_broken_matrix_says_which_file(home: Path) -> None:
    version = publish(paying(10.0), home / "matrix")
    (home / "matrix" / version / FILES[0]).unlink()
    with TestClient(create_app(ServingSettings(home=home))) as client:
        answer = client.get(ACME)
    assert answer.status_code == 503
    assert answer.json()["type"] == "/#broken-matrix"
    assert f"{FILES[0]} is missing" in answer.json()["detail"]


def test_no_answer_mixes_two_versions_while_they_are_swapped(home: Path) -> None:
    """Requests run at once on one event loop while another thread publishes back and forth.

    Between two publications at least one round of requests both starts and ends.
    """
    versions = {publish(paying(gmv), home / "matrix"): gmv for gmv in (10.0, 20.0)}
    app = create_app(ServingSettings(home=home))
    rounds, done = threading.Semaphore(0), threading.Event()

    def swap() -> None:
        for gmv in (10.0, 20.0) * 4:
            publish(paying(gmv), home / "matrix")
            rounds.acquire(timeout=30)
            rounds.acquire(timeout=30)
        done.set()

    async def ask() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://alliance") as client:
            answers: list[httpx2.Response] = []
            while not done.is_set():
                answers += await asyncio.gather(*(client.get(ACME) for _ in range(4)))
                rounds.release()
            return answers

    swapper = threading.Thread(target=swap)
    swapper.start()
    answers = asyncio.run(ask())
    swapper.join()
    assert {answer.status_code for answer in answers} == {200}
    for answer in answers:
        told = answer.json()
        assert told["matrix_version"] == answer.headers["alliance-matrix"]
        assert gmv_of(answer) == {versions[told["matrix_version"]]}
    assert {answer.json()["matrix_version"] for answer in answers} == set(versions)


def test_many_threads_see_whole_versions_too(home: Path) -> None:
    versions = {publish(paying(gmv), home / "matrix"): gmv for gmv in (10.0, 20.0)}
    with TestClient(create_app(ServingSettings(home=home))) as client:

        def ask(i: int) -> bool:
            if i % 10 == 0:
                publish(paying((10.0, 20.0)[i // 10 % 2]), home / "matrix")
            answer = client.get(ACME)
            return gmv_of(answer) == {versions[answer.json()["matrix_version"]]}

        with ThreadPoolExecutor(8) as threads:
            assert all(threads.map(ask, range(40)))
