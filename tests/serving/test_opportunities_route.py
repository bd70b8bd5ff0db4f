"""A creator's opportunities over HTTP and in the terminal; nothing private is in either."""

import json
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console
from starlette.testclient import TestClient

from models.matrix.matrix import AllianceMatrix
from models.opportunities import opportunities
from pipelines.publish import publish
from serving.app import create_app
from serving.opportunity_answers import OpportunitiesAnswer, opportunities_json
from serving.opportunity_table import opportunities_table
from serving.settings import ServingSettings
from tests.deal_matrices import deal_matrix
from tests.models.test_opportunities import chosen_matrix

PATH = "/v1/creators/anna/opportunities"

SHOWN = {"brand_id", "creator_id", "best_product_id", "evidence_sessions"}
SHOWN |= {"commission_rate", "slot_fee", "net_gmv", "net_gmv_lo80", "net_gmv_hi80", "price"}
"""Columns of the matrix whose values a creator may see, of its own pairs; all others are private,
and so is every number of another creator."""
PRIVATE_WORDS = re.compile(
    r"profit|margin|benchmark|quadrant|handling|sample|budget|accept|p_above|break|p_loss|rung"
    r"|return_rate|order_value|spread",
    re.IGNORECASE,
)


def marked() -> AllianceMatrix:
    """A matrix in which every private number is one of a kind: seen anywhere, it has leaked."""
    columns: dict[str, Any] = {
        "profit": [777_101.0, 777_102.0, 777_103.0, 777_104.0],
        "profit_lo80": [777_201.0, 777_202.0, 777_203.0, 777_204.0],
        "profit_hi80": [777_301.0, 777_302.0, 777_303.0, 777_304.0],
        "benchmark_rate": [0.071_11, 0.071_12, 0.071_13, 0.071_14],
        "p_above_benchmark": [0.871_11, 0.871_12, 0.871_13, 0.871_14],
        "p_accept": [0.531_11, 0.531_12, 0.531_13, 0.531_14],
        "margin_rate": [0.611_11, 0.611_12, 0.611_13, 0.611_14],
        "return_handling_rate": [0.051_11, 0.051_12, 0.051_13, 0.051_14],
        "sample_cost": [51.11, 51.12, 51.13, 51.14],
        "return_rate": [0.211_11, 0.211_12, 0.211_13, 0.211_14],
        "order_value": [91.11, 91.12, 91.13, 91.14],
        "gmv": [123_411.0, 123_412.0, 123_413.0, 123_414.0],
        "gmv_lo80": [91_411.0, 91_412.0, 91_413.0, 91_414.0],
        "gmv_hi80": [181_411.0, 181_412.0, 181_413.0, 181_414.0],
        "return_rate_lo80": [0.171_11, 0.171_12, 0.171_13, 0.171_14],
        "return_rate_hi80": [0.271_11, 0.271_12, 0.271_13, 0.271_14],
        "p_accept_lo80": [0.431_11, 0.431_12, 0.431_13, 0.431_14],
        "p_accept_hi80": [0.631_11, 0.631_12, 0.631_13, 0.631_14],
        "gmv_session_spread": [0.811_11, 0.811_12, 0.811_13, 0.811_14],
    }
    return deal_matrix(**columns)


def private_numbers(matrix: AllianceMatrix, creator: str) -> set[str]:
    """Every private number of the matrix, as its first four digits."""
    own = int(np.flatnonzero(matrix.creator_values["creator_id"] == creator)[0])
    others = matrix.columns["creator_id"] != own
    found: list[float] = []
    for name, values in matrix.columns.items():
        if values.dtype != np.float32:
            continue
        rows = others if name in SHOWN else np.ones(len(values), dtype=bool)
        found += values[rows].astype(float).tolist()
    for name in ("margin_rate", "return_handling_rate", "sample_cost", "order_value"):
        found += matrix.products[name].astype(float).tolist()
    return {digits(value) for value in found if np.isfinite(value) and abs(value) > 0.01}


def digits(value: float) -> str:
    return f"{value:.4g}"


def numbers(told: Any) -> list[float]:
    if isinstance(told, dict):
        return [number for value in told.values() for number in numbers(value)]
    if isinstance(told, list):
        return [number for value in told for number in numbers(value)]
    return [float(told)] if isinstance(told, float) else []


