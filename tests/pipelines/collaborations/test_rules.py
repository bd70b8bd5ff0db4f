"""Collaborations that nothing can be learned from: ranked by a rule that says so, or refused."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from features.errors import NoChampion, NotEnoughHistory
from models.matrix.files import current
from models.shortlists.shortlist import shortlist
from pipelines.collaborations.rules import CLOSENESS, PAST
from pipelines.home import Home
from pipelines.ingest import ingest
from pipelines.score import score
from pipelines.sources.write import write_source
from pipelines.tracking import Tracking
from pipelines.train import train
from tests.models.collaboration.planted import Market, market
from tests.pipelines.test_collaborations_only import tables
from tests.pipelines.worlds import QUICK, QUICK_SCORE

Tables = dict[str, pd.DataFrame]
Stored = Callable[[Tables], Home]


@pytest.fixture(scope="module")
def world() -> Market:
    return market(brands=48)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """A home that holds these tables."""
    empty = Home(tmp_path_factory.mktemp("record"))
    Tracking(empty.mlflow_uri, empty.artifacts)

    def store(source: Tables) -> Home:
        folder = tmp_path_factory.mktemp("home")
        write_source(source, folder / "source")
        home = Home(folder / "home")
        home.path.mkdir()
        shutil.copy(empty.path / "mlflow.db", home.path / "mlflow.db")
        ingest(str(folder / "source"), home)
        return home

    return store


def without_vectors(source: Tables) -> Tables:
    return {name: frame for name, frame in source.items() if "embeddings" not in name}


def test_without_vectors_pairs_are_ranked_by_past_collaborations(
    world: Market, stored: Stored
) -> None:
    home = stored(without_vectors(tables(world)))
    report = train(home, QUICK)
    assert report.promoted
    assert any(note.startswith("Nothing was learned: pairs are ranked") for note in report.notes)
    assert any("creator_embeddings.<set>" in sentence for sentence in report.missing)
    board = report.collaborations
    assert set(board["predictor"]) == {PAST, "popularity"}
    score(home, QUICK_SCORE)
    matrix = current(home.matrix)
    assert any("the number of other brands" in note for note in matrix.manifest.notes)
    listed = shortlist(matrix, "b047", k=3)
    assert listed.objective == "collaboration"
    others = world.ties[:44].toarray().sum(axis=0)
    most = {f"c{i:03d}" for i in others.argsort()[::-1][:12]}
    assert {row.creator_id for row in listed.rows} <= most
    words = report.card.with_name("model-card.md").read_text(encoding="utf-8")
    assert "Ranked by: Nothing was learned: pairs are ranked by the number of other" in words
    assert "its scores stand for an order alone" in words
    again = train(home, QUICK)
    assert not again.promoted
    assert "learned nothing" in again.verdict


def test_with_few_brands_closeness_stands_in_for_learning(world: Market, stored: Stored) -> None:
    source = tables(world)
    few = source["collaborations"]["brand_id"].isin([f"b{i:03d}" for i in range(6)])
    home = stored(source | {"collaborations": source["collaborations"][few]})
    report = train(home, QUICK)
    assert any("closeness to past partners" in note for note in report.notes)
    score(home, QUICK_SCORE)
    matrix = current(home.matrix)
    assert "p_collaboration" not in matrix.manifest.null_columns
    assert "nothing was learned" in matrix.manifest.null_columns["reason1_feature"]
    assert CLOSENESS in report.notes[0]


def test_where_nothing_happened_nothing_is_promoted(
    world: Market, stored: Stored, tmp_path: Path
) -> None:
    source = without_vectors(tables(world))
    invited = source["collaborations"].assign(status="invited")
    home = stored(source | {"collaborations": invited})
    with pytest.raises(NotEnoughHistory, match=r"no collaboration was accepted.*Add sessions"):
        train(home, QUICK)
    with pytest.raises(NoChampion):
        score(home, QUICK_SCORE)
