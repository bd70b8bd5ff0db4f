import numpy as np
import pytest

from models.prediction import Target
from models.predictors.together import (
    CLUMP,
    CREATOR_VARIANCE,
    ITEM_VARIANCE,
    ErrTogether,
    Grouping,
)
from models.predictors.trees import boosted_trees
from tests.models.predictors.shifted import PARAMETERS, shifted_items, together
from tests.models.predictors.simulation import market


def test_what_one_window_did_to_all_rows_of_an_item_is_not_learned_as_the_items_worth() -> None:
    learn, item = shifted_items(1)
    later, _ = shifted_items(2)
    loss, spread = {}, {}
    for variance in (1e-9, 0.25):
        trees = boosted_trees(
            learn,
            rounds=40,
            objective=together(item, variance),
            params=PARAMETERS,
        )
        added = np.asarray(trees.predict(later.features, raw_score=True))
        raw = added - 2
        loss[variance] = float(np.mean(np.logaddexp(0, raw) - later.labels * raw))
        usual = later.features.copy()
        usual[:, 2] = 0
        spread[variance] = float(np.std(np.asarray(trees.predict(usual, raw_score=True))))
    assert spread[0.25] < 0.5 * spread[1e-9]
    assert loss[0.25] < loss[1e-9]


def test_items_that_do_not_deviate_leave_plain_cross_entropy() -> None:
    examples, item = shifted_items(3)
    plain, still = (
        boosted_trees(examples, rounds=20, objective=objective, params=PARAMETERS)
        for objective in ("cross_entropy", together(item, 1e-12))
    )
    np.testing.assert_allclose(
        still.predict(examples.features, raw_score=True),
        plain.predict(examples.features, raw_score=True),
        atol=1e-4,
    )


def test_windows_of_an_item_deviate_each_by_itself() -> None:
    rows = market(1, Target.BRAND_CONVERSION, creators=6, items=5, per_creator=3, windows=2).rows
    of = Grouping.items(rows)
    pairs = set(zip(rows.item_id, rows.as_of, of.group.tolist(), strict=True))
    assert len(pairs) == len({group for _, _, group in pairs}) == len(of.variance)
    np.testing.assert_array_equal(of.variance, ITEM_VARIANCE)


def test_creators_of_fewer_trials_deviate_further() -> None:
    rows = market(1, Target.BRAND_CONVERSION, creators=6, items=5, per_creator=3, windows=2).rows
    of = Grouping.creators(rows)
    trials = rows.outcome()[1]
    for group, variance in enumerate(of.variance):
        most = trials[of.group == group].max()
        assert variance == pytest.approx(CREATOR_VARIANCE + CLUMP / most)
    assert len(of.variance) == 12


def test_crossed_deviations_are_what_each_is_expected_to_be_given_the_other() -> None:
    random = np.random.default_rng(2)
    n, variances = 3_000, (0.2, 0.1)
    groups = [random.integers(0, 8, n), random.integers(0, 12, n)]
    moved = [random.normal(0, v**0.5, g.max() + 1) for g, v in zip(groups, variances, strict=True)]
    curvature = random.uniform(0.5, 2, n)
    short = curvature * (moved[0][groups[0]] + moved[1][groups[1]]) + random.normal(0, 1, n)
    crossed = ErrTogether(
        [
            Grouping(group, np.full(len(of), variance))
            for group, of, variance in zip(groups, moved, variances, strict=True)
        ]
    )
    design = np.hstack([np.eye(8)[groups[0]], np.eye(12)[groups[1]]])
    ridge = np.diag([1 / variances[0]] * 8 + [1 / variances[1]] * 12)
    exact = design @ np.linalg.solve((design.T * curvature) @ design + ridge, design.T @ short)
    np.testing.assert_allclose(crossed._deviation(short, curvature), exact, atol=0.02)
    assert np.std(exact) > 0.3
