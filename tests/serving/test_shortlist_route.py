"""A shortlist over HTTP."""

from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from models.shortlists.shortlist import shortlist
from models.versions import occasion_dir
from pipelines.publish import publish
from serving.table import shortlist_json
from tests.matrices import small_matrix

ACME = "/v1/brands/acme/shortlist"


def test_the_answer_is_the_shortlist(service: TestClient) -> None:
    answer = service.get(ACME, params={"k": 3})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    told = answer.json()
    expected = shortlist_json(shortlist(small_matrix(), "acme", k=3))
    assert told == expected | {"matrix_version": answer.headers["alliance-matrix"]}
    assert told["as_of"] == "2026-05-02"
    assert [row["creator_id"] for row in told["rows"]] == ["c1", "c2", "c3"]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("objective=gpm&k=2", ["c2", "c4"]),
        ("category=beauty", ["c1", "c2"]),
        ("tier=head&tier=waist", ["c1", "c3"]),
        ("region=Zhejiang&max_slot_fee=8000", ["c3"]),
        ("agency=Sun&max_commission=0.2", ["c3"]),
        ("min_followers=200000&max_followers=1500000", ["c2", "c3"]),
        ("quadrant=rising-star&quadrant=mend", ["c2", "c3"]),
        ("exclude=c1&exclude=c2", ["c3", "c4"]),
        ("new_only=true", ["c2", "c4"]),
    ],
)
def test_parameters_rank_and_filter(service: TestClient, query: str, left: list[str]) -> None:
    told = service.get(f"{ACME}?{query}").json()
    assert [row["creator_id"] for row in told["rows"]] == left


def test_a_chinese_brand_is_asked_for_by_its_id_and_found_by_its_name(service: TestClient) -> None:
    assert service.get("/v1/brands/lan/shortlist").json()["brand_name"] == "雅诗兰黛"
    problem = service.get(f"/v1/brands/{quote('兰黛')}/shortlist")
    assert (problem.status_code, problem.json()["close"]) == (404, ["lan"])


def test_an_unknown_brand_is_a_404_with_close_matches(service: TestClient) -> None:
    answer = service.get("/v1/brands/acme-eu/shortlist")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/#unknown-brand",
        "title": "No such brand in the matrix",
        "status": 404,
        "detail": "no brand 'acme-eu' in the matrix of 2026-05-02 (4 brands). "
        "Close: 'acme' (Acme), 'acme-us' (Acme US). Run 'alliance score' after adding a brand.",
        "instance": "/v1/brands/acme-eu/shortlist",
        "close": ["acme", "acme-us"],
    }


def test_a_brand_without_creators_is_an_empty_list_with_the_reason(service: TestClient) -> None:
    told = service.get("/v1/brands/quiet/shortlist").json()
    assert told["rows"] == []
    assert told["message"].startswith("No creator was scored for 'quiet'")


def test_an_unsupported_objective_is_a_422_with_the_reason(service: TestClient) -> None:
    answer = service.get(f"{ACME}?objective=profit")
    assert answer.status_code == 422
    assert answer.json()["type"] == "/#unsupported-objective"
    assert "no product has a margin_rate" in answer.json()["detail"]


def test_a_preference_for_a_condition_that_was_not_given_is_refused(service: TestClient) -> None:
    answer = service.get(f"{ACME}?soft=tier")
    assert answer.status_code == 422
    assert "'tier' is named as a preference but not set" in answer.json()["detail"]
    assert service.get(f"{ACME}?soft=tier&tier=head").status_code == 200


def test_every_wrong_parameter_is_named_at_once(service: TestClient) -> None:
    answer = service.get(f"{ACME}?k=0&objectiv=gmv&objective=fame&quadrant=star&max_commission=20")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    wrong = {error["parameter"]: error["problem"] for error in told["errors"]}
    assert set(wrong) == {"k", "objectiv", "objective", "quadrant", "max_commission"}
    assert wrong["objectiv"] == "there is no such parameter"
    assert wrong["quadrant"].startswith("There is no quadrant 'star'. There are: core contributor")
    assert wrong["objective"].startswith("there is no objective 'fame'; there are net_gmv")
    assert {error["parameter"]: error["given"] for error in told["errors"]}["k"] == "0"


def test_an_unchanged_answer_is_not_sent_again(service: TestClient) -> None:
    first = service.get(f"{ACME}?k=2")
    tag = first.headers["etag"]
    for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = service.get(f"{ACME}?k=2", headers={"If-None-Match": sent})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert service.get(f"{ACME}?k=3", headers={"If-None-Match": tag}).status_code == 200
    assert service.get("/v1/brands/lan/shortlist?k=2").headers["etag"] != tag


def test_the_order_of_parameters_does_not_change_the_tag(service: TestClient) -> None:
    one = service.get(f"{ACME}?k=2&tier=head").headers["etag"]
    assert service.get(f"{ACME}?tier=head&k=2").headers["etag"] == one


@pytest.mark.parametrize("route", ["shortlist", "shortlist/changes"])
def test_forecasts_for_a_day_that_none_were_published_for_name_those_there_are(
    service: TestClient, home: Path, route: str
) -> None:
    for key in ("2026-06-10", "double-eleven"):
        publish(small_matrix(occasion=key), occasion_dir(home / "matrix", key))
    answer = service.get(f"/v1/brands/acme/{route}?date=2026-06-18")
    assert answer.status_code == 404
    told = answer.json()
    assert told["type"] == "/#no-occasion"
    assert told["title"] == "No forecasts for that day or campaign were published"
    assert "days: 2026-06-10; campaigns: double-eleven." in told["detail"]
    assert "'alliance score --date 2026-06-18' publishes them" in told["detail"]
    mistyped = service.get(f"/v1/brands/acme/{route}?campaign=double-11").json()
    assert mistyped["close"] == ["double-eleven"]
