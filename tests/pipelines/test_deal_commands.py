"""Deals and opportunities on the command line."""

import json
from pathlib import Path

import pytest

from models.deals.deal import deal
from models.opportunities import opportunities
from pipelines.cli import DONE, NOT_READY, WRONG_INPUT, run
from pipelines.publish import publish
from serving.deal_answers import deal_json
from serving.opportunity_answers import opportunities_json
from tests.deal_matrices import deal_matrix


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ALLIANCE_HOME", str(tmp_path))
    publish(deal_matrix(), tmp_path / "matrix")
    return tmp_path


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    answer = json.loads(capsys.readouterr().out)
    assert isinstance(answer, dict)
    answer.pop("matrix_version")
    return answer


def test_a_deal_as_json_is_what_the_service_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["deal", "lip", "anna", "--commission", "0.25", "--fee", "5000", "--json"]) == DONE
    expected = deal_json(deal(deal_matrix(), "lip", "anna", commission=0.25, slot_fee=5_000.0))
    expected.pop("matrix_version")
    assert told(capsys) == expected


def test_a_deal_is_printed_and_drawn(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["deal", "lip", "anna", "--chart", str(home / "deal.svg")]) == DONE
    assert "Drawn: " in capsys.readouterr().out
    assert (home / "deal.svg").read_text(encoding="utf-8").startswith("<svg")
    assert run(["deal", "lip", "anna", "--chart", str(home / "deal.png")]) == WRONG_INPUT


def test_opportunities_as_json_are_what_the_service_answers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["opportunities", "anna", "-k", "1", "--json"]) == DONE
    expected = opportunities_json(opportunities(deal_matrix(), "anna", k=1))
    expected.pop("matrix_version")
    assert told(capsys) == expected
    assert run(["opportunities", "anna"]) == DONE
    assert "ranked by earns x wanted" in capsys.readouterr().out


def test_wrong_input_is_a_sentence_with_close_matches(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["deal", "lip", "anne"]) == WRONG_INPUT
    assert "Close: 'anna' (Anna)" in capsys.readouterr().err
    assert run(["opportunities", "anne"]) == WRONG_INPUT
    assert "Close: 'anna' (Anna)" in capsys.readouterr().err
    (home / "matrix" / "CURRENT").unlink()
    assert run(["deal", "lip", "anna"]) == NOT_READY
