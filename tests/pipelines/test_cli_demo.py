"""The whole main job on a small world, by the command line."""

from datetime import timedelta

import pytest

import pipelines.demo
import pipelines.train
from models.concentration.published import CONCENTRATION
from pipelines.cli import DONE, INTERRUPTED
from pipelines.demo import Demo
from pipelines.settings import ScoreSettings, TrainSettings
from tests.pipelines.alliance import TINY, Alliance, interrupt

QUICK = TrainSettings(horizon_days=14, windows=1, return_days=14, embedding_size=4, num_threads=1)


@pytest.fixture(scope="module")
def told() -> list[str]:
    return []


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, told: list[str]) -> Demo:
    """The demo on a world of three brands."""
    return pipelines.demo.demo(
        "world",
        tmp_path_factory.mktemp("demo"),
        TINY,
        k=3,
        learning=QUICK,
        scoring=ScoreSettings(num_threads=1),
        tell=told.append,
    )


def test_the_demo_tells_its_steps(ran: Demo, told: list[str]) -> None:
    steps = [line[:2] for line in told if line[:1].isdigit()]
    assert steps == ["1.", "2.", "3.", "4."]
    assert "Published matrix" in told[-1]
    assert (ran.home.matrix / ran.scored.version / CONCENTRATION).is_file()
    assert ran.shortlist.brand_id == ran.scored.example_brand
    assert len(ran.shortlist.rows) == 3
    assert all(row.reasons for row in ran.shortlist.rows)


def test_the_demo_ends_with_three_commands_to_try(
    ran: Demo, alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipelines.demo, "demo", lambda *_, **__: ran)
    told = alliance("demo", "--folder", ran.home.path.parent)
    assert told.code == DONE
    ending = told.out.split("Try next:\n")[1].splitlines()
    assert f"ALLIANCE_HOME={ran.home.path}" in ending[0]
    assert [line.split()[1] for line in ending[1:]] == ["shortlist", "export", "serve"]
    assert len(alliance("demo", "--json").document["rows"]) == 3


@pytest.fixture
def demo_home(ran: Demo, alliance: Alliance, monkeypatch: pytest.MonkeyPatch) -> Alliance:
    """The command line in the demo's home."""
    monkeypatch.setenv("ALLIANCE_HOME", str(ran.home.path))
    return alliance


def test_training_prints_a_leaderboard_or_one_object(
    ran: Demo, demo_home: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipelines.train, "train", lambda *_: ran.trained)
    shown = demo_home("train")
    assert "conversion" in shown.out
    assert shown.out.endswith("Next: alliance score\n")
    told = demo_home("train", "--json")
    assert told.err == ""
    assert told.document["promoted"] is True
    assert {row["target"] for row in told.document["rows"]} >= {"conversion", "exposure"}


def test_an_evaluation_is_one_object_with_its_leaderboard(demo_home: Alliance) -> None:
    told = demo_home("evaluate", "--json")
    assert told.err == ""
    assert "champion 1" in {row["predictor"] for row in told.document["rows"]}


def test_a_scoring_says_what_it_published_and_what_comes_next(
    ran: Demo, demo_home: Alliance
) -> None:
    shown = demo_home("score")
    assert shown.out.startswith(f"Published matrix {ran.scored.version}: 36 pairs of 3 brands")
    assert shown.out.endswith(f"Next: alliance shortlist {ran.scored.example_brand} -k 20\n")
    assert "scoring the grid" in shown.err
    told = demo_home("score", "--json")
    assert told.err == ""
    assert [row["pairs"] for row in told.document["rows"]] == [12, 12, 12]


def test_a_matrix_of_a_date_after_the_facts_says_so(ran: Demo, demo_home: Alliance) -> None:
    before = (ran.home.matrix / "CURRENT").read_text()
    a_year_later = ran.scored.as_of + timedelta(days=365)
    told = demo_home("score", "--as-of", str(a_year_later))
    (ran.home.matrix / "CURRENT").write_text(before)
    assert f"the facts end 365 days before {a_year_later}: nothing is known" in told.out


def test_an_interrupted_scoring_keeps_the_published_matrix(
    ran: Demo, demo_home: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (ran.home.matrix / "CURRENT").read_text()
    monkeypatch.setattr("pipelines.scored_matrix.build_matrix", interrupt)
    told = demo_home("score")
    assert told.code == INTERRUPTED
    assert (ran.home.matrix / "CURRENT").read_text() == before
