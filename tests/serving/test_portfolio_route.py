"""A portfolio over HTTP, and as the terminal and the picture show it."""

from io import StringIO
from xml.etree import ElementTree

import numpy as np
import pytest
from rich.console import Console
from starlette.testclient import TestClient

from features.errors import WrongInput
from models.matrix.matrix import AllianceMatrix, build_matrix
from models.portfolio.limits import Wishes
from models.portfolio.portfolio import Portfolio, portfolio
from serving.portfolio_answers import PickAnswer, PortfolioAnswer, portfolio_json
from serving.portfolio_picture import frontier_svg
from serving.portfolio_table import portfolio_table
from tests.matrices import BRANDS, CREATORS, PRODUCTS, manifest, rows, small_matrix

ACME = "/v1/brands/acme/portfolio"


def rich_matrix() -> AllianceMatrix:
    """Four creators for Acme with profit, fees and chances of a yes."""
    return small_matrix(
        rows().assign(
            profit=[1_000.0, 800.0, 600.0, 500.0, np.nan],
            slot_fee=[400.0, 100.0, 50.0, 300.0, np.nan],
            sample_cost=10.0,
            p_accept=[0.5, 0.5, 0.5, 0.5, np.nan],
        )
    )


def told(**wishes: float) -> Portfolio:
    return portfolio(rich_matrix(), "acme", Wishes(k=2, **wishes))  # type: ignore[arg-type]


def test_the_answer_is_the_portfolio(service: TestClient) -> None:
    answer = service.get(ACME, params={"k": 2})
    assert answer.status_code == 200
    version = answer.headers["alliance-matrix"]
    expected = portfolio_json(portfolio(small_matrix(), "acme", Wishes(k=2)))
    assert answer.json() == expected | {"matrix_version": version}
    assert [row["creator_id"] for row in answer.json()["rows"]] == ["c1", "c2"]
    assert service.get(ACME, params={"k": 2}).content == answer.content


