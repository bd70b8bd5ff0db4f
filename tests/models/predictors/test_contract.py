"""What holds for every predictor and every target."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from features.errors import NotReady, WrongInput
from models.links import PRIOR_MEANS
from models.prediction import Forecast, PairRows, Predictor, Target
from models.predictors.boosted import BoostedPredictor
from models.predictors.calibrated import CalibratedPredictor
from models.predictors.registry import PREDICTORS
from tests.models.predictors.simulation import market, repeated

SMALL = {target: market(7, target, creators=30, items=25, per_creator=8) for target in Target}
EVERY_CASE = [
    (name, target) for name in PREDICTORS for target in (Target.CONVERSION, Target.EXPOSURE)
]
"""One share and one count; the other targets differ from these in their prior only."""

New = Callable[[], CalibratedPredictor]


@pytest.fixture(params=EVERY_CASE, ids=lambda case: f"{case[0]}-{case[1]}")
def case(request: pytest.FixtureRequest) -> tuple[New, Target]:
    name, target = request.param
    return lambda: PREDICTORS[name](target, random_state=3), target


def learning(target: Target) -> PairRows:
    return SMALL[target].window(0, 1, 2).rows


def later(target: Target) -> PairRows:
    return SMALL[target].window(3).rows


def assert_equal(one: Forecast, other: Forecast) -> None:
    for name in ("mean", "lo80", "hi80", "spread"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def test_it_is_a_predictor(case: tuple[New, Target]) -> None:
    new, target = case
    assert isinstance(new(), Predictor)
    assert new().target is target


def test_the_constructor_stores_and_fit_returns_self(case: tuple[New, Target]) -> None:
    new, target = case
    predictor = new()
    assert not [name for name in vars(predictor) if name.endswith("_")]
    assert predictor.fit(learning(target)) is predictor
    assert predictor.calibrate(later(target)) is predictor


def test_forecasts_are_one_per_row_finite_and_in_range(case: tuple[New, Target]) -> None:
    new, target = case
    rows = later(target)
    forecast = new().fit(learning(target)).predict(rows)
    for values in (forecast.mean, forecast.lo80, forecast.hi80, forecast.spread):
        assert values.shape == (len(rows),)
        assert np.isfinite(values).all()
    assert (forecast.lo80 <= forecast.mean).all()
    assert (forecast.mean <= forecast.hi80).all()
    assert (forecast.lo80 >= 0).all()
    assert (forecast.spread > 0).all()
    if target.is_rate:
        assert (forecast.hi80 <= 1).all()


@pytest.mark.parametrize("name", PREDICTORS)
@pytest.mark.parametrize("target", sorted(set(Target) - {t for _, t in EVERY_CASE}))
def test_the_other_targets_are_learned_too(name: str, target: Target) -> None:
    predictor = PREDICTORS[name](target).fit(learning(target)).calibrate(later(target))
    rows = later(target)
    forecast = predictor.predict(rows)
    successes, trials = rows.outcome()
    assert forecast.mean @ trials == pytest.approx(successes.sum(), rel=0.15)


def test_fitting_twice_equals_fitting_once_on_the_second_data(case: tuple[New, Target]) -> None:
    new, target = case
    first, second = learning(target).take(np.arange(300)), learning(target)
    twice = new().fit(first).calibrate(later(target)).fit(second)
    assert_equal(twice.predict(later(target)), new().fit(second).predict(later(target)))


def test_the_same_seed_gives_the_same_numbers(case: tuple[New, Target]) -> None:
    new, target = case
    one = new().fit(learning(target)).calibrate(later(target))
    other = new().fit(learning(target)).calibrate(later(target))
    assert_equal(one.predict(later(target)), other.predict(later(target)))


def test_permuting_rows_permutes_forecasts(case: tuple[New, Target]) -> None:
    new, target = case
    rows = later(target)
    predictor = new().fit(learning(target))
    order = np.random.default_rng(0).permutation(len(rows))
    permuted, straight = predictor.predict(rows.take(order)), predictor.predict(rows)
    np.testing.assert_array_equal(permuted.mean, straight.mean[order])
    np.testing.assert_array_equal(permuted.spread, straight.spread[order])


def test_a_row_alone_gets_the_forecast_it_gets_among_others(case: tuple[New, Target]) -> None:
    new, target = case
    rows = later(target)
    predictor = new().fit(learning(target))
    alone = predictor.predict(rows.take(np.array([5])))
    np.testing.assert_allclose(alone.mean, predictor.predict(rows).mean[[5]], rtol=1e-12)


def test_an_empty_table_gives_an_empty_forecast(case: tuple[New, Target]) -> None:
    new, target = case
    forecast = new().fit(learning(target)).predict(later(target).take(np.arange(0)))
    assert forecast.mean.shape == forecast.lo80.shape == forecast.spread.shape == (0,)


def test_its_input_is_left_as_it_was(case: tuple[New, Target]) -> None:
    new, target = case
    rows = learning(target)
    before = rows.take(np.arange(len(rows)))
    new().fit(rows).calibrate(rows).predict(rows)
    np.testing.assert_array_equal(rows.features, before.features)
    np.testing.assert_array_equal(rows.outcome(), before.outcome())
    np.testing.assert_array_equal(rows.weight, before.weight)
    for level in rows.counts:
        np.testing.assert_array_equal(rows.counts[level], before.counts[level])


def test_a_saved_one_forecasts_the_same_to_the_bit(
    case: tuple[New, Target], tmp_path: Path
) -> None:
    new, target = case
    predictor = new().fit(learning(target)).calibrate(later(target))
    predictor.save(tmp_path / "saved")
    read = type(predictor).load(tmp_path / "saved")
    assert read.target is target
    assert_equal(read.predict(later(target)), predictor.predict(later(target)))
    read.save(tmp_path / "again")
    for path in (tmp_path / "saved").iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def test_rows_without_trials_teach_nothing(case: tuple[New, Target]) -> None:
    new, target = case
    rows = learning(target)
    taught = rows.take(rows.outcome()[1] > 0)
    half = np.random.default_rng(1).random(len(rows)) < 0.5
    emptied = replace(
        rows,
        successes=np.where(half, 0.0, rows.outcome()[0]),
        trials=np.where(half, 0.0, rows.outcome()[1]),
    )
    with_empty = new().fit(emptied).predict(later(target))
    assert_equal(with_empty, new().fit(rows.take(~half)).predict(later(target)))
    assert_equal(new().fit(rows).predict(later(target)), new().fit(taught).predict(later(target)))


def test_a_row_of_weight_two_counts_as_two_rows(
    case: tuple[New, Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Noise is told by windows of a pair: copies would be windows that never differ.
    for module in ("models.uncertainty.noise", "models.predictors.calibrated"):
        monkeypatch.setattr(f"{module}.repeat_noise", lambda rows, link: 1.0)
    new, target = case
    rows = learning(target)
    rows = rows.take(rows.as_of == rows.as_of[0])
    times = np.random.default_rng(2).integers(1, 4, len(rows))
    copies = repeated(rows, times)
    weighted, copied = new(), new()
    for predictor in (weighted, copied):
        if isinstance(predictor, BoostedPredictor):
            predictor.rounds = 15  # Later trees choose among nearly equal splits by rounding.
    heavy = weighted.fit(replace(rows, weight=times.astype(float))).predict(later(target))
    many = copied.fit(copies).predict(later(target))
    np.testing.assert_allclose(heavy.mean, many.mean, rtol=1e-2)


def test_calibrating_on_a_shifted_level_moves_the_mean_there(case: tuple[New, Target]) -> None:
    new, target = case
    rows = later(target)
    successes, trials = rows.outcome()
    shifted = replace(rows, successes=successes * 0.4)
    predictor = new().fit(learning(target))
    before = float(predictor.predict(rows).mean @ trials / trials.sum())
    after = float(predictor.calibrate(shifted).predict(rows).mean @ trials / trials.sum())
    goal = 0.4 * float(successes.sum() / trials.sum())
    assert before > 1.5 * goal
    assert after == pytest.approx(goal, rel=0.12)


def test_calibrating_on_nothing_changes_nothing(case: tuple[New, Target]) -> None:
    new, target = case
    rows = later(target)
    nothing = replace(rows, successes=np.zeros(len(rows)), trials=np.zeros(len(rows)))
    predictor = new().fit(learning(target))
    before = predictor.predict(rows)
    assert_equal(predictor.calibrate(nothing).predict(rows), before)


def test_an_unfitted_one_says_what_to_do(case: tuple[New, Target], tmp_path: Path) -> None:
    new, target = case
    with pytest.raises(NotReady, match="has learned nothing yet: call fit"):
        new().predict(later(target))
    with pytest.raises(NotReady, match="has learned nothing yet"):
        new().save(tmp_path)


def test_features_it_did_not_learn_from_are_refused_by_name(case: tuple[New, Target]) -> None:
    new, target = case
    predictor = new().fit(learning(target))
    rows = later(target)
    renamed = replace(rows, feature_names=("price", *rows.feature_names[1:]))
    with pytest.raises(WrongInput, match=r"missing \['price_gap'\], unknown \['price'\]"):
        predictor.predict(renamed)
    with pytest.raises(WrongInput, match="in another order"):
        predictor.predict(replace(rows, feature_names=rows.feature_names[::-1]))


def test_rows_without_an_outcome_cannot_be_learned_from(case: tuple[New, Target]) -> None:
    new, target = case
    with pytest.raises(ValueError, match="carry no outcome"):
        new().fit(replace(learning(target), successes=None, trials=None))


def test_impossible_outcomes_are_refused(case: tuple[New, Target]) -> None:
    new, target = case
    rows = learning(target)
    broken = replace(rows, successes=np.full(len(rows), -1.0))
    with pytest.raises(WrongInput, match="successes or trials that are negative"):
        new().fit(broken)


@pytest.mark.parametrize("kept", [0, 1, 5], ids=["no row", "one row", "five rows"])
def test_hardly_any_history_gives_wide_but_finite_forecasts(
    case: tuple[New, Target], kept: int
) -> None:
    new, target = case
    rows = learning(target)
    rows = rows.take(rows.outcome()[1] > 0).take(np.arange(kept))
    forecast = new().fit(rows).calibrate(rows).predict(later(target))
    assert np.isfinite(forecast.mean).all()
    if kept == 0 and not later(target).counts["overall"][1].any():
        np.testing.assert_allclose(forecast.mean, PRIOR_MEANS[target])
    if kept == 0:
        assert (forecast.spread > 1).all()


def test_no_success_at_all_is_forecast_as_nearly_none(case: tuple[New, Target]) -> None:
    new, target = case
    rows = learning(target)
    barren = {level: (0 * k, n) for level, (k, n) in rows.counts.items()}
    none = replace(rows, successes=np.zeros(len(rows)), counts=barren)
    forecast = new().fit(none).calibrate(none).predict(none)
    assert np.isfinite(forecast.hi80).all()
    assert (forecast.mean < 0.1 * PRIOR_MEANS[target]).all()


def test_unknown_and_infinite_features_are_borne(case: tuple[New, Target]) -> None:
    new, target = case
    rows = learning(target)
    features = rows.features.copy()
    features[:, 2] = np.nan
    features[::7, 4] = np.inf
    features[:, 5] = 1.0
    rows = replace(rows, features=features)
    forecast = new().fit(rows).calibrate(rows).predict(rows)
    assert np.isfinite(forecast.mean).all()


def test_without_any_known_feature_counts_are_all_it_learns_from(case: tuple[New, Target]) -> None:
    new, target = case
    blind = [
        replace(rows, features=np.full_like(rows.features, np.nan))
        for rows in (learning(target), later(target))
    ]
    mean = new().fit(blind[0]).calibrate(blind[1]).predict(blind[1]).mean
    usual = float(blind[1].outcome()[0].sum() / blind[1].outcome()[1].sum())
    assert 0.5 * usual < np.median(mean) < 2 * usual


def test_a_creator_never_seen_gets_what_is_usual(case: tuple[New, Target]) -> None:
    new, target = case
    rows = later(target)
    of_creator = ("creator", "creator_category", "creator_brand", "pair")
    unseen = {
        level: (0 * k, 0 * n) if level in of_creator else (k, n)
        for level, (k, n) in rows.counts.items()
    }
    features = rows.features.copy()
    features[:, rows.feature_names.index("creator_rate")] = np.nan
    stranger = replace(rows, counts=unseen, features=features)
    predictor = new().fit(learning(target))
    mean = predictor.predict(stranger).mean
    usual = float(rows.outcome()[0].sum() / rows.outcome()[1].sum())
    assert 0.4 * usual < np.median(mean) < 2.5 * usual
    assert (predictor.predict(stranger).spread >= predictor.predict(rows).spread - 0.05).all()
