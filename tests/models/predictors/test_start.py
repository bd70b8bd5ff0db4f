from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.links import Link
from models.prediction import PairRows, Target
from models.predictors.boosted import BoostedPredictor
from models.predictors.chain import Chain
from models.predictors.start import EffectsStart
from tests.models.predictors.simulation import market

PARTS = ("item_usual", "creator_effect", "fit_effect", "pair_effect")
LOGIT = Link(is_rate=True)


def known(seed: int = 0, pair_truth: float = 0.5) -> PairRows:
    """Rows whose logit is the parts' sum, but for the pair's part, half of which is true."""
    rows = market(seed, creators=150).rows
    random = np.random.default_rng(seed)
    n = len(rows)
    parts = random.normal(0, [0.6, 0.5, 0.3, 0.5], (n, 4))
    eta = -2.5 + parts @ np.array([1, 1, 1, pair_truth])
    trials = np.full(n, 300.0)
    usual = LOGIT.inverse(-2.5 + parts[:, 0])
    columns = np.column_stack([usual, parts[:, 1:], random.normal(size=n)])
    return replace(
        rows,
        features=columns.astype(np.float32),
        feature_names=(*(f"{part}_conversion" for part in PARTS), "weather"),
        successes=random.binomial(300, LOGIT.inverse(eta)).astype(float),
        trials=trials,
    )


def start_of(rows: PairRows) -> EffectsStart | None:
    k, n = rows.outcome()
    return EffectsStart.fit(rows, Target.CONVERSION, 1.0, float(k.sum() / n.sum()))


def test_a_part_counts_as_far_as_it_proved_true() -> None:
    start = start_of(known())
    assert start is not None
    np.testing.assert_allclose(start.slopes[:3], 1, atol=0.08)
    assert start.slopes[3] == pytest.approx(0.5, abs=0.08)


def test_base_and_parts_add_up_to_the_start() -> None:
    rows = known()
    start = start_of(rows)
    assert start is not None
    assert list(start.parts(rows)) == [f"{part}_conversion" for part in PARTS]
    whole = start.base() + sum(start.parts(rows).values())
    np.testing.assert_allclose(whole, start.eta(rows))
    assert EffectsStart.from_json(start.as_json()) == start


def test_rows_that_know_no_effects_have_no_such_start() -> None:
    rows = known()
    assert start_of(replace(rows, feature_names=("a", "b", "c", "d", "weather"))) is None
    unknown = rows.features.copy()
    unknown[0] = np.nan
    assert start_of(replace(rows, features=unknown)) is None


def test_a_pair_of_unknown_effects_is_forecast_as_usual() -> None:
    rows = known()
    start = start_of(rows)
    assert start is not None
    unknown = replace(rows, features=np.full_like(rows.features, np.nan))
    np.testing.assert_allclose(start.eta(unknown), start.base())


def test_trees_start_from_the_effects_and_what_they_add_stands_with_them(tmp_path: Path) -> None:
    rows = known()
    predictor = BoostedPredictor(Target.CONVERSION).fit(rows)
    assert isinstance(predictor.start_, EffectsStart)
    added = predictor.contributions(rows)
    forecast = predictor.predict(rows).mean
    np.testing.assert_allclose(added.sum(axis=1), LOGIT.forward(forecast), atol=1e-9)
    assert np.corrcoef(added[:, 1], rows.features[:, 1])[0, 1] > 0.9
    predictor.save(tmp_path)
    again = BoostedPredictor.load(tmp_path)
    np.testing.assert_array_equal(again.predict(rows).mean, forecast)


def test_trees_of_shares_without_effects_start_from_the_counts() -> None:
    assert isinstance(BoostedPredictor(Target.CONVERSION).fit(market(1).rows).start_, Chain)
