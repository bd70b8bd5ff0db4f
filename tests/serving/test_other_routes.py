"""Brands, the manifest, health, the root page and the OpenAPI document."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from models.shortlists.filters import ShortlistFilters
from models.shortlists.objectives import OBJECTIVES
from pipelines.publish import publish
from serving.app import create_app
from serving.examples import BRANDS, SHORTLIST, UNKNOWN_BRAND
from serving.queries import MOST, ShortlistQuery
from serving.responses import BrandsAnswer, ProblemAnswer, ShortlistAnswer
from serving.settings import ServingSettings
from tests.matrices import small_matrix


def test_brands_are_found_by_a_part_of_their_id_or_name(service: TestClient) -> None:
    told = service.get("/v1/brands", params={"q": "ACME"}).json()
    assert [brand["brand_id"] for brand in told["rows"]] == ["acme", "acme-us"]
    assert told["rows"][0] == {
        "brand_id": "acme",
        "name": "Acme",
        "industry": "beauty",
        "brand_tier": "head",
        "candidates": 4,
    }
    assert service.get("/v1/brands", params={"q": "兰黛"}).json()["rows"][0]["brand_id"] == "lan"


def test_brands_come_in_pages(service: TestClient) -> None:
    told = service.get("/v1/brands?limit=2&offset=1").json()
    assert told["total"] == 4
    assert [brand["brand_id"] for brand in told["rows"]] == ["acme-us", "lan"]


def test_the_manifest_says_how_numbers_are_to_be_read(service: TestClient) -> None:
    told = service.get("/v1/matrix").json()
    assert (told["rows"], told["brands"], told["creators"]) == (5, 4, 4)
    assert (told["run_id"], told["grid"]) == ("run-1", "exact")
    assert told["objectives"] == ["net_gmv", "gmv", "conversion", "gpm", "impressions"]
    assert told["null_columns"]["profit"] == "no product has a margin_rate"


def test_health_is_ok_when_there_is_something_to_serve(service: TestClient) -> None:
    told = service.get("/healthz").json()
    assert (told["status"], told["refused"]) == ("ok", None)


@pytest.mark.parametrize("path", ["/healthz", "/v1/matrix", "/v1/brands", "/v1/brands/a/shortlist"])
def test_before_anything_is_published_it_says_what_to_run(
    empty_service: TestClient, path: str
) -> None:
    answer = empty_service.get(path)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/#no-matrix"
    assert "Run 'alliance score'" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/v2/brands", 404), ("POST", "/v1/brands", 405)]
)
def test_a_route_that_is_not_there_is_a_problem_document_too(
    service: TestClient, method: str, path: str, status: int
) -> None:
    answer = service.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["instance"] == path


def test_a_fault_of_ours_is_a_500_that_tells_nothing_of_the_inside(home: Path) -> None:
    publish(small_matrix(), home / "matrix")
    app = create_app(ServingSettings(home=home))
    app.state.published = None  # our routes need it, so this is a bug of ours
    answer = TestClient(app, raise_server_exceptions=False).get("/v1/matrix")
    assert answer.status_code == 500
    assert answer.json()["type"] == "/#our-fault"
    assert "AssertionError" not in answer.text


def test_the_root_page_loads_nothing_from_elsewhere(service: TestClient) -> None:
    page = service.get("/").text
    assert "curl &#x27;" in page or "curl '" in page
    addresses = re.findall(r"""(?:src|href)=["']([^"']+)""", page)
    assert all(address == "data:," or address.startswith("/") for address in addresses)
    shortlists = [address for address in addresses if address.endswith("/shortlist?k=10")]
    assert shortlists
    assert all(service.get(address).status_code == 200 for address in shortlists)
    assert "{creator_id}" not in "".join(addresses)
    assert "<h3>POST /v1/brands/{brand_id}/creators/{creator_id}/remedies</h3>" in page
    assert "<script" not in page
    for problem in ("unknown-brand", "no-matrix", "wrong-parameters"):
        assert f'id="{problem}"' in page


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_pages_that_load_scripts_from_elsewhere_are_off(service: TestClient, path: str) -> None:
    assert service.get(path).status_code == 404


def test_the_openapi_document_is_whole(service: TestClient) -> None:
    document = service.get("/openapi.json").json()
    assert set(document["paths"]) == {
        "/v1/brands/{brand_id}/shortlist",
        "/v1/brands/{brand_id}/diagnosis",
        "/v1/brands/{brand_id}/creators/{creator_id}/history",
        "/v1/brands/{brand_id}/creators/{creator_id}/remedies",
        "/v1/brands/{brand_id}/portfolio",
        "/v1/brands/{brand_id}/shortlist/changes",
        "/v1/brands/{brand_id}/creators/{creator_id}",
        "/v1/brands/{brand_id}/creators/{creator_id}/deal",
        "/v1/creators/{creator_id}/opportunities",
        "/v1/brands",
        "/v1/matrix",
        "/v1/rising",
        "/v1/concentration",
        "/healthz",
        "/model-card",
    }
    references = set(re.findall(r"#/components/schemas/(\w+)", service.get("/openapi.json").text))
    assert references <= set(document["components"]["schemas"])
    route = document["paths"]["/v1/brands/{brand_id}/shortlist"]["get"]
    assert set(route["responses"]) == {"200", "304", "404", "422", "503"}
    assert route["responses"]["200"]["content"]["application/json"]["example"] == SHORTLIST
    assert "application/problem+json" in route["responses"]["422"]["content"]


def test_the_examples_have_the_shapes_they_show() -> None:
    assert ShortlistAnswer.model_validate(SHORTLIST).model_dump(mode="json") == SHORTLIST
    assert BrandsAnswer.model_validate(BRANDS).model_dump(mode="json") == BRANDS
    assert ProblemAnswer.model_validate(UNKNOWN_BRAND).close == ["b0001"]


def test_http_offers_every_objective_and_every_filter() -> None:
    filters = {field.name for field in fields(ShortlistFilters)}
    assert set(ShortlistQuery.model_fields) == filters | {"k", "objective", "date", "campaign"}
    lists = [field.name for field in fields(ShortlistFilters) if field.default == ()]
    empty: dict[str, Any] = {name: [] for name in lists}
    assert ShortlistQuery.model_validate({"k": MOST}).filters == ShortlistFilters(**empty)
    for name in OBJECTIVES:
        assert ShortlistQuery.model_validate({"objective": name}).objective == name


def test_settings_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ALLIANCE_HOME", str(tmp_path))
    assert ServingSettings().matrix_dir == tmp_path / "matrix"
