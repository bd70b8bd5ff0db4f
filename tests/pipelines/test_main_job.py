"""The main job from facts to a published matrix: what it gives, and that it gives it again."""

import json
import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.world.truth import true_conversion
from features.errors import NoChampion, NoFacts, NotEnoughHistory
from features.facts import facts_from_frames
from models.bundle import AllianceModel
from models.matrix.columns import BRAND_NUMBERS, PART_COLUMNS
from models.matrix.files import current
from models.matrix.matrix import AllianceMatrix
from models.prediction import Target
from models.shortlists.shortlist import shortlist
from models.versions import occasion_matrix
from pipelines.evaluate import evaluate
from pipelines.home import Home
from pipelines.score import ScoreReport, score
from pipelines.settings import LEARNED, ScoreSettings
from pipelines.sources.write import write_source
from pipelines.tracking import CHALLENGER, Tracking
from pipelines.train import TrainReport, train
from pipelines.training_notes import notes
from tests.pipelines.worlds import QUICK, QUICK_SCORE, little_world, run, stored

Ran = tuple[Home, TrainReport, ScoreReport]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    home = stored(little_world().tables, tmp_path_factory.mktemp("ran"))
    return home, *run(home)


@pytest.fixture(scope="module")
def matrix(ran: Ran) -> AllianceMatrix:
    return current(ran[0].matrix)


def test_every_target_has_a_leaderboard_with_all_baselines(ran: Ran) -> None:
    board = ran[1].leaderboard
    whole = board[board["slice"] == "all"]
    for target in ("conversion", "click_through", "exposure", "return"):
        predictors = set(whole.loc[whole["target"] == target, "predictor"])
        assert predictors == {"overall", "category", "creator", "pair-rate", "logistic", LEARNED}


def test_parts_of_a_pair_sum_to_its_gmv_over_that_of_the_usual_candidate(
    matrix: AllianceMatrix,
) -> None:
    frame = matrix.frame()
    parts = frame[list(PART_COLUMNS)].to_numpy(float)
    assert np.isfinite(parts).all(), "the little world explains all pairs"
    usual = pd.Series(frame["gmv"].to_numpy(float) / np.exp(parts.sum(axis=1)))
    of_brand = usual.groupby(frame["brand_id"].to_numpy(str))
    assert np.allclose(of_brand.max() / of_brand.min(), 1, atol=1e-5)
    assert (frame["counter1_effect"].dropna() < 0).all()
    told = matrix.brands[list(BRAND_NUMBERS)].sum(axis=1).to_numpy()
    gmv = np.log(of_brand.mean()[matrix.brands["brand_id"]].to_numpy())
    assert np.allclose(told, gmv - gmv.mean(), atol=1e-4), "brands against the mean of brands"


def test_the_first_model_becomes_champion_and_the_same_again_stays_challenger(ran: Ran) -> None:
    home, first, _ = ran
    assert first.promoted
    again = train(home, QUICK)
    assert not again.promoted
    assert "champion stays" in again.verdict
    tracking = Tracking(home.mlflow_uri, home.artifacts)
    assert tracking.champion().version == first.version
    challenger = tracking.alias(CHALLENGER)
    assert challenger is not None
    assert challenger.version == again.version
    same = [
        (tracking.champion().folder / LEARNED / name).read_bytes()
        == (challenger.folder / LEARNED / name).read_bytes()
        for name in ("checksums.json", "manifest.json", "conversion/predictor.json")
    ]
    assert all(same), "the same facts and settings give the same model, to the byte"