def names(told: Any) -> set[str]:
    if isinstance(told, dict):
        return set(told) | {name for value in told.values() for name in names(value)}
    return {name for value in told for name in names(value)} if isinstance(told, list) else set()


@pytest.fixture
def service_of(home: Path) -> Iterator[TestClient]:
    publish(marked(), home / "matrix")
    with TestClient(create_app(ServingSettings(home=home))) as client:
        yield client


def table_text(matrix: AllianceMatrix, creator: str) -> str:
    console = Console(width=160, record=True, file=StringIO())
    console.print(opportunities_table(opportunities(matrix, creator)))
    return console.export_text()


@pytest.mark.parametrize("creator", ["anna", "bo"])
def test_nothing_private_is_in_the_answer(service_of: TestClient, creator: str) -> None:
    answer = service_of.get(f"/v1/creators/{creator}/opportunities", params={"per_brand": 5})
    told = answer.json()
    told.pop("matrix_version"), told.pop("as_of")
    assert len(numbers(told)) > 20
    assert not {digits(value) for value in numbers(told)} & private_numbers(marked(), creator)
    assert not PRIVATE_WORDS.search(json.dumps(told, ensure_ascii=False))
    other = {"anna": "bo", "bo": "anna"}[creator]
    assert other not in json.dumps(told)


@pytest.mark.parametrize("creator", ["anna", "bo"])
def test_nothing_private_is_in_the_table(creator: str) -> None:
    text = table_text(marked(), creator)
    assert not PRIVATE_WORDS.search(text)
    for leaked in ("777", "61%", "5.1%", "53%", "21%", "123k", "51.1", "91.1"):
        assert leaked not in text


def test_no_shape_of_the_answer_has_a_private_field() -> None:
    fields = names(OpportunitiesAnswer.model_json_schema()["$defs"])
    fields |= set(OpportunitiesAnswer.model_fields)
    assert not [name for name in fields if PRIVATE_WORDS.search(name)]


def test_a_leak_would_be_found() -> None:
    told = {"rows": [{"value": 0.611_11}], "note": "a margin of 61 %"}
    assert {digits(value) for value in numbers(told)} & private_numbers(marked(), "anna")
    assert PRIVATE_WORDS.search(json.dumps(told))


def test_the_answer_is_the_list_and_wrong_names_are_told(service_of: TestClient) -> None:
    answer = service_of.get(PATH)
    told = opportunities_json(opportunities(marked(), "anna"))
    assert answer.json() == told | {"matrix_version": answer.headers["alliance-matrix"]}
    unknown = service_of.get("/v1/creators/anne/opportunities")
    assert (unknown.status_code, unknown.json()["close"]) == (404, ["anna"])
    wrong = service_of.get(PATH, params={"category": "toys"})
    assert wrong.status_code == 422
    assert "There are: beauty, food" in wrong.json()["detail"]


def test_the_table_tells_why() -> None:
    text = " ".join(table_text(deal_matrix(), "anna").split())
    assert "20.0% of what stays sold; a slot fee whatever is sold" in text
    assert "beauty is your category" in text
    assert "ranked by earns x wanted" in text


def test_where_only_collaborations_are_known_no_score_of_the_creator_is_told(home: Path) -> None:
    matrix = chosen_matrix(p_collaboration=[0.4321, 0.9876, -1.2345, -2.3456])
    publish(matrix, home / "matrix")
    with TestClient(create_app(ServingSettings(home=home))) as client:
        told = client.get(PATH).json()
        refused = client.get(PATH, params={"category": "food"})
    assert [(row["brand_id"], row["product_id"]) for row in told["rows"]] == [
        ("nut", None),
        ("lip", None),
    ]
    assert not {digits(value) for value in numbers(told)} & {"0.4321", "0.9876", "-1.234", "-2.346"}
    assert not PRIVATE_WORDS.search(json.dumps(told, ensure_ascii=False))
    assert refused.status_code == 422
    text = " ".join(table_text(matrix, "anna").split())
    assert "2 of 2 brands" in text
    assert "no probability of a deal and no money" in text
    assert "earns" not in text
    assert "0.43" not in text
