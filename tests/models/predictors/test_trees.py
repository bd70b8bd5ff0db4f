import numpy as np
import pytest

from models.predictors.trees import Examples, boosted_trees
from tests.models.predictors.shifted import PARAMETERS, shifted_items, together


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


@pytest.mark.parametrize("objective", ["cross_entropy", "together"])
def test_held_out_rows_stop_the_growth(objective: str) -> None:
    learn, item = shifted_items(1)
    later, _ = shifted_items(2)
    trees = boosted_trees(
        learn,
        rounds=300,
        objective=together(item, 0.05) if objective == "together" else objective,
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


def test_where_no_feature_is_known_trees_say_the_level() -> None:
    unknown = np.full((400, 3), np.nan, dtype=np.float32)
    examples = Examples(unknown, np.full(400, 0.2), np.ones(400))
    trees = boosted_trees(examples, rounds=20, objective="cross_entropy", params=PARAMETERS)
    np.testing.assert_allclose(trees.predict(unknown), 0.2, atol=1e-6)