def test_the_run_keeps_parameters_metrics_plots_and_native_models(ran: Ran) -> None:
    home, report, _ = ran
    from mlflow import MlflowClient

    run = MlflowClient(home.mlflow_uri).get_run(report.run_id)
    assert run.data.params["windows"] == "1"
    assert "conversion/lightgbm/all/loss" in run.data.metrics
    assert run.data.tags["data_fingerprint"]
    assert re.fullmatch(r"[\d.]+\+[0-9a-f]{12}", run.data.tags["code_version"])
    folder = Tracking(home.mlflow_uri, home.artifacts).champion().folder
    assert (folder / LEARNED / "conversion" / "trees.txt").exists()
    assert (folder.parent / "plots" / "calibration-conversion.png").stat().st_size > 1_000
    assert (folder.parent / "plots" / "importance-exposure.png").exists()


def test_every_product_of_a_brand_is_offered_by_every_creator(matrix: AllianceMatrix) -> None:
    offers, columns = matrix.offers, matrix.columns
    assert offers is not None
    best = columns["best_product_id"]
    rows = np.repeat(np.arange(len(matrix)), np.diff(offers.start))
    of_best = np.flatnonzero(offers.product == best[rows])
    assert rows[of_best].tolist() == list(range(len(matrix)))  # the best is one of them
    same = ("impressions", "gmv", "net_gmv_lo80", "return_rate", "profit", "commission_rate")
    for name in (*same, "slot_fee", "p_impressions_above_benchmark"):
        np.testing.assert_array_equal(offers.columns[name][of_best], columns[name])
    means = np.add.reduceat(offers.columns["conversion_rate"], offers.start[:-1])
    counts = np.diff(offers.start)
    np.testing.assert_allclose(means / counts, columns["conversion_rate"], rtol=1e-4)
    most = np.maximum.reduceat(np.nan_to_num(offers.columns["net_gmv"]), offers.start[:-1])
    np.testing.assert_array_equal(most, columns["net_gmv"])
    for position in range(len(matrix.brands)):
        part = slice(*matrix.brand_offsets[position : position + 2].tolist())
        of_brand = matrix.products["brand_id"].iloc[
            np.unique(offers.product[offers.of(part.start)])
        ]
        assert set(of_brand) == {matrix.brands["brand_id"].iloc[position]}
        products = [offers.product[offers.of(row)].tolist() for row in range(part.start, part.stop)]
        assert all(listed == products[0] for listed in products)


def test_what_a_deal_needs_stands_beside_each_pair(matrix: AllianceMatrix) -> None:
    columns = matrix.columns
    gmv, rate = columns["gmv"].astype(float), columns["return_rate"].astype(float)
    kept = columns["margin_rate"] - columns["commission_rate"]
    handling, fee, sample = (
        np.nan_to_num(columns[name]) for name in ("return_handling_rate", "slot_fee", "sample_cost")
    )
    profit = gmv * ((1 - rate) * kept - rate * handling) - fee - sample
    np.testing.assert_allclose(profit, columns["profit"], rtol=1e-3, atol=0.5)
    half_width = np.log(columns["gmv_hi80"] / columns["gmv_lo80"]) / 2 / 1.2816
    assert (columns["gmv_session_spread"] > half_width).all()  # one evening varies more
    met = columns["collaboration_status"] >= 0
    assert met.any()
    assert (columns["invited_days"][met & ~np.isnan(columns["invited_days"])] >= 0).all()
    assert np.isnan(columns["invited_days"][~met]).all()


def test_creators_have_what_lists_are_narrowed_by(matrix: AllianceMatrix) -> None:
    creators = matrix.creators
    assert creators["level"].notna().any()
    seen = creators["sessions_90"] > 0
    assert (creators.loc[seen, "last_live_days"] <= 90).all()
    assert creators.loc[seen, "dedicated_share"].between(0, 1).all()
    assert matrix.products["price"].notna().all()
    assert len(matrix.audience_groups) > 1
    assert matrix.audience.shape == (len(creators), len(matrix.audience_groups))
    assert matrix.buyers.shape == (len(matrix.brands), len(matrix.audience_groups))


