from dataclasses import replace

import numpy as np
import pytest

from models.links import PRIOR_MEANS, Link, link_of, pooled_mean
from models.prediction import Target
from tests.models.predictors.simulation import market


def test_there_and_back_for_shares_and_counts() -> None:
    shares, counts = np.array([0.001, 0.3, 0.9]), np.array([0.5, 10.0, 1e6])
    np.testing.assert_allclose(Link(True).inverse(Link(True).forward(shares)), shares)
    np.testing.assert_allclose(Link(False).inverse(Link(False).forward(counts)), counts)


def test_the_ends_stay_finite() -> None:
    assert np.isfinite(Link(True).forward(np.array([0.0, 1.0]))).all()
    assert np.isfinite(Link(False).forward(np.array([0.0]))).all()
    assert np.isfinite(Link(False).inverse(np.array([1e6]))).all()


def test_steepness_is_the_derivative() -> None:
    for link in (Link(True), Link(False)):
        eta = np.array([-2.0, 0.3])
        slope = (link.inverse(eta + 1e-6) - link.inverse(eta - 1e-6)) / 2e-6
        np.testing.assert_allclose(link.steepness(link.inverse(eta)), slope, rtol=1e-6)


def test_the_pooled_mean_counts_trials_and_weights() -> None:
    rows = market(0, creators=2, items=4, per_creator=1, windows=1).rows
    two = replace(rows, successes=np.array([1.0, 3]), trials=np.array([10.0, 20]))
    assert pooled_mean(two, Target.CONVERSION) == pytest.approx(4 / 30)
    heavy = replace(two, weight=np.array([2.0, 1]))
    assert pooled_mean(heavy, Target.CONVERSION) == pytest.approx(5 / 40)


def test_the_pooled_mean_of_nothing_is_the_prior_and_of_no_success_is_small() -> None:
    rows = market(0, creators=2, items=4, per_creator=1, windows=1).rows
    nothing = replace(rows, successes=np.zeros(2), trials=np.zeros(2))
    assert pooled_mean(nothing, Target.RETURN) == 0.2
    none = replace(rows, successes=np.zeros(2), trials=np.full(2, 50.0))
    assert pooled_mean(none, Target.CONVERSION) == pytest.approx(0.5 / 101)
    every = replace(rows, successes=np.full(2, 50.0), trials=np.full(2, 50.0))
    assert pooled_mean(every, Target.CONVERSION) == pytest.approx(100.5 / 101)


def test_only_shares_have_the_logit_and_every_target_has_a_prior() -> None:
    counts = {target for target in Target if not link_of(target).is_rate}
    assert counts == {Target.EXPOSURE, Target.TRAFFIC, Target.NEW_FOLLOWERS}
    assert set(PRIOR_MEANS) == set(Target)
