"""A source of brands, creators, vectors and past collaborations: no session, no product."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from starlette.testclient import TestClient

from experiments.collaborations import Ranked
from features.errors import NoChampion
from models.bundle import AllianceModel
from models.matrix.files import current
from models.shortlists.shortlist import shortlist
from pipelines.cli import run
from pipelines.collaborations import LEARNED_NAME, odds_per_point
from pipelines.evaluate import evaluate
from pipelines.home import Home
from pipelines.ingest import ingest
from pipelines.score import score
from pipelines.settings import LEARNED
from pipelines.sources.write import write_source
from pipelines.tracking import Tracking
from pipelines.train import TrainReport, train
from serving.app import create_app
from serving.settings import ServingSettings
from tests.models.collaboration.planted import Market, market
from tests.pipelines.alliance import interrupt
from tests.pipelines.worlds import QUICK, QUICK_SCORE

KNOWN = 44
"""Brands with a past; the four after them are new."""
DAY = pd.Timestamp("2024-03-01", tz="UTC")


def tables(world: Market, days_apart: float = 0.0) -> dict[str, pd.DataFrame]:
    """The market as a source; collaboration i began i x days_apart after the first."""
    pairs = np.argwhere(world.ties[:KNOWN].toarray() > 0)
    shuffled = pairs[np.random.default_rng(1).permutation(len(pairs))]
    ids = [f"x{i:04d}" for i in range(len(shuffled))]
    days = [DAY + pd.Timedelta(days=days_apart) * i for i in range(len(shuffled))]
    made = {
        "brands": pd.DataFrame({"brand_id": world.brands.ids, "industry": world.brands.category}),
        "creators": pd.DataFrame({"creator_id": world.creators.ids}),
        "collaborations": pd.DataFrame(
            {
                "collaboration_id": ids,
                "status": "aired",
                "at": days,
                "brand_id": world.brands.ids[shuffled[:, 0]],
                "creator_id": world.creators.ids[shuffled[:, 1]],
            }
        ),
    }
    for family, side in (("creator", world.creators), ("brand", world.brands)):
        vectors = side.vectors["caption"]
        frame = pd.DataFrame(vectors, columns=[f"e{i}" for i in range(vectors.shape[1])])
        frame.insert(0, "id", side.ids)
        made[f"{family}_embeddings.caption"] = frame
    return made


def stored(world: Market, folder: Path, record: Path, days_apart: float = 0.0) -> Home:
    write_source(tables(world, days_apart), folder / "source")
    home = Home(folder / "home")
    home.path.mkdir()
    shutil.copy(record, home.path / "mlflow.db")
    ingest(str(folder / "source"), home)
    return home


@pytest.fixture(scope="module")
def world() -> Market:
    return market(brands=KNOWN + 4)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty record of runs, made once: its tables take seconds."""
    empty = Home(tmp_path_factory.mktemp("record"))
    Tracking(empty.mlflow_uri, empty.artifacts)
    return empty.path / "mlflow.db"