def test_tiers_filter_by_name_and_bound_by_numbers(service: TestClient) -> None:
    kept = service.get(f"{ACME}?tier=tail&tier=waist").json()
    assert {row["tier"] for row in kept["rows"]} == {"tail", "waist"}
    bound = service.get(f"{ACME}?tier=tail=0:1").json()
    assert [row["tier"] for row in bound["rows"]].count("tail") == 1
    assert "tier tail" in [limit["name"] for limit in bound["limits"]]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("tier=head=2", "tier: tier 'head=2' cannot be read: 'head' keeps to that tier"),
        ("tier=head=3:1", "tier head: from 3 to 1 is no range"),
        ("tier=waste=0:2", "tier waste: no creator of this matrix is of it. Close: 'waist'."),
        ("tier=foo=0:2", "tier foo: no creator of this matrix is of it. There are: head, tail,"),
        ("tier=head=1:&exclude=c1", "tier head: at least 1 are wanted, but 0 of the candidates"),
        ("budget=100", "A budget has nothing to hold"),
        ("tier=tail&soft=tier", "A portfolio has limits and no preferences"),
        ("explore=2", "explore: Input should be less than or equal to 1"),
        ("agencies=2", "agencies: there is no such parameter"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(
    service: TestClient, query: str, words: str
) -> None:
    answer = service.get(f"{ACME}?{query}")
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


def test_an_unknown_brand_is_a_404(service: TestClient) -> None:
    assert service.get("/v1/brands/acme-eu/portfolio").status_code == 404


def test_the_openapi_document_has_an_example_of_the_right_shape(service: TestClient) -> None:
    paths = service.get("/openapi.json").json()["paths"]
    route = paths["/v1/brands/{brand_id}/portfolio"]["get"]
    example = route["responses"]["200"]["content"]["application/json"]["example"]
    assert PortfolioAnswer.model_validate(example).model_dump(mode="json") == example
    assert set(PickAnswer.model_fields) == set(example["rows"][0])
    assert sum(row["adds"] for row in example["rows"]) == example["worth"]


def test_what_each_adds_sums_to_the_whole_and_nothing_is_certain() -> None:
    answer = portfolio_json(told(budget=1_000.0))
    assert sum(row["adds"] for row in answer["rows"]) == pytest.approx(answer["worth"], rel=1e-5)
    assert answer["worth_lo80"] < answer["worth"] < answer["worth_hi80"]
    assert 0 < answer["p_loss"] < 1
    assert answer["rows"][0]["why"].startswith("50% likely to accept, then brings")
    assert "in its place would bring" in answer["rows"][0]["why"]


def test_the_table_names_creators_limits_and_assumptions() -> None:
    page = table_of(told(budget=300.0))
    assert "c1 李佳" in page
    assert "invitations: 2 of 2; 1 more would add" in page
    assert "an inverted U: Li & Tang 2024; where its top lies is not sourced" in page
    assert "found for certain" in page


def test_an_unknown_chance_of_a_yes_is_shown_as_unknown_and_said_to_be_assumed() -> None:
    nobodys = portfolio(small_matrix(), "acme", Wishes(k=2))
    rows_of = portfolio_json(nobodys)["rows"]
    assert [(row["p_accept"], row["p_accept_assumed"]) for row in rows_of] == [(None, 1.0)] * 2
    assert rows_of[0]["why"].startswith("P(accept) unknown, taken to accept, then brings")
    page = table_of(nobodys)
    assert "2.0 accept (P(yes) of all assumed) and 1.6 go live" in page
    assert page.count(" unknown ") >= 2
    assert ">99%" not in page
    some = small_matrix(
        rows().assign(profit=[1_000.0, 800.0, 600.0, 500.0, 0.0], p_accept=[0.9, np.nan, 0.5, 0, 0])
    )
    picks = portfolio_json(portfolio(some, "acme", Wishes(k=2)))["rows"]
    assert [row["p_accept"] for row in picks] == [pytest.approx(0.9), None]
    assert picks[1]["p_accept_assumed"] == pytest.approx((0.9 + 0.5 + 0) / 3, rel=1e-5)
    assert "P(accept) unknown, taken as 47%" in picks[1]["why"]


def table_of(told: Portfolio) -> str:
    console = Console(width=120, file=StringIO())
    with console.capture() as drawn:
        console.print(portfolio_table(told))
    return " ".join(drawn.get().split())


def test_the_picture_is_one_svg_that_refers_to_nothing() -> None:
    svg = frontier_svg(told(budget=300.0))
    root = ElementTree.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert svg.count("http") == 1
    assert "this portfolio: 2 creators" in svg
    assert svg == frontier_svg(told(budget=300.0))
    with pytest.raises(WrongInput, match="There is no frontier of 'acme' to draw"):
        frontier_svg(portfolio(small_matrix(), "acme"))


def test_an_explorer_says_whether_it_is_in_the_quadrant_or_named_for_growth() -> None:
    some = rows().assign(
        profit=[1_000.0, 800.0, 600.0, 500.0, np.nan], evidence_sessions=[9, 0, 9, 9, 0]
    )
    growing = CREATORS.assign(rising=[0.0, 1.0, 0.0, 0.0])
    for creators, words in (
        (CREATORS, "to explore: in the quadrant rising star, 0 sessions"),
        (growing, "to explore: in the quadrant rising star, named for growth, 0 sessions"),
    ):
        matrix = build_matrix(some, BRANDS, creators, manifest(), PRODUCTS)
        found = portfolio_json(portfolio(matrix, "acme", Wishes(k=2, explore=0.5)))["rows"]
        (explorer,) = (row for row in found if row["explores"])
        assert explorer["creator_id"] == "c2"  # high conversion, low impressions
        assert explorer["why"].startswith(words)
        assert explorer["growing"] is (creators is growing)
