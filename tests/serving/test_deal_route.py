"""A deal over HTTP, in the terminal and as a picture."""

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console
from starlette.testclient import TestClient

from features.errors import WrongInput
from models.deals.deal import deal
from pipelines.publish import publish
from serving.app import create_app
from serving.deal_answers import deal_json
from serving.deal_picture import deal_svg
from serving.deal_table import deal_table, suggestion_words
from serving.settings import ServingSettings
from tests.deal_matrices import deal_matrix

PATH = "/v1/brands/lip/creators/anna/deal"


@pytest.fixture
def deals(home: Path) -> Iterator[TestClient]:
    publish(deal_matrix(), home / "matrix")
    with TestClient(create_app(ServingSettings(home=home))) as client:
        yield client


def test_the_answer_is_the_deal_and_the_same_bytes_again(deals: TestClient) -> None:
    answer = deals.get(PATH, params={"commission": 0.25, "fee": 5000})
    assert answer.status_code == 200
    told = deal_json(deal(deal_matrix(), "lip", "anna", commission=0.25, slot_fee=5_000.0))
    assert answer.json() == told | {"matrix_version": answer.headers["alliance-matrix"]}
    assert deals.get(PATH, params={"commission": 0.25, "fee": 5000}).content == answer.content


def test_wrong_names_and_terms_are_told(deals: TestClient) -> None:
    creator = deals.get("/v1/brands/lip/creators/anne/deal")
    assert (creator.status_code, creator.json()["close"]) == (404, ["anna"])
    assert creator.json()["type"] == "/#unknown-creator"
    product = deals.get(PATH, params={"product": "p3"})
    assert (product.status_code, product.json()["type"]) == (404, "/#unknown-product")
    assert deals.get(PATH, params={"commission": 20}).status_code == 422
    assert deals.get(PATH, params={"comission": 0.2}).status_code == 422


def test_the_table_says_what_to_offer_and_what_is_not_known() -> None:
    console = Console(width=120, record=True, file=StringIO())
    console.print(deal_table(deal(deal_matrix(), "lip", "anna")))
    text = " ".join(console.export_text().split())
    assert "Mixed session, slot fee: offer " in text
    assert "all creators were offered 10.0% to 30.0% (200 offers)" in text
    assert "past offers were not made at random" in text


@pytest.mark.parametrize(
    ("ends", "at_end", "words"),
    [
        ((0.18, 0.235), None, "(18.0% to 23.5% as sure as commission's effect is)"),
        ((0.2018, 0.2021), None, "(20.18% to 20.21% as sure as"),
        ((0.2, 0.2), None, "it moves by less than the 0.5% that commissions are tried in)"),
        ((0.2, 0.2), "highest", "commission's effect: the range allows no higher one)"),
    ],
)
def test_an_interval_of_commissions_never_looks_certain(
    ends: tuple[float, float], at_end: str | None, words: str
) -> None:
    option = deal(deal_matrix(), "lip", "anna").options[0]
    assert option.suggestion is not None
    best = replace(option.suggestion, lo80=ends[0], hi80=ends[1], at_end=at_end)
    told = suggestion_words(replace(option, suggestion=best), "CNY")
    assert told is not None
    assert words in told


def test_the_picture_stands_alone_and_names_the_suggestion() -> None:
    told = deal(deal_matrix(), "lip", "anna")
    picture = deal_svg(told)
    ElementTree.fromstring(picture)
    suggestion = told.options[0].suggestion
    assert suggestion is not None
    assert f"offer {suggestion.commission_rate:.1%}" in picture
    assert picture.count("<polyline") == 3
    blind = deal_matrix(manifest={"acceptance": None})
    with pytest.raises(WrongInput, match="no curve"):
        deal_svg(deal(blind, "lip", "anna"))
