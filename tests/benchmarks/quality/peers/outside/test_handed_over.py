"""What peers of the environment apart are handed, and how their answers are read."""

import numpy as np
import pytest
from scipy.special import expit, logit

from benchmarks.quality.peers.history import History
from benchmarks.quality.peers.interactions import interactions
from benchmarks.quality.peers.our_features import GROWN, on_our_features
from benchmarks.quality.peers.outsiders import (
    factorisation_machine,
    mixed_model,
    rectools_als,
    rectools_svd,
)
from benchmarks.quality.peers.rates import FEWEST_BASKETS, NAMES, Lessons, as_of_rates
from models.prediction import Target
from models.predictors.pair_rate import PairRatePredictor
from tests.benchmarks.quality.peers.outside import packages
from tests.benchmarks.quality.peers.outside.packages import (
    Booster,
    CatBoost,
    FactorisationMachine,
    GPModel,
    Recommender,
)
from tests.benchmarks.quality.peers.planted import BRANDS, STORES, planted
from tests.models.predictors.simulation import market

_stand_ins = packages._stand_ins
pytestmark = pytest.mark.usefixtures("_stand_ins")


@pytest.fixture
def history() -> History:
    return History.of(planted()[0], 40)


@pytest.mark.parametrize("name", GROWN)
def test_a_booster_learns_weighted_shares_from_our_features_and_the_start(name: str) -> None:
    whole = market(0, Target.BRAND_CONVERSION, creators=12, items=8, per_creator=4, traffic=4)
    learn, later = whole.window(0, 1, 2).rows, whole.window(3).rows
    grown = on_our_features(GROWN[name][0], learn, later, [1, 60])
    tried = learn.take(learn.outcome()[1] > 0)
    assert len(tried) < len(learn), "rows without a trial teach nothing"
    k, n = tried.outcome()
    chain = PairRatePredictor(Target.BRAND_CONVERSION).fit(tried)
    before, start = logit(chain.predict(tried).mean), logit(chain.predict(later).mean)
    if name.startswith("CatBoost"):
        seen, rounds_grown = CatBoost.grown[0].learned, CatBoost.grown[0].settings["iterations"]
    else:
        seen, rounds_grown = Booster.grown[0].learned, Booster.grown[0].rounds
    assert rounds_grown == 60, "fewer rounds are read off the same growth"
    np.testing.assert_allclose(seen.start, before)
    np.testing.assert_allclose(seen.label, k / n)
    np.testing.assert_array_equal(seen.features[:, :-1], tried.features)
    np.testing.assert_allclose(seen.features[:, -1], before, rtol=1e-6)
    p = k.sum() / n.sum()
    weight = 1 / (1 / (n * p * (1 - p)) + 0.2)
    np.testing.assert_allclose(seen.weight, weight / weight.mean())
    for rounds, shares in grown.items():
        added = 0.01 * rounds * start.astype(np.float32)
        np.testing.assert_allclose(shares, expit(start + added), rtol=1e-5)


def test_a_factorisation_machine_sees_each_pair_once_and_learns_known_stores(
    history: History,
) -> None:
    history.n[:, 0] = 0
    answer = factorisation_machine(history, strength=300, half_life=None, rank=4, iterations=20)
    np.testing.assert_array_equal(
        answer, 100 * np.arange(BRANDS)[:, None] + np.arange(STORES)[None, :]
    )
    (machine,) = FactorisationMachine.made
    assert machine.groups == [BRANDS, STORES, 2]
    assert (machine.rank, machine.kept) == (4, 10)
    assert machine.x.shape == (BRANDS * (STORES - 1), BRANDS + STORES + 2)
    np.testing.assert_array_equal(machine.x.sum(axis=1), 3)
    assert machine.x[:, BRANDS].sum() == 0, "the store without baskets is not learned"


def test_a_mixed_model_learns_earlier_windows_and_answers_for_all_pairs(history: History) -> None:
    covariates = ["pair", "store"]
    told = {"strength": 300.0, "half_life": 15.0}
    answer = mixed_model(history, **told, covariates=covariates)
    lessons = Lessons.of(history, **told)
    (model,) = GPModel.made
    np.testing.assert_array_equal(model.told["weights"], lessons.n)
    assert (lessons.n >= FEWEST_BASKETS).all()
    np.testing.assert_allclose(model.learned["y"], lessons.k / lessons.n)
    columns = [NAMES.index(name) for name in covariates]
    np.testing.assert_array_equal(model.learned["X"][:, 0], 1)
    np.testing.assert_array_equal(model.learned["X"][:, 1:], lessons.rates[:, columns])
    assert model.asked[STORES].tolist() == [1, 0], "brand by brand"
    np.testing.assert_array_equal(answer, as_of_rates(history, **told)[:, :, NAMES.index("store")])


def test_a_recommender_sees_what_was_met_and_what_it_leaves_out_ranks_last(
    history: History,
) -> None:
    history.k[:, 3] = 0
    answer = rectools_svd(history, weighting="count", half_life=None, factors=1000)
    met = interactions(history, "count")
    (model,) = Recommender.made
    assert model.settings["factors"] == min(BRANDS, STORES) - 1, "no more than the table has"
    assert (model.dataset.table["weight"] > 0).all()
    assert set(model.dataset.features["value"]) == {"bread", "tea"}
    np.testing.assert_array_equal(answer[met > 0], met[met > 0])
    assert (met == 0).any()
    lowest = np.where(met > 0, met, np.inf).min(axis=1)
    for brand, store in np.argwhere(met == 0).tolist():
        assert answer[brand, store] == (lowest[brand] if brand != 3 else 0)


def test_als_is_told_its_settings(history: History) -> None:
    rectools_als(history, weighting="log", half_life=15, factors=4, alpha=5, regularization=0.1)
    (model,) = Recommender.made
    (inner,) = model.told
    assert (inner.factors, inner.alpha, inner.regularization) == (4, 5, 0.1)
