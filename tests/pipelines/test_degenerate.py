"""Sources that lack something: the main job runs, and says what is missing."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features.errors import NotEnoughHistory, UnsupportedObjective
from models.matrix.files import current
from models.matrix.matrix import AllianceMatrix
from models.shortlists.shortlist import Shortlist, shortlist
from pipelines.cli import NOT_READY
from pipelines.cli import run as command
from pipelines.home import Home
from pipelines.ingest import ingest
from pipelines.score import ScoreReport, score
from pipelines.sources.write import write_source
from pipelines.tracking import Tracking
from pipelines.train import TrainReport, train
from tests.pipelines.worlds import QUICK, QUICK_SCORE, little_world

Tables = dict[str, pd.DataFrame]

TINY = {"brands": 3, "creators": 12, "days": 70, "lines": 600}
TWO_WEEKS = replace(QUICK, horizon_days=14, return_days=14)
REASONS = {f"reason{i}_{part}" for i in (1, 2, 3) for part in ("feature", "value", "effect")}


@dataclass(frozen=True)
class Ran:
    """The whole main job on one source."""

    home: Home
    trained: TrainReport
    scored: ScoreReport

    @property
    def matrix(self) -> AllianceMatrix:
        return current(self.home.matrix)

    @property
    def frame(self) -> pd.DataFrame:
        return self.matrix.frame()

    @property
    def nulls(self) -> dict[str, str]:
        return dict(self.matrix.manifest.null_columns)

    @property
    def targets(self) -> set[str]:
        board = self.trained.leaderboard
        return set(board["target"]) if len(board) else set()

    def list(self, brand: str | None = None) -> Shortlist:
        return shortlist(self.matrix, brand or self.scored.example_brand, k=3)


Job = Callable[..., Ran]


@pytest.fixture(scope="module")
def empty_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty record of runs, made once: its tables take seconds."""
    home = Home(tmp_path_factory.mktemp("record"))
    Tracking(home.mlflow_uri, home.artifacts)
    return home.path / "mlflow.db"


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory, empty_record: Path) -> Job:
    """Ingest, train and score these tables, each time in a home of their own."""

    def run(tables: Tables, mapping: str = "", as_of: date | None = None) -> Ran:
        folder = tmp_path_factory.mktemp("job")
        write_source(tables, folder / "source")
        if mapping:
            (folder / "source" / "mapping.toml").write_text(mapping)
        home = Home(folder / "home")
        home.path.mkdir()
        shutil.copy(empty_record, home.path / "mlflow.db")
        ingest(str(folder / "source"), home)
        return Ran(home, train(home, TWO_WEEKS, as_of), score(home, QUICK_SCORE, as_of))

    return run


def tiny(**switches: object) -> Tables:
    return little_world(**(TINY | switches)).tables


def without(tables: Tables, table: str, *columns: str) -> Tables:
    """The tables without some columns of one, or without that table."""
    if columns:
        return tables | {table: tables[table].drop(columns=list(columns))}
    return {name: frame for name, frame in tables.items() if name != table}


def said(ran: Ran, words: str) -> bool:
    """Whether model and matrix both say it."""
    return any(words in m for m in ran.trained.missing) and any(
        words in note for note in ran.matrix.manifest.notes
    )


def only_yeses(tables: Tables) -> Tables:
    history = tables["collaborations"]
    yes = history["status"].isin(["accepted", "sampled", "aired"])
    return tables | {"collaborations": history[yes]}


@pytest.fixture(scope="module")
def export(job: Job) -> Ran:
    """A source in dollars that knows only collaborations that happened, and has a new brand."""
    tables = only_yeses(tiny())
    new_brand = tables["brands"].iloc[[0]].assign(brand_id="new", name="New")
    new_product = tables["products"].iloc[[0]].assign(product_id="new1", brand_id="new")
    tables["brands"] = pd.concat([tables["brands"], new_brand])
    tables["products"] = pd.concat([tables["products"], new_product])
    return job(tables, mapping='currency = "USD"\n')


