"""`alliance portfolio` on a small matrix."""

import json
from pathlib import Path

import numpy as np
import pytest

from pipelines.cli import DONE, WRONG_INPUT, run
from pipelines.publish import publish
from tests.matrices import rows, small_matrix


@pytest.fixture(autouse=True)
def _published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLIANCE_HOME", str(tmp_path / "home"))
    frame = rows().assign(
        profit=[1_000.0, 800.0, 600.0, 500.0, np.nan], slot_fee=100.0, p_accept=0.5
    )
    publish(small_matrix(frame), tmp_path / "home" / "matrix")


def test_json_is_one_object_alone_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["portfolio", "acme", "-k", "2", "--budget", "100", "--tier", "head=0:1", "--json"]
    assert run(asked) == DONE
    first = capsys.readouterr().out
    told = json.loads(first)
    assert [row["creator_id"] for row in told["rows"]] == ["c1", "c2"]
    assert {limit["name"] for limit in told["limits"]} >= {"invitations", "budget"}
    assert run(asked) == DONE
    assert capsys.readouterr().out == first


def test_the_table_and_the_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "frontier.svg"
    asked = ["portfolio", "acme", "-k", "2", "--tier", "head", "--tier", "tail"]
    assert run([*asked, "--frontier", str(picture)]) == DONE
    told = capsys.readouterr().out
    assert "Acme (acme)" in told
    assert f"Drawn: {picture}." in told
    assert picture.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--tier", "head=2:1"], "tier head: from 2 to 1 is no range"),
        (["--tier", "head=x:1"], "tier 'head=x:1' cannot be read"),
        (["--tier", "foo=0:2"], "tier foo: no creator of this matrix is of it. There are: head,"),
        (["--frontier", "frontier.png"], "'frontier.png' must end in .svg."),
        (["--tier", "tail=2:", "--budget", "10"], "they cost at least 80 in slot fees and samples"),
    ],
)
def test_wrong_input_is_a_sentence(
    options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["portfolio", "acme", *options]) == WRONG_INPUT
    assert words in capsys.readouterr().err