def test_too_many_offers_are_left_out_with_a_note(ran: Ran) -> None:
    home = ran[0]
    before = current(home.matrix)
    assert before.offers is not None
    score(home, replace(QUICK_SCORE, max_offers=len(before.offers) - 1))
    without = current(home.matrix)
    assert without.offers is None
    assert any("max_offers" in note for note in without.manifest.notes)
    np.testing.assert_array_equal(without.columns["gmv"], before.columns["gmv"])
    score(home, QUICK_SCORE)


def test_a_baseline_that_did_better_is_named() -> None:
    board = pd.DataFrame(
        {
            "target": ["conversion", "return", "exposure"],
            "slice": "all",
            "predictor": LEARNED,
            "best_baseline": "pair-rate",
            "metric": ["log-loss", "log-loss", "deviance"],
            "difference": [-0.01, 0.02, 2929.3],
            "difference_lo95": [-0.02, 0.01, 85.14],
            "difference_hi95": [0.01, 0.03, 4912.2],
        }
    )
    nothing = facts_from_frames({"creators": pd.DataFrame({"creator_id": ["c1"]})})
    returns, exposure = notes(nothing, board)
    assert returns.startswith("lightgbm is worse than the baseline pair-rate on return (+0.02")
    assert exposure.endswith("on exposure (+2,929 deviance, 95 % from +85.1 to +4,912).")


def test_windows_to_learn_calibrate_and_judge_do_not_overlap(ran: Ran) -> None:
    home = ran[0]
    champion = Tracking(home.mlflow_uri, home.artifacts).champion()
    windows = AllianceModel.load(champion.folder / LEARNED).manifest["windows"]["conversion"]
    assert windows["learn"][-1][1] <= windows["calibrate"][0]
    assert windows["calibrate"][1] <= windows["evaluate"][0]


def test_every_brand_is_scored_with_every_candidate_and_no_own_account(
    ran: Ran, matrix: AllianceMatrix
) -> None:
    assert matrix.manifest.grid == "exact"
    assert len(matrix) == 5 * 24
    assert not any(creator.startswith("f") for creator in matrix.creators["creator_id"])


def test_intervals_hold_their_forecasts_and_money_adds_up(matrix: AllianceMatrix) -> None:
    frame = matrix.frame()
    for name in ("conversion_rate", "impressions", "click_through_rate", "gmv", "net_gmv"):
        assert (frame[f"{name}_lo80"] <= frame[name] * (1 + 1e-6)).all(), name
        assert (frame[name] <= frame[f"{name}_hi80"] * (1 + 1e-6)).all(), name
    assert np.allclose(frame["net_gmv"], frame["gmv"] * (1 - frame["return_rate"]), rtol=1e-4)
    assert np.allclose(frame["gpm"], 1000 * frame["gmv"] / frame["impressions"], rtol=1e-4)


def test_a_shortlist_has_three_reasons_and_evidence(matrix: AllianceMatrix) -> None:
    listed = shortlist(matrix, "b0001", k=5)
    assert [row.rank for row in listed.rows] == [1, 2, 3, 4, 5]
    for row in listed.rows:
        assert len(row.reasons) == 3
        assert all("{" not in reason.words for reason in row.reasons)
        assert row.evidence_sessions is not None
        assert row.benchmark_level in ("industry x tier", "industry", "all sessions")


def test_forecasts_know_something_of_the_truth(matrix: AllianceMatrix) -> None:
    world = little_world()
    frame = matrix.frame()
    truth = true_conversion(
        world.truth,
        frame["creator_id"].astype(str).tolist(),
        frame["best_product_id"].astype(str).tolist(),
    )
    agreement = np.corrcoef(np.argsort(np.argsort(truth)), frame["conversion_rate"].rank())[0, 1]
    assert agreement > 0.3