def test_a_brand_with_one_product_and_no_sales_has_a_shortlist(export: Ran) -> None:
    rows = export.frame.query("brand_id == 'new'")
    assert len(rows) == 12
    assert set(rows["best_product_id"]) == {"new1"}
    assert rows["conversion_rate"].between(0, 1).all()
    assert (rows["evidence_sessions"] == 0).all()
    assert [row.rank for row in export.list("new").rows] == [1, 2, 3]


def test_money_is_in_the_currency_of_the_source(export: Ran) -> None:
    assert export.matrix.manifest.currency == "USD"
    assert export.list().currency == "USD"


def test_with_yeses_only_acceptance_is_unknown_and_likeness_is_a_score(export: Ran) -> None:
    assert export.frame["p_accept"].isna().all()
    assert "no invitation was ever declined" in export.nulls["p_accept"]
    assert export.frame["p_collaboration"].notna().any()
    assert any("a score to rank by, not a probability" in n for n in export.matrix.manifest.notes)
    with pytest.raises(UnsupportedObjective, match="ever declined"):
        shortlist(export.matrix, "new", objective="acceptance")


def test_before_the_first_session_nothing_can_be_learned_or_forecast(
    export: Ran, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(NotEnoughHistory, match="the facts begin on 2024-11-0"):
        train(export.home, TWO_WEEKS, date(2024, 10, 1))
    monkeypatch.setenv("ALLIANCE_HOME", str(export.home.path))
    for verb in ("score", "evaluate", "train"):
        assert command([verb, "--as-of", "2024-10-01"]) == NOT_READY
        told = capsys.readouterr()
        assert told.out == ""
        assert "As of 2024-10-01 nothing had happened yet" in told.err
        assert "Traceback" not in told.err


@pytest.fixture(scope="module")
def poor(job: Job) -> Ran:
    """No clicks, no returns, no field sessions, no vectors; of creators nothing but their ids."""
    tables = tiny(clicks=False, returns=False, field_sessions=False, vectors=False)
    ids = tables["creators"][["creator_id"]].drop_duplicates()
    return job(tables | {"creators": ids})


def test_without_clicks_conversion_is_per_impression(poor: Ran) -> None:
    assert poor.targets == {"conversion", "exposure"}
    assert poor.matrix.manifest.conversion_denominator == "impressions"
    assert (
        poor.nulls["click_through_rate"] == "the source does not have both clicks and impressions"
    )
    assert said(poor, "no clicks")
    frame = poor.frame
    assert np.allclose(frame["gpm"], 1000 * frame["gmv"] / frame["impressions"], rtol=1e-4)


def test_without_returns_there_is_no_net_gmv_and_the_list_is_ranked_by_gmv(poor: Ran) -> None:
    assert poor.nulls["return_rate"] == "the source has no returns"
    assert "no returns" in poor.nulls["net_gmv"]
    assert said(poor, "no returns")
    listed = poor.list()
    assert listed.objective == "gmv"
    assert "net_gmv is not in this matrix" in (listed.objective_note or "")


def test_without_field_sessions_all_sessions_are_the_yardstick(poor: Ran) -> None:
    assert set(poor.frame["benchmark_level"]) == {"all sessions"}
    assert poor.frame["benchmark_rate"].notna().all()
    assert said(poor, "no field sessions")


def test_creators_of_whom_only_the_id_is_known_are_ranked(poor: Ran) -> None:
    assert len(poor.matrix) == 3 * 12
    assert all(row.creator_id for row in poor.list().rows)
    assert said(poor, "no followers")


def test_without_vectors_likeness_is_unknown(poor: Ran) -> None:
    assert "no vectors" in poor.nulls["p_collaboration"]


@pytest.fixture(scope="module")
def viewers(job: Job) -> Ran:
    return job(tiny(clicks=False, impressions=False, returns=False, collaborations=False))


def test_without_clicks_and_impressions_traffic_is_forecast_and_gpm_is_per_viewer(
    viewers: Ran,
) -> None:
    assert viewers.targets == {"conversion", "traffic"}
    assert viewers.matrix.manifest.conversion_denominator == "viewers"
    assert viewers.matrix.manifest.gpm_is == "1000 x GMV / viewers of the session"
    assert (viewers.frame["gpm"] > 0).all()
    for name in ("impressions", "p_impressions_above_benchmark"):
        assert viewers.nulls[name] == "the source has no product impressions"
    assert said(viewers, "no impressions")


def test_without_collaborations_nothing_is_said_of_them(viewers: Ran) -> None:
    assert viewers.nulls["p_accept"] == "the source has no collaborations"
    assert said(viewers, "no collaborations")


def test_without_any_denominator_acceptance_is_what_is_left(job: Job) -> None:
    tables = tiny(clicks=False, impressions=False, returns=False)
    ran = job(without(tables, "sessions", "views", "viewers", "paid_views"))
    assert ran.targets == set()
    for name in ("conversion_rate", "benchmark_rate", "p_above_benchmark"):
        assert "no clicks, impressions, viewers or views" in ran.nulls[name]
    assert ran.nulls.keys() >= REASONS
    assert said(ran, "conversion is not forecast")
    assert ran.list().objective == "acceptance"


@pytest.fixture(scope="module")
def partners(job: Job) -> Ran:
    return job(tiny(products=False))


def test_without_products_creators_are_ranked_by_how_likely_they_accept(partners: Ran) -> None:
    assert partners.frame["p_accept"].between(0, 1).all()
    listed = partners.list()
    assert listed.objective == "acceptance"
    assert len(listed.rows) == 3
    assert "the source has no products" in partners.nulls["gmv"]
    assert "the source has no products" in partners.nulls["benchmark_rate"]
    assert said(partners, "no lines of products per session")


def test_without_products_and_refusals_creators_are_ranked_by_likeness(job: Job) -> None:
    ran = job(only_yeses(tiny(products=False)))
    assert "no invitation was ever declined" in ran.nulls["p_accept"]
    assert ran.list().objective == "collaboration"


def test_one_creator_is_forecast_for_every_brand(job: Job) -> None:
    ran = job(tiny(creators=1, returns=False, collaborations=False))
    assert ran.frame.groupby("brand_id", observed=True).size().tolist() == [1, 1, 1]
    assert ran.frame["conversion_rate"].notna().all()
    assert ran.nulls["reason1_feature"] == (
        "too few outcomes to learn what drives the conversion rate"
    )
    assert len(ran.list().rows) == 1


def test_where_no_order_was_ever_made_the_forecasts_are_next_to_nothing(job: Job) -> None:
    tables = tiny(returns=False, collaborations=False)
    lines = tables["session_products"]
    zeros = dict.fromkeys(("orders", "gmv", "units", "buyers", "repeat_buyers"), 0)
    nothing = {name: zero for name, zero in zeros.items() if name in lines}
    ran = job(tables | {"session_products": lines.assign(**nothing)})
    assert (ran.frame["conversion_rate"] < 0.01).all()
    assert ran.nulls["p_above_benchmark"] == "without any order there is no benchmark"
    assert set(ran.frame["quadrant"]) == {"not_enough_data"}
    assert len(ran.list().rows) == 3


def test_a_brands_rate_is_read_from_its_own_orders_where_they_are_counted(job: Job) -> None:
    tables = tiny(clicks=False, impressions=False, returns=False, collaborations=False)
    lines = tables["session_products"].query("orders > 0")
    brand_of = tables["products"].set_index("product_id")["brand_id"]
    counted = lines.assign(brand_id=lines["product_id"].map(brand_of))
    of_brands = counted.groupby(["session_id", "brand_id"], as_index=False)[["orders", "gmv"]].sum()
    ran = job(
        tables | {"session_products": lines, "session_brands": of_brands},
        mapping='absent = "zero"\ndenominator = "viewers"\n',
    )
    assert {"brand_conversion", "conversion", "traffic"} == ran.targets
    candidates = tables["sessions"].query("format != 'field'")
    orders = of_brands.merge(candidates, on="session_id").groupby("brand_id")["orders"].sum()
    of_a_brand = float((orders / candidates["viewers"].sum()).sum() / 3)
    of_a_product = of_a_brand * 3 / len(tables["products"])
    forecast = ran.frame["conversion_rate"].mean()
    assert abs(np.log(forecast / of_a_brand)) < abs(np.log(forecast / of_a_product))
    assert ran.matrix.manifest.absent == "zero"


def test_where_orders_are_counted_per_brand_a_session_is_evidence_once_and_products_are_compared(
    job: Job,
) -> None:
    tables = tiny(clicks=False, returns=False, collaborations=False)
    lines = tables["session_products"]
    brand_of = tables["products"].set_index("product_id")["brand_id"]
    counted = lines.assign(brand_id=lines["product_id"].map(brand_of))
    of_brands = counted.groupby(["session_id", "brand_id"], as_index=False)[["orders", "gmv"]].sum()
    by_viewers = 'denominator = "viewers"\n'
    ran = job(tables | {"session_brands": of_brands}, mapping=by_viewers)
    met = of_brands.merge(tables["sessions"], on="session_id")
    viewers = met.groupby(["brand_id", "creator_id"])["viewers"].sum()
    pairs = ran.frame.set_index(["brand_id", "creator_id"])["evidence_clicks"]
    seen = pairs[pairs > 0]
    assert len(seen)
    assert np.allclose(seen, viewers.loc[seen.index.tolist()])
    per_product = job(tables, mapping=by_viewers).frame["p_impressions_above_benchmark"]
    assert np.allclose(ran.frame["p_impressions_above_benchmark"], per_product, rtol=1e-5)


def known_before(tables: Tables, day: date) -> Tables:
    """Only what had happened, or was said to hold, before the midnight that begins `day`."""
    cut = pd.Timestamp(day)
    sessions = tables["sessions"][tables["sessions"]["ended_at"] < cut]
    earlier = {"sessions": sessions}
    for name in ("session_products", "returns"):
        earlier[name] = tables[name][tables[name]["session_id"].isin(sessions["session_id"])]
    earlier["returns"] = earlier["returns"][earlier["returns"]["returned_at"] < cut]
    earlier["collaborations"] = tables["collaborations"][tables["collaborations"]["at"] < cut]
    for name in ("creators", "brands"):
        valid_from = tables[name]["valid_from"]
        earlier[name] = tables[name][valid_from.isna() | (valid_from < cut)]
    return tables | earlier


def test_a_model_and_a_matrix_of_a_past_date_know_nothing_of_what_came_later(job: Job) -> None:
    tables, day = tiny(days=90, lines=800, clicks=False), date(2025, 1, 10)
    earlier = known_before(tables, day)
    assert 0 < len(earlier["session_products"]) < len(tables["session_products"])
    whole, past = job(tables, as_of=day), job(earlier, as_of=day)
    assert whole.scored.as_of == past.scored.as_of == day
    here = whole.home.matrix / whole.scored.version
    there = past.home.matrix / past.scored.version
    names_facts = ("manifest.json", "model-card.html")  # they tell the facts' fingerprint
    files = sorted(path.name for path in here.iterdir() if path.name not in names_facts)
    assert files == sorted(p.name for p in there.iterdir() if p.name not in names_facts)

    def of(folder: Path, name: str) -> bytes:
        return (folder / name).read_bytes().replace(folder.name.encode(), b"this version")

    assert [name for name in files if of(here, name) != of(there, name)] == []
