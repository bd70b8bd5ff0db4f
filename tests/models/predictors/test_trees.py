import numpy as np
import pytest

from models.predictors.trees import Examples, ItemsErrTogether, boosted_trees

PARAMETERS = {
    "num_leaves": 7,
    "learning_rate": 0.1,
    "min_sum_hessian_in_leaf": 2.0,
    "num_threads": 1,
}


def test_binomial_weights_equal_one_row_per_click() -> None:
    random = np.random.default_rng(4)
    features = random.integers(0, 6, (80, 3)).astype(np.float32)
    trials = random.integers(1, 30, 80)
    successes = random.binomial(trials, 0.1 + 0.1 * features[:, 0])
    weighted, exploded = (
        boosted_trees(examples, rounds=20, objective="cross_entropy", params=PARAMETERS)
        for examples in (
            Examples(features, successes / trials, trials.astype(float)),
            Examples(
                np.repeat(features, trials, axis=0),
                np.concatenate([np.arange(n) < k for k, n in zip(successes, trials, strict=True)])
                * 1.0,
                np.ones(trials.sum()),
            ),
        )
    )
    np.testing.assert_allclose(weighted.predict(features), exploded.predict(features), atol=1e-6)


ITEMS, PER_ITEM = 60, 40


def shifted_items(seed: int) -> tuple[Examples, np.ndarray]:
    """Items whose rates all moved by one number each; two features tell the item, one the row."""
    random = np.random.default_rng(seed)
    item = np.repeat(np.arange(ITEMS), PER_ITEM)
    own = np.random.default_rng(0).normal(size=(ITEMS, 2))  # the items stay the same
    row = random.normal(size=ITEMS * PER_ITEM)
    moved = random.normal(0, 0.5, ITEMS)
    logit = -2 + 0.6 * row + moved[item]
    labels = random.binomial(100, 1 / (1 + np.exp(-logit))) / 100
    features = np.column_stack([own[item], row]).astype(np.float32)
    start = np.full(len(item), -2.0)
    return Examples(features, labels, np.full(len(item), 40.0), start), item


def test_what_one_window_did_to_all_rows_of_an_item_is_not_learned_as_the_items_worth() -> None:
    learn, item = shifted_items(1)
    later, _ = shifted_items(2)
    windows = np.zeros(len(item))
    loss, spread = {}, {}
    for variance in (1e-9, 0.25):
        trees = boosted_trees(
            learn,
            rounds=40,
            objective=ItemsErrTogether(item, windows, variance),
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
    plain, together = (
        boosted_trees(examples, rounds=20, objective=objective, params=PARAMETERS)
        for objective in ("cross_entropy", ItemsErrTogether(item, np.zeros(len(item)), 1e-12))
    )
    np.testing.assert_allclose(
        together.predict(examples.features, raw_score=True),
        plain.predict(examples.features, raw_score=True),
        atol=1e-4,
    )


def test_windows_of_an_item_deviate_each_by_itself() -> None:
    item, as_of = np.array(["a", "a", "b", "b", "a"]), np.array([1, 2, 1, 1, 1])
    assert ItemsErrTogether(item, as_of, 0.1).group.tolist() == [0, 1, 2, 2, 0]


@pytest.mark.parametrize("objective", ["cross_entropy", "together"])
def test_held_out_rows_stop_the_growth(objective: str) -> None:
    learn, item = shifted_items(1)
    later, _ = shifted_items(2)
    trees = boosted_trees(
        learn,
        rounds=300,
        objective=ItemsErrTogether(item, np.zeros(len(item)), 0.05)
        if objective == "together"
        else objective,
        params=PARAMETERS,
        validation=later,
    )
    assert 1 <= trees.num_trees() < 250


def test_a_feature_known_of_no_row_changes_no_tree() -> None:
    random = np.random.default_rng(5)
    features = random.normal(size=(400, 6)).astype(np.float32)
    labels = 1 / (1 + np.exp(-features[:, 0] - features[:, 3]))
    unknown = np.full((400, 3), np.nan, dtype=np.float32)
    wider = np.hstack([unknown, features[:, :2], unknown, features[:, 2:]])
    few = {**PARAMETERS, "feature_fraction": 0.5, "feature_fraction_bynode": 0.7, "seed": 1}
    told, with_unknown = (
        boosted_trees(
            Examples(given, labels, np.ones(400)), rounds=20, objective="cross_entropy", params=few
        ).predict(given)
        for given in (features, wider)
    )
    np.testing.assert_array_equal(told, with_unknown)