def test_a_run_without_the_truth_beside_it_is_the_same_to_the_byte(
    ran: Ran, tmp_path: Path
) -> None:
    world = little_world()
    write_source(world.truth, tmp_path / "source-truth")
    home = stored(world.tables, tmp_path)
    shutil.rmtree(tmp_path / "source-truth")
    _, scored = run(home)
    there, here = ran[0].matrix / ran[2].version, home.matrix / scored.version
    assert scored.version == ran[2].version
    for file in sorted(here.iterdir()):
        if file.name != "manifest.json":
            assert file.read_bytes() == (there / file.name).read_bytes(), file.name
    told = [json.loads((folder / "manifest.json").read_text()) for folder in (here, there)]
    for manifest in told:
        del manifest["run_id"], manifest["model_version"]
    assert told[0] == told[1]


def test_evaluate_judges_the_champion_beside_the_baselines(ran: Ran) -> None:
    report = evaluate(ran[0])
    conversion = report.leaderboard[report.leaderboard["target"] == "conversion"]
    assert {"overall", "pair-rate", f"champion {report.champion}"} <= set(conversion["predictor"])


def test_a_grid_too_large_is_retrieved_and_says_with_what_recall(ran: Ran) -> None:
    home = ran[0]
    before = (home.matrix / "CURRENT").read_text()
    small = ScoreSettings(max_forecasts=500, candidates=8, products_per_brand=3, num_threads=1)
    report = score(home, small)
    retrieved = current(home.matrix)
    (home.matrix / "CURRENT").write_text(before)
    assert retrieved.manifest.grid == "retrieval"
    assert retrieved.manifest.retrieval_k == 8
    assert len(retrieved) == 5 * 8
    assert report.recall is not None
    assert 0 < report.recall <= 1


def test_only_the_best_pairs_are_explained_when_they_are_too_many(ran: Ran) -> None:
    home = ran[0]
    before = (home.matrix / "CURRENT").read_text()
    score(home, replace(QUICK_SCORE, max_explained=10))
    some = current(home.matrix)
    (home.matrix / "CURRENT").write_text(before)
    best = shortlist(some, "b0001", k=1, objective="net_gmv").rows[0]
    worst = shortlist(some, "b0001", k=24, objective="net_gmv").rows[-1]
    assert len(best.reasons) == 3
    assert worst.reasons == ()


def test_without_facts_or_model_the_error_names_the_step(tmp_path: Path) -> None:
    with pytest.raises(NoFacts, match="alliance ingest"):
        train(Home(tmp_path), QUICK)
    home = stored(little_world().tables, tmp_path)
    with pytest.raises(NoChampion, match="alliance train"):
        score(home)


def test_two_weeks_of_facts_are_too_few_and_the_error_says_how_many_are_needed(
    tmp_path: Path,
) -> None:
    home = stored(little_world(days=14, lines=300).tables, tmp_path)
    with pytest.raises(NotEnoughHistory, match="at least 28"):
        train(home, QUICK)


def test_targets_are_named_as_the_manifest_names_them(ran: Ran) -> None:
    champion = Tracking(ran[0].mlflow_uri, ran[0].artifacts).champion()
    model = AllianceModel.load(champion.folder / LEARNED)
    assert set(model.predictors) == {
        Target.CONVERSION,
        Target.CLICK_THROUGH,
        Target.EXPOSURE,
        Target.RETURN,
    }


def test_forecasts_for_a_later_day_lie_beside_and_know_another_calendar(
    ran: Ran, matrix: AllianceMatrix
) -> None:
    home = ran[0]
    day = matrix.manifest.as_of + timedelta(days=40)
    report = score(home, QUICK_SCORE, day=day)
    later = occasion_matrix(home.matrix, day.isoformat())
    assert later.manifest.occasion == f"the 30 days from {day}"
    assert report.sentence().endswith(f"for the 30 days from {day}.")
    assert current(home.matrix).manifest.version == matrix.manifest.version
    for name in ("evidence_sessions", "evidence_clicks"):
        np.testing.assert_array_equal(later.columns[name], matrix.columns[name])
