"""Rankings of collaborations published earlier beside the ties that began later."""

import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines.cli import run
from pipelines.drift import asked_of, ranking_drift
from pipelines.home import Home
from pipelines.ingest import ingest
from pipelines.published import rankings_since
from pipelines.score import score
from pipelines.sources.write import write_source
from pipelines.train import train
from tests.models.collaboration.planted import market
from tests.pipelines.test_collaborations_only import DAY, KNOWN, record, stored, tables
from tests.pipelines.worlds import QUICK, QUICK_SCORE

__all__ = ["record"]

PUBLISHED = (DAY + pd.Timedelta(days=90)).date()
DAYS_APART = 0.5


@pytest.fixture(scope="module")
def home(record: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Rankings published as of PUBLISHED; collaborations go on for six weeks."""
    home = stored(market(brands=KNOWN + 4), tmp_path_factory.mktemp("later"), record, DAYS_APART)
    train(home, QUICK, as_of=PUBLISHED)
    score(home, QUICK_SCORE, PUBLISHED)
    return home


def later(known: pd.DataFrame) -> pd.DataFrame:
    return known[known["at"] >= pd.Timestamp(PUBLISHED, tz="UTC")]


def copied(home: Home, folder: Path, made: dict[str, pd.DataFrame]) -> Home:
    """The same home, after another source was ingested."""
    shutil.copytree(home.path, folder / "home")
    write_source(made, folder / "source")
    other = Home(folder / "home")
    ingest(str(folder / "source"), other)
    return other


def test_a_ranking_that_holds_raises_no_alarm(home: Home) -> None:
    known = tables(market(brands=KNOWN + 4), DAYS_APART)["collaborations"]
    report = ranking_drift(home, PUBLISHED)
    whole = report.slices.set_index("slice").loc["all"]
    assert whole["ties"] == len(later(known)), "every tie after the date, none before it"
    assert whole["brands"] == later(known)["brand_id"].nunique()
    assert report.verdict.retrain is not True, report.verdict.sentence
    assert whole["auc"] > 0.7
    assert set(report.then) == {"auc", "map", "r10", "r50"}
    assert {"industry food", "industry beauty"} <= set(report.slices["slice"])


def test_partners_of_then_are_no_candidates_and_later_ones_are(home: Home) -> None:
    known = tables(market(brands=KNOWN + 4), DAYS_APART)["collaborations"]
    known = known.assign(at=known["at"].dt.tz_localize(None))
    (version,), _ = rankings_since(home.matrix, PUBLISHED)
    start = pd.Timestamp(PUBLISHED)
    asked = asked_of(version, known, date(2025, 1, 1), among_chosen=False)
    for one in asked:
        own = known[known["brand_id"] == one.ranked.brand_id]
        before = set(own.loc[own["at"] < start, "creator_id"])
        after = set(own.loc[own["at"] >= start, "creator_id"])
        assert not before & set(one.ranked.creator_ids)
        assert set(one.ranked.creator_ids[one.ranked.chosen]) == after
        assert one.partners == len(before)
    active = asked_of(version, known, date(2025, 1, 1), among_chosen=True)
    chosen = set(later(known.assign(at=known["at"].dt.tz_localize("UTC")))["creator_id"])
    assert all(set(one.ranked.creator_ids) <= chosen for one in active)


def test_brands_that_choose_otherwise_are_a_reason_to_train_again(
    home: Home, tmp_path: Path
) -> None:
    world = market(brands=KNOWN + 4)
    made = tables(world, DAYS_APART)
    known = made["collaborations"]
    rows = later(known).index
    brands = pd.Index(world.brands.ids).get_indexer(known.loc[rows, "brand_id"])
    least = np.argsort(world.affinity[brands], axis=1)[
        np.arange(len(rows)), np.arange(len(rows)) % 9
    ]
    known.loc[rows, "creator_id"] = world.creators.ids[least]
    report = ranking_drift(copied(home, tmp_path, made), PUBLISHED)
    assert report.verdict.retrain is True
    assert report.verdict.sentence.startswith("Retrain now because AUC is 0.")
    assert report.slices["auc"].iloc[0] < 0.5


def test_each_tie_is_held_against_the_last_ranking_before_it(home: Home, tmp_path: Path) -> None:
    shutil.copytree(home.path, tmp_path / "home")
    both = Home(tmp_path / "home")
    score(both, QUICK_SCORE, (DAY + pd.Timedelta(days=110)).date())
    report = ranking_drift(both, PUBLISHED)
    assert len(report.versions) == 2
    assert report.versions["ties"].sum() == report.slices["ties"].iloc[0]
    assert report.slices["ties"].iloc[0] == ranking_drift(home, PUBLISHED).slices["ties"].iloc[0]


def test_the_command_tells_the_verdict_first_or_one_object(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALLIANCE_HOME", str(home.path))
    assert run(["evaluate", "--since", PUBLISHED.isoformat(), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"][0]["slice"] == "all"
    assert {"value", "lo95", "hi95"} == set(told["training"]["auc"])
    assert told["retrain"] in (False, None)
    assert run(["evaluate", "--since", PUBLISHED.isoformat()]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert printed.startswith(told["verdict"])
    assert "at training" in printed
    assert run(["evaluate", "--since", "2030-01-01"]) == 3


def test_partners_who_met_again_are_no_later_tie_and_it_says_so(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tables(market(brands=KNOWN + 4), DAYS_APART)
    known = made["collaborations"]
    pair = ["brand_id", "creator_id"]
    known.loc[later(known).index, pair] = known.loc[0, pair].to_numpy()
    quiet = copied(home, tmp_path, made)
    monkeypatch.setenv("ALLIANCE_HOME", str(quiet.path))
    assert run(["evaluate", "--since", PUBLISHED.isoformat()]) == 3
    told = " ".join(capsys.readouterr().err.split())
    assert "No tie of a brand and a creator that were ranked began from" in told
