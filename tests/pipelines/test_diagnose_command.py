"""`alliance diagnose` and `alliance remedy`, as they are typed."""

import json
from pathlib import Path

import pytest

from pipelines.cli import NOT_READY, WRONG_INPUT, run
from pipelines.publish import publish
from tests.matrices import offered_matrix, rows, small_matrix


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to write into, and a home with a matrix."""
    monkeypatch.setenv("ALLIANCE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USER", "li")
    publish(offered_matrix(), tmp_path / "home" / "matrix")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def test_it_prints_the_diagnosis_and_writes_both_charts(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diagnose", "acme"]) == 0
    told = capsys.readouterr().out
    assert "core contributor 1 met, 0 new" in told
    assert "Chart: diagnosis-acme.svg, diagnosis-acme.html" in told
    assert (here / "diagnosis-acme.svg").read_text(encoding="utf-8").startswith("<svg")
    assert "李佳" in (here / "diagnosis-acme.html").read_text(encoding="utf-8")


def test_where_nothing_tells_conversion_nothing_is_said_of_how_it_is_counted(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    why = "the source has no clicks"
    rates = ["conversion_rate", "benchmark_rate", "p_above_benchmark", "peer_rate", "p_above_peers"]
    frame = rows().drop(columns=[*rates, "conversion_denominator"])
    unknown = {"null_columns": dict.fromkeys([*rates, "conversion_denominator"], why)}
    publish(
        small_matrix(frame, conversion_denominator=None, **unknown), here.parent / "home/matrix"
    )
    assert run(["diagnose", "acme"]) == 0
    told = capsys.readouterr().out
    assert why in told
    assert "None" not in told


def test_json_stands_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["diagnose", "acme", "-k", "2", "--chart", "acme.svg", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["creator_id"] for row in told["rows"]] == ["c1", "c3"]
    assert told["charts"] == ["acme.svg"]


def test_a_rung_is_logged_and_stands_in_the_history_of_the_creator(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["remedy", "acme", "c3", "product", "--note", "换成面膜"]) == 0
    assert "waiting; tried product; look again from 2026-05-22" in capsys.readouterr().out
    assert run(["diagnose", "acme", "--creator", "c3"]) == 0
    told = capsys.readouterr().out
    assert "2026-05-02 tried product (li)" in told
    assert "换成面膜" in told


def test_a_product_is_diagnosed_and_mended_apart(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["remedy", "acme", "c1", "product", "--product", "p2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["remedy"]["state"] == "waiting"
    assert run(["diagnose", "acme", "--product", "p2", "--creator", "c1", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert (row["quadrant"], row["remedy"]["tried"]) == ("mend", ["product"])
    assert run(["diagnose", "acme", "--creator", "c1", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert (row["quadrant"], row["remedy"]["tried"]) == ("core contributor", [])


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["diagnose", "acm"], "UnknownBrand: no brand 'acm'"),
        (["diagnose", "acme", "--creator", "王芳"], "Close: 'c3' (王芳芳)"),
        (["diagnose", "acme", "--product", "mask"], "Close: 'p2' (Mask)"),
        (["diagnose", "acme", "--chart", "acme.pdf"], "written as .svg or .html"),
        (["diagnose", "acme", "--chart", "no/acme.svg"], "there is no folder no"),
        (["remedy", "acme", "c3", "prodcut"], "Did you mean 'product'?"),
        (["remedy", "acme", "c3", "live offer"], "'live offer' is not the next rung"),
        (["remedy", "acme", "c1", "product"], "there is nothing to mend"),
        (["remedy", "acme", "c2", "product"], "there is nothing to mend"),
    ],
)
def test_wrong_input_is_a_plain_sentence(
    here: Path, capsys: pytest.CaptureFixture[str], typed: list[str], told: str
) -> None:
    assert run(typed) == WRONG_INPUT
    assert told in capsys.readouterr().err
    assert list(here.iterdir()) == []


def test_a_state_that_cannot_be_opened_is_not_ready(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLIANCE_STATE_URL", "mystate")
    assert run(["diagnose", "acme"]) == NOT_READY
    assert "ALLIANCE_STATE_URL is no database URL" in capsys.readouterr().err
