from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.links import Link
from models.prediction import Target
from models.predictors.boosted import BoostedPredictor
from models.predictors.known import never_sold
from models.predictors.pair_rate import PairRatePredictor
from models.predictors.spread import pair_variance
from models.predictors.steepness import Steepness
from tests.models.predictors.simulation import FEATURES, market


@pytest.mark.parametrize("target", [Target.CONVERSION, Target.EXPOSURE])
def test_contributions_add_up_to_the_calibrated_forecast(target: Target) -> None:
    small = market(2, target, creators=40, items=25, per_creator=8)
    predictor = BoostedPredictor(target).fit(small.window(0, 1).rows)
    predictor.calibrate(small.window(2).rows)
    rows = small.window(3).rows
    added = predictor.contributions(rows)
    assert added.shape == (len(rows), len(FEATURES) + 1)
    np.testing.assert_allclose(
        added.sum(axis=1), predictor.link.forward(predictor.predict(rows).mean), atol=1e-9
    )


NAMED = (
    "category_conversion",
    "creator_conversion",
    "item_conversion",
    "pair_conversion",
    "brand_conversion",
    "weather",
)
"""The features of the market under names that tell which level's rate they show."""


def test_what_a_level_of_counts_adds_stands_with_the_feature_that_shows_its_rate() -> None:
    whole = market(2, creators=40, items=25, per_creator=8)
    learn = replace(whole.window(0, 1, 2).rows, feature_names=NAMED)
    later = replace(whole.window(3).rows, feature_names=NAMED)
    predictor = BoostedPredictor(Target.CONVERSION).fit(learn)
    assert np.ptp(predictor.contributions(later)[:, -1]) < 1e-9
    k, n = later.counts["creator"]
    richer = replace(later, counts={**later.counts, "creator": (np.minimum(2 * k + 9, n), n)})
    change = predictor.contributions(richer) - predictor.contributions(later)
    moved = {name for name, part in zip(NAMED, change.T, strict=False) if np.abs(part).max() > 0.01}
    assert "creator_conversion" in moved
    assert "weather" not in moved


def test_without_history_all_of_the_forecast_is_base() -> None:
    rows = market(2, creators=10, items=15).rows
    nothing = replace(rows, successes=np.zeros(len(rows)), trials=np.zeros(len(rows)))
    predictor = BoostedPredictor(Target.CONVERSION).fit(nothing)
    added = predictor.contributions(rows)
    assert (added[:, :-1] == 0).all()
    np.testing.assert_allclose(added[:, -1], np.log(0.05 / 0.95))
    assert predictor.importance()["gain"].tolist() == [0.0] * len(FEATURES)


def test_what_matters_is_found_and_noise_is_not() -> None:
    rows = market(3, creators=150).rows
    importance = BoostedPredictor(Target.CONVERSION).fit(rows).importance()
    assert importance.columns.tolist() == ["feature", "gain", "splits"]
    assert importance["gain"].sum() == pytest.approx(1)
    assert importance["gain"].is_monotonic_decreasing
    share = importance.set_index("feature")["gain"]
    assert share["weather"] < 0.5 * share["taste"]


def test_the_number_of_trees_is_chosen_on_the_last_window_and_kept_when_there_is_one() -> None:
    whole = market(5)
    several = BoostedPredictor(Target.CONVERSION, rounds=90).fit(whole.rows)
    assert 1 <= several.grown_ <= 90
    one = BoostedPredictor(Target.CONVERSION, rounds=90).fit(whole.window(0).rows)
    assert one.grown_ == 30  # a third of the rounds


def test_pair_variance_finds_the_planted_spread() -> None:
    random = np.random.default_rng(6)
    rows = market(6, creators=300, traffic=400.0).window(0).rows
    trials = rows.outcome()[1]
    rate = 1 / (1 + np.exp(-random.normal(np.log(0.06 / 0.94), np.sqrt(0.15), len(rows))))
    drawn = replace(rows, successes=random.binomial(trials.astype(int), rate).astype(float))
    drawn = drawn.take(trials > 0)
    mean = np.full(len(drawn), rate.mean())
    assert pair_variance(mean, drawn, Link(is_rate=True), 1.0) == pytest.approx(0.15, rel=0.15)


def test_a_market_without_any_signal_beyond_the_counts_is_forecast_as_pair_rates_do() -> None:
    whole = market(9, creators=150)
    random = np.random.default_rng(0)
    noise = random.normal(0, 1, whole.rows.features.shape).astype(np.float32)
    blind = replace(whole.rows, features=noise)
    days = np.unique(blind.as_of)
    learn, judge, last = blind.as_of < days[-2], blind.as_of == days[-2], blind.as_of == days[-1]
    of_trees, of_pairs = (
        kind(Target.CONVERSION)
        .fit(blind.take(learn))
        .calibrate(blind.take(judge))
        .predict(blind.take(last))
        .mean
        for kind in (BoostedPredictor, PairRatePredictor)
    )
    assert np.abs(np.log(of_trees / of_pairs)).mean() < 0.05


def test_shares_are_as_steep_as_the_rows_learned_from_and_calibrated_on_later_ones() -> None:
    whole = market(4, creators=60, per_creator=8)
    rows, later = whole.window(0, 1).rows, whole.window(2).rows
    rows = rows.take(rows.outcome()[1] > 0)
    few = BoostedPredictor(Target.CONVERSION, rounds=30, stops_early=False).fit(rows)
    assert few.steepness_.above > 0.005  # so few trees stop short of what the rows say
    assert few.steepness_.unsold > few.steepness_.above
    eta = few.link.forward(few.predict(rows).mean)
    left = Steepness.fit(
        eta, eta - few._start_of(rows), never_sold(rows), *few._labels_and_weights(rows)
    )
    assert (left.offset, left.above) == pytest.approx((0, 0), abs=0.02)
    np.testing.assert_allclose(few.contributions(later).sum(axis=1), few._eta(later), atol=1e-9)
    calibrated = few.calibrate(later).predict(later).mean
    few.recalibration_ = few.recalibration_.__class__()
    np.testing.assert_array_equal(few.calibrate(later).predict(later).mean, calibrated)


def test_the_last_windows_are_forecast_from_those_before_them_alone() -> None:
    small = market(2, Target.EXPOSURE, creators=40, items=25, per_creator=8)
    rows = small.window(0, 1, 2).rows
    last = rows.as_of == rows.as_of.max()
    assert rows.successes is not None
    raised = replace(rows, successes=np.where(last, 9 * rows.successes, rows.successes))
    usual, after = (BoostedPredictor(Target.EXPOSURE).fit(of) for of in (rows, raised))
    days = [window.rows.as_of[0] for window in after.earlier_]
    assert days == list(np.unique(rows.as_of)[1:])
    forecast, same = (p.earlier_[-1].eta.mean() for p in (usual, after))
    assert same == pytest.approx(forecast, abs=0.3)
    assert after._eta(rows).mean() > usual._eta(rows).mean() + 0.5


def test_calibration_hears_of_earlier_windows_and_a_loaded_predictor_does_not(
    tmp_path: Path,
) -> None:
    small = market(2, Target.EXPOSURE, creators=40, items=25, per_creator=8)
    predictor = BoostedPredictor(Target.EXPOSURE).fit(small.window(0, 1, 2).rows)
    later = small.window(3).rows
    predictor.calibrate(later).save(tmp_path)
    several = predictor.recalibration_.offset
    alone = BoostedPredictor.load(tmp_path).calibrate(later).recalibration_.offset
    assert several != pytest.approx(alone, abs=1e-6)
