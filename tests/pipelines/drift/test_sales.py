"""Forecasts published earlier beside what came after them, from facts to the command line."""

import json
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from features.errors import NoMatrix
from models.matrix.files import current_version
from models.versions import PAST
from pipelines.cli import run
from pipelines.drift import drift, said_and_happened
from pipelines.home import Home
from pipelines.ingest import ingest
from pipelines.published import published_since
from pipelines.score import score
from pipelines.sources.write import write_source
from pipelines.train import train
from tests.pipelines.worlds import QUICK, QUICK_SCORE, little_world, stored

DAY = date(2025, 1, 20)
Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return dict(little_world(creators=40, lines=5_000, days=120, returns=False).tables)


@pytest.fixture(scope="module")
def home(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose matrix was published as of DAY; its facts go on for five weeks."""
    home = stored(tables, tmp_path_factory.mktemp("drift"))
    train(home, QUICK, DAY)
    score(home, QUICK_SCORE, DAY)
    return home


def with_orders(tables: Tables, factor: float) -> Tables:
    """The same source, but from DAY on orders and money are `factor` times what they were."""
    sessions = tables["sessions"]
    started = pd.to_datetime(sessions["started_at"], utc=True).dt.tz_localize(None)
    later = set(sessions.loc[started >= pd.Timestamp(DAY), "session_id"])
    lines = tables["session_products"].copy()
    hit = lines["session_id"].isin(later)
    lines.loc[hit, "orders"] = (lines.loc[hit, "orders"].astype(float) * factor).round().astype(int)
    lines.loc[hit, "gmv"] = lines.loc[hit, "gmv"].astype(float) * factor
    return {**tables, "session_products": lines}


def test_without_a_drift_there_is_no_alarm(home: Home) -> None:
    report = drift(home, DAY)
    assert report.verdict.retrain is not True, report.verdict.sentence
    whole = report.slices.set_index("slice").loc["all"]
    assert 0.7 < whole["ratio"] < 1.4
    assert whole["trials"] > 10_000
    assert {"new pairs", "recommended pairs", "cold creators", "tier tail"} <= set(
        report.slices["slice"]
    )


def test_means_over_many_sessions_count_by_them_and_have_no_range() -> None:
    pairs = {"size": "gmv", "said": [10.0, 1.0], "happened": [4.0, 1.0], "lo80": 0.0, "hi80": 5.0}
    whole = said_and_happened(pd.DataFrame({**pairs, "lines": [1.0, 9.0]})).iloc[0]
    assert (whole["said"], whole["happened"]) == (pytest.approx(1.9), pytest.approx(1.3))
    assert whole["lines"] == 10
    assert whole["within_80"] != whole["within_80"]
    single = said_and_happened(pd.DataFrame({**pairs, "lines": 1.0})).iloc[0]
    assert single["within_80"] == 1.0


def test_weeks_count_from_the_training_and_hold_every_fact_once(home: Home) -> None:
    report = drift(home, DAY)
    assert report.weeks["slice"].tolist()[:2] == ["week 1", "week 2"]
    whole = report.slices.set_index("slice").loc["all", "trials"]
    assert report.weeks["trials"].sum() == pytest.approx(whole)
    assert report.versions["trials"].sum() == pytest.approx(whole)
    assert set(report.sizes["size"]) == {"impressions", "gmv"}


def test_conversion_that_halved_after_the_date_says_retrain(
    home: Home, tables: Tables, tmp_path: Path
) -> None:
    shutil.copytree(home.path, tmp_path / "home")
    halved = Home(tmp_path / "home")
    write_source(with_orders(tables, 0.4), tmp_path / "source")
    ingest(str(tmp_path / "source"), halved)
    told = drift(halved, DAY).verdict
    assert told.retrain
    assert told.sentence.startswith("Retrain now because conversion was ")


def test_money_that_changed_is_held_against_the_error_at_evaluation(
    home: Home, tables: Tables, tmp_path: Path
) -> None:
    plain = drift(home, DAY).money.set_index("slice")
    assert {"all", "thin creators", "new pairs", "tier tail"} <= set(plain.index)
    shutil.copytree(home.path, tmp_path / "home")
    cheaper = Home(tmp_path / "home")
    write_source(with_orders(tables, 0.25), tmp_path / "source")
    ingest(str(tmp_path / "source"), cheaper)
    told = drift(cheaper, DAY).money.set_index("slice")
    of_all = told.loc["all"], plain.loc["all"]
    assert of_all[0]["then"] == of_all[1]["then"], "what was before the date stays"
    assert of_all[0]["change"] == pytest.approx(0.25 * of_all[1]["change"])


def test_a_second_version_takes_over_the_facts_after_it(home: Home, tmp_path: Path) -> None:
    shutil.copytree(home.path, tmp_path / "home")
    later = Home(tmp_path / "home")
    score(later, QUICK_SCORE, date(2025, 2, 3))
    report = drift(later, DAY)
    assert len(report.versions) == 2
    whole = report.slices.set_index("slice").loc["all", "trials"]
    assert report.versions["trials"].sum() == pytest.approx(whole)


def test_a_version_whose_model_had_learned_later_is_left_out_and_named(
    home: Home, tmp_path: Path
) -> None:
    shutil.copytree(home.path, tmp_path / "home")
    leaky = Home(tmp_path / "home")
    version = score(leaky, QUICK_SCORE, date(2024, 12, 20)).version
    found, left_out = published_since(leaky.matrix, date(2024, 12, 1))
    assert [one.as_of for one in found] == [DAY]
    assert left_out == [f"{version}: its model had learned from later outcomes (a leak)."]


def test_versions_no_longer_served_are_still_compared(home: Home, tmp_path: Path) -> None:
    shutil.copytree(home.path / "matrix", tmp_path / "matrix")
    version = current_version(tmp_path / "matrix")
    (tmp_path / "matrix" / PAST).mkdir()
    past = tmp_path / "matrix" / PAST / version
    (tmp_path / "matrix" / version).rename(past)
    for column in past.glob("*.npy"):
        column.unlink()
    found, _ = published_since(tmp_path / "matrix", DAY)
    assert [one.manifest.version for one in found] == [version]


def test_nothing_published_since_says_what_to_run(home: Home) -> None:
    with pytest.raises(NoMatrix, match="Run 'alliance score', ingest what happens next"):
        drift(home, date(2025, 2, 25))


def test_the_command_prints_one_object_or_tables_and_leaves_with_0_or_3(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALLIANCE_HOME", str(home.path))
    assert run(["evaluate", "--since", DAY.isoformat(), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"retrain", "verdict", "rows", "weeks", "versions", "sizes", "money"} <= set(told)
    assert told["money"][0]["slice"] == "all"
    assert told["rows"][0]["slice"] == "all"
    assert run(["evaluate", "--since", DAY.isoformat()]) == 0
    printed = capsys.readouterr().out
    assert printed.splitlines()[0] == told["verdict"]
    assert "conversion by slice" in printed
    assert "by weeks since the training" in printed
    assert "GMV a line of the products shown" in printed
    assert run(["evaluate", "--since", "2030-01-01"]) == 3
    assert run(["evaluate", "--since", "yesterday"]) == 2


def test_where_orders_are_counted_per_brand_the_published_rates_are_compared(
    tmp_path: Path,
) -> None:
    world = little_world(
        brands=12, creators=40, lines=4_000, clicks=False, impressions=False, returns=False
    )
    tables = dict(world.tables)
    lines = tables["session_products"].query("orders > 0")
    brand_of = tables["products"].set_index("product_id")["brand_id"]
    counted = lines.assign(brand_id=lines["product_id"].map(brand_of))
    of_brands = counted.groupby(["session_id", "brand_id"], as_index=False)[["orders", "gmv"]].sum()
    write_source(
        tables | {"session_products": lines, "session_brands": of_brands}, tmp_path / "source"
    )
    mapping = 'absent = "zero"\ndenominator = "viewers"\n'
    (tmp_path / "source" / "mapping.toml").write_text(mapping)
    home = Home(tmp_path / "home")
    ingest(str(tmp_path / "source"), home)
    train(home, QUICK, DAY)
    score(home, QUICK_SCORE, DAY)
    report = drift(home, DAY)
    whole = report.slices.set_index("slice").loc["all"]
    sessions = tables["sessions"].query("format != 'field'")
    ended = pd.to_datetime(sessions["ended_at"], utc=True).dt.tz_localize(None)
    since = sessions[ended >= pd.Timestamp(DAY)]
    assert not since["session_id"].isin(lines["session_id"]).all(), "some sold nothing"
    viewers = since["viewers"].sum()
    assert whole["trials"] == pytest.approx(12 * viewers), "every brand, in every session"
    assert 0.6 < whole["ratio"] < 1.6
    assert whole["difference"] == whole["difference"], "beside the brand's shrunken rate"
    money = report.money.set_index("slice").loc["all"]
    assert 0.2 < money["ratio"] < 5
    of_best = report.sizes.set_index("size").loc["gmv"]
    assert 0.1 < of_best["ratio"] < 10, "sessions in which the best product sold nothing count"