@pytest.fixture(scope="module")
def home(world: Market, record: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return stored(world, tmp_path_factory.mktemp("partners"), record)


@pytest.fixture(scope="module")
def trained(home: Home) -> TrainReport:
    report = train(home, QUICK)
    score(home, QUICK_SCORE)
    return report


def test_training_judges_what_it_learned_beside_the_baselines(trained: TrainReport) -> None:
    board = trained.collaborations
    assert set(board["judged_by"]) == {"brands never seen, in 4 folds"}
    assert set(board["brands"]) == {KNOWN}
    of_map = board[board["measure"] == "map"].set_index("predictor")
    assert set(of_map.index) == {"learned", "hub-corrected cosine", "cosine", "popularity"}
    assert of_map["value"].idxmax() == "learned"
    assert of_map.loc["cosine", "verdict"] == "better"
    assert any("to rank by, no probability" in note for note in trained.notes)


def test_the_card_tells_of_collaborations_and_not_of_sales(trained: TrainReport) -> None:
    words = trained.card.with_name("model-card.md").read_text(encoding="utf-8")
    assert "first and last new tie: 2024-03-01 to 2024-03-01" in words
    assert f"Learned from 264 pairs of {KNOWN} brands" in words
    for told in ("brands with at most 6 partners", "partners with several other", "industry food"):
        assert f"| {told}" in words
    assert "| match learned from past partners | x" in words
    calibration = words.partition("## Calibration")[2].partition("\n## ")[0]
    bins = re.findall(r"^\| ([\d.]+)% \| ([\d.]+)% \|", calibration, re.M)
    said, happened = np.array(bins, float).T
    assert len(said) >= 5
    assert happened[-1] > 3 * happened[0], "a high score stands for more who were chosen"
    assert said.sum() == pytest.approx(happened.sum(), rel=0.1)
    for money in ("GMV", "sessions before", "orders /", "none to none"):
        assert money not in words.partition("## What the source lacks")[0]
        assert money not in words.partition("## Limits")[2].partition("\n## ")[0]
    run = trained.card.parent.parent
    assert len(pd.read_csv(run / "collaboration-slices.csv")) >= 6
    assert len(pd.read_csv(run / "collaboration-importance.csv")) >= 3
    assert (run / "plots" / "calibration-collaboration.png").stat().st_size > 1_000


def test_it_is_registered_and_kept_without_pickles(trained: TrainReport, home: Home) -> None:
    champion = Tracking(home.mlflow_uri, home.artifacts).champion()
    assert champion.version == trained.version
    model = AllianceModel.load(champion.folder / LEARNED)
    assert model.predictors == {}
    assert model.collaboration is not None
    assert model.manifest["collaboration"]["brands"] == KNOWN


def test_a_brand_never_seen_gets_the_creators_it_would_want(
    trained: TrainReport, home: Home, world: Market
) -> None:
    matrix = current(home.matrix)
    frame = matrix.frame()
    new = [str(brand) for brand in world.brands.ids[KNOWN:]]
    for i, brand in enumerate(new):
        scores = frame[frame["brand_id"] == brand].set_index("creator_id")["p_collaboration"]
        found = np.corrcoef(scores[world.creators.ids.tolist()], world.affinity[KNOWN + i])[0, 1]
        assert found > 0.4
    assert any("to rank by, not a probability: learned" in n for n in matrix.manifest.notes)
    listed = shortlist(matrix, new[0], k=5)
    assert listed.objective == "collaboration"
    best = [row.p_collaboration for row in listed.rows]
    assert best == sorted(best, key=lambda score: -(score or 0))


def test_a_score_has_three_reasons_that_are_part_of_it(
    trained: TrainReport, home: Home, world: Market
) -> None:
    matrix = current(home.matrix)
    frame = matrix.frame()
    assert frame["reason3_feature"].notna().all()
    effects = frame[[f"reason{i}_effect" for i in (1, 2, 3)]].to_numpy()
    assert (np.diff(np.abs(effects), axis=1) <= 1e-6).all(), "the strongest first"
    of_brand = frame["brand_id"] == "b047"
    scores = frame.loc[of_brand, "p_collaboration"]
    told = effects[of_brand.to_numpy()].sum(axis=1)
    assert np.corrcoef(scores, told)[0, 1] > 0.8
    (note,) = [note for note in matrix.manifest.notes if note.startswith("reasons are")]
    assert "log odds of being chosen" in note
    row = shortlist(matrix, "b047", k=1).rows[0]
    assert row.reasons[0].odds_factor > 1
    assert {reason.group for reason in row.reasons} <= {
        "caption beside the brand's",
        "caption beside partners of such brands",
        "match learned from past partners",
    }
    assert "caption" in " ".join(reason.words for reason in row.reasons)


def test_where_nobody_was_held_out_the_score_is_worth_nothing_known() -> None:
    assert odds_per_point([]) is None


def test_a_point_of_the_score_is_worth_its_log_odds() -> None:
    random = np.random.default_rng(0)
    ids = np.array([f"c{i}" for i in range(40)])
    ranked = []
    for i in range(400):
        scores = random.normal(size=40)
        odds = np.exp(1.5 * scores)
        chosen = np.zeros(40, dtype=bool)
        chosen[random.choice(40, p=odds / odds.sum())] = True
        ranked.append(Ranked(f"b{i}", ids, chosen, {LEARNED_NAME: scores}))
    assert odds_per_point(ranked) == pytest.approx(1.5, abs=0.15)


def test_the_same_verbs_judge_and_list_it(
    trained: TrainReport,
    home: Home,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ALLIANCE_HOME", str(home.path))
    assert run(["evaluate"]) == 0
    told = capsys.readouterr().out
    assert "collaboration (judged on brands never seen, in 4 folds" in told
    assert "popularity" in told
    assert run(["shortlist", "b047", "--objective", "collaboration", "-k", "3"]) == 0
    listed = capsys.readouterr().out
    assert "match" in listed
    assert "x: what a fact does to the odds of being chosen by the brand" in " ".join(
        listed.split()
    )


def test_an_explanation_speaks_of_being_chosen_and_drift_of_what_is_judged(
    trained: TrainReport,
    home: Home,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ALLIANCE_HOME", str(home.path))
    assert run(["explain", "b047", "c001"]) == 0
    told = capsys.readouterr().out
    assert "odds of being chosen" in told
    assert "score of collaborating" in told
    assert "order" not in told.replace("in the order", "")
    assert run(["opportunities", "c001"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert f"20 of {KNOWN + 4} brands" in told
    assert "no probability of a deal and no money is known" in told
    assert run(["opportunities", "c001", "-k", "3", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [row["product_id"] for row in rows] == [None] * 3
    assert run(["concentration"]) != 0
    assert "shortlist BRAND --objective collaboration" in " ".join(capsys.readouterr().err.split())
    assert run(["evaluate", "--since", "2024-01-01"]) == 3
    told = " ".join(capsys.readouterr().err.split())
    assert "with facts after it" in told


@pytest.fixture
def service(home: Home, trained: TrainReport) -> Iterator[TestClient]:
    with TestClient(create_app(ServingSettings(home=home.path))) as client:
        yield client


def test_over_http_the_objective_is_called_by_its_name(service: TestClient) -> None:
    answer = service.get("/v1/brands/b047/shortlist", params={"objective": "collaboration", "k": 3})
    assert answer.status_code == 200
    told = answer.json()
    assert told["objective"] == "collaboration"
    assert len({row["p_collaboration"] for row in told["rows"]}) == 3
    assert all(len(row["reasons"]) == 3 for row in told["rows"])


def test_a_challenger_is_compared_on_what_the_champion_has_not_learned(
    world: Market, record: Path, tmp_path: Path
) -> None:
    home = stored(world, tmp_path, record, days_apart=0.5)
    first = train(home, QUICK, as_of=(DAY + pd.Timedelta(days=90)).date())
    assert first.promoted
    again = train(home, QUICK, as_of=(DAY + pd.Timedelta(days=90)).date())
    assert "has learned from" in again.verdict
    later = train(home, QUICK)
    assert "learned from those before" in str(later.collaborations["judged_by"].iloc[0])
    assert "mean average precision of new collaborations" in later.verdict
    judged = evaluate(home)
    assert not len(judged.leaderboard)
    assert len(judged.collaborations)


def test_a_training_interrupted_before_its_card_is_there_promotes_nothing(
    world: Market, record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = stored(world, tmp_path, record)
    monkeypatch.setattr("pipelines.train.write_card", interrupt)
    with pytest.raises(KeyboardInterrupt):
        train(home, QUICK)
    with pytest.raises(NoChampion):
        Tracking(home.mlflow_uri, home.artifacts).champion()
