from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.prediction import PairRows, Target
from models.predictors.beyond import LINE_COUNTS, LINE_COUNTS_UNSOLD, Beyond
from models.predictors.boosted import BoostedPredictor
from models.predictors.known import never_sold
from tests.models.predictors.simulation import market


@pytest.fixture(scope="module")
def learned() -> BoostedPredictor:
    rows = market(6, Target.BRAND_CONVERSION).window(0, 1, 2).rows
    return BoostedPredictor(Target.BRAND_CONVERSION, rounds=20, stops_early=False).fit(rows)


@pytest.fixture(scope="module")
def later() -> PairRows:
    return market(6, Target.BRAND_CONVERSION).window(3).rows


def test_brands_are_told_by_fine_trees_coarse_trees_and_a_line(
    learned: BoostedPredictor, later: PairRows
) -> None:
    beyond = learned.beyond_
    assert beyond is not None
    assert beyond.line is not None
    fine, coarse = (Beyond((trees,)).say(later, 1) for trees in beyond.trees)
    assert np.std(coarse) < np.std(fine)
    counts = np.where(never_sold(later), LINE_COUNTS_UNSOLD, LINE_COUNTS)
    assert 0 < never_sold(later).mean() < 1
    np.testing.assert_allclose(
        beyond.say(later, 1),
        (1 - counts) * (fine + coarse) / 2 + counts * beyond.line.say(later.features),
    )


def test_what_features_contribute_adds_up(learned: BoostedPredictor, later: PairRows) -> None:
    beyond = learned.beyond_
    assert beyond is not None
    np.testing.assert_allclose(
        beyond.contributions(later, 1).sum(axis=1), beyond.say(later, 1), atol=1e-9
    )
    np.testing.assert_allclose(
        learned.contributions(later).sum(axis=1),
        learned.link.forward(learned.predict(later).mean),
        atol=1e-9,
    )
    alone = [trees.feature_importance("split").sum() for trees in beyond.trees]
    assert beyond.importance("split").sum() == sum(alone)
    assert learned.importance()["splits"].sum() == sum(alone)


def test_files_keep_all_of_it_to_the_bit(
    learned: BoostedPredictor, later: PairRows, tmp_path: Path
) -> None:
    learned.save(tmp_path)
    assert sorted(file.name for file in tmp_path.glob("trees*")) == ["trees-2.txt", "trees.txt"]
    read = BoostedPredictor.load(tmp_path)
    np.testing.assert_array_equal(read.predict(later).mean, learned.predict(later).mean)
    np.testing.assert_array_equal(read.contributions(later), learned.contributions(later))


def test_saving_into_the_folder_of_an_older_model_leaves_no_tree_of_it(
    learned: BoostedPredictor, later: PairRows, tmp_path: Path
) -> None:
    learned.save(tmp_path)
    nothing = replace(later, successes=np.zeros(len(later)), trials=np.zeros(len(later)))
    BoostedPredictor(Target.BRAND_CONVERSION).fit(nothing).save(tmp_path)
    assert list(tmp_path.glob("trees*")) == []


def test_sessions_are_told_by_trees_of_one_kind() -> None:
    learned = BoostedPredictor(Target.CONVERSION, rounds=20).fit(market(6).rows)
    assert learned.beyond_ is not None
    assert len(learned.beyond_.trees) == 1
    assert learned.beyond_.line is None


def test_a_line_follows_by_degrees_what_few_trees_do_not(later: PairRows) -> None:
    rows = market(6, Target.BRAND_CONVERSION).window(0, 1, 2).rows
    few = BoostedPredictor(Target.BRAND_CONVERSION, rounds=3, stops_early=False).fit(rows)
    assert few.beyond_ is not None
    of_trees = replace(few.beyond_, line=None).say(later, 1)
    assert np.std(few.beyond_.say(later, 1)) > 2 * np.std(of_trees)
