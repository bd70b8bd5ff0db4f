"""Products of a pair are reduced to one row: the plain mean and the best."""

from dataclasses import replace

import numpy as np

from models.prediction import Forecast
from models.segments import mean_rate, segment_best


def of_products() -> Forecast:
    nothing = np.full(3, np.nan)
    return Forecast(np.array([0.02, 0.04, 0.10]), nothing, nothing, np.array([0.5, 0.3, 0.4]))


def test_a_pair_gets_the_plain_mean_over_its_products() -> None:
    pair = mean_rate(of_products(), np.array([0, 2]))  # two products, then one
    assert np.allclose(pair.mean, [(0.02 + 0.04) / 2, 0.10])
    # what an error of .02's logit does to that of .03: .02 x .98 / (2 x .03 x .97)
    expected = (0.02 * 0.98 * 0.5 + 0.04 * 0.96 * 0.3) / (2 * 0.03 * 0.97)
    assert np.allclose(pair.spread, [expected, 0.4])
    assert (pair.lo80 < pair.mean).all()
    assert (pair.mean < pair.hi80).all()


def test_errors_that_products_do_not_share_average_out() -> None:
    alone = mean_rate(of_products(), np.array([0, 2]))
    shared = replace(of_products(), shared=np.array([0.5, 0.5, 0.5]))
    pair = mean_rate(shared, np.array([0, 2]))
    assert pair.hi80[0] - pair.lo80[0] < alone.hi80[0] - alone.lo80[0]
    assert np.isclose(pair.hi80[1], alone.hi80[1])


def test_the_spread_of_a_mean_is_that_of_drawn_products() -> None:
    random = np.random.default_rng(0)
    mean, spread, shared = np.array([0.02, 0.04, 0.10]), np.array([0.5, 0.3, 0.4]), 0.3
    logit = np.log(mean / (1 - mean)) + spread * (
        np.sqrt(shared) * random.normal(size=(100_000, 1))
        + np.sqrt(1 - shared) * random.normal(size=(100_000, 3))
    )
    drawn = (1 / (1 + np.exp(-logit))).mean(axis=1)
    told = mean_rate(replace(of_products(), shared=np.full(3, shared)), np.array([0]))
    assert np.isclose(np.log(drawn / (1 - drawn)).std(), told.spread[0], rtol=0.05)


def test_when_no_product_has_a_value_the_first_one_is_named() -> None:
    assert segment_best(np.array([np.nan, np.nan, 1.0]), np.array([0, 2])).tolist() == [0, 2]
