"""The baselines on rows small enough to work by hand."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from models.prediction import LEVELS, PairRows, Target
from models.predictors.creator import CreatorPredictor
from models.predictors.logistic import LogisticPredictor
from models.predictors.overall import OverallPredictor
from models.predictors.pair_rate import PairRatePredictor
from tests.models.predictors.simulation import market


def three_rows(**counts: tuple[list[float], list[float]]) -> PairRows:
    nothing = ([0.0] * 3, [0.0] * 3)
    known = {level: counts.get(level, nothing) for level in LEVELS}
    return PairRows(
        features=np.zeros((3, 1), dtype=np.float32),
        feature_names=("price",),
        creator_id=np.array(["a", "b", "c"]),
        item_id=np.array(["p", "p", "q"]),
        brand_id=np.array(["x", "x", "y"]),
        category=np.array(["food", "food", "toys"]),
        as_of=np.full(3, np.datetime64("2026-01-01")),
        counts={level: (np.array(k), np.array(n)) for level, (k, n) in known.items()},
        successes=np.array([2.0, 3, 5]),
        trials=np.array([10.0, 20, 70]),
    )


def test_the_overall_rate_is_orders_over_clicks() -> None:
    rows = three_rows()
    mean = OverallPredictor(Target.CONVERSION).fit(rows).predict(rows).mean
    np.testing.assert_allclose(mean, [(2 + 3 + 5) / (10 + 20 + 70)] * 3)


def test_with_few_rows_a_creator_is_shrunk_with_the_strength_of_200_clicks() -> None:
    rows = three_rows(creator=([50.0, 0, 0], [200.0, 200, 0]))
    mean = CreatorPredictor(Target.CONVERSION).fit(rows).predict(rows).mean
    # overall is 10 / 100
    np.testing.assert_allclose(mean, [(50 + 20) / 400, 20 / 400, 0.1])


def test_a_pair_never_seen_gets_what_its_category_and_creator_make_likely() -> None:
    rows = three_rows(category=([60.0, 60, 20], [400.0, 400, 400]))
    predictor = PairRatePredictor(Target.CONVERSION).fit(rows)
    mean = predictor.predict(rows).mean
    # (60 + 20) / 600 for food, (20 + 20) / 600 for toys
    np.testing.assert_allclose(mean, [80 / 600, 80 / 600, 40 / 600])


def test_strengths_are_small_where_creators_differ_and_large_where_they_do_not() -> None:
    differ = CreatorPredictor(Target.CONVERSION).fit(market(1, creators=150).rows)
    alike = market(1, creators=150)
    random = np.random.default_rng(0)

    def same(n: np.ndarray) -> np.ndarray:
        return random.binomial(n.astype(int), 0.06).astype(float)

    trials = alike.rows.outcome()[1]
    creator = alike.rows.counts["creator"][1]
    per_creator = dict(zip(alike.rows.creator_id, same(creator), strict=True))
    told = np.array([per_creator[name] for name in alike.rows.creator_id])
    told = np.minimum(told, creator)
    flat = replace(alike.rows, successes=same(trials), counts={"creator": (told, creator)})
    none = CreatorPredictor(Target.CONVERSION).fit(flat)
    assert differ.strengths_["creator"] < 200 < none.strengths_["creator"]


def test_logistic_regression_agrees_with_scikit_learn_on_clicks_one_by_one() -> None:
    random = np.random.default_rng(5)
    x = random.normal(0, 1, (400, 2)).astype(np.float32)
    clicks = np.ones(400)
    orders = (random.random(400) < 1 / (1 + np.exp(1 - x[:, 0]))).astype(float)
    rows = market(0, creators=40, items=20, per_creator=10, windows=1).rows
    rows = replace(rows, features=x, feature_names=("u", "v"), successes=orders, trials=clicks)
    own = LogisticPredictor(Target.CONVERSION, ridge=1.0).fit(rows)
    theirs = LogisticRegression(C=1.0).fit(own._design(x)[:, 1:], orders)
    expected = theirs.predict_proba(own._design(x)[:, 1:])[:, 1]
    # Rows of one click differ little in weight, whatever the spread of pairs.
    np.testing.assert_allclose(own.predict(rows).mean, expected, atol=0.02)


@pytest.mark.parametrize("target", [Target.CONVERSION, Target.EXPOSURE])
def test_logistic_regression_reads_unknown_as_a_case_of_its_own(target: Target) -> None:
    rows = market(6, target, creators=100).rows
    hidden = np.random.default_rng(0).random(len(rows)) < 0.5
    features = rows.features.copy()
    features[:, 0] = np.where(hidden, np.nan, 0)
    factor = np.where(hidden, 0.3, 1.0)
    rows = replace(rows, features=features, successes=np.floor(rows.outcome()[0] * factor))
    mean = LogisticPredictor(target).fit(rows).predict(rows).mean
    assert mean[hidden].mean() < 0.5 * mean[~hidden].mean()
