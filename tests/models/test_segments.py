"""Products of a pair are reduced to one row: the plain mean and the best."""

import numpy as np

from models.prediction import Forecast
from models.segments import mean_rate, segment_best


def of_products() -> Forecast:
    nothing = np.full(3, np.nan)
    return Forecast(np.array([0.02, 0.04, 0.10]), nothing, nothing, np.array([0.5, 0.3, 0.4]))


def test_a_pair_gets_the_plain_mean_over_its_products() -> None:
    pair = mean_rate(of_products(), np.array([0, 2]))  # two products, then one
    assert np.allclose(pair.mean, [(0.02 + 0.04) / 2, 0.10])
    assert np.allclose(pair.spread, [(0.5 + 0.3) / 2, 0.4])
    assert (pair.lo80 < pair.mean).all()
    assert (pair.mean < pair.hi80).all()


def test_errors_that_products_do_not_share_average_out() -> None:
    pair = mean_rate(of_products(), np.array([0, 2]), shared=0.5)
    assert np.allclose(pair.spread, [0.4 * np.sqrt(0.5 + 0.5 / 2), 0.4])
    alone = mean_rate(of_products(), np.array([0, 2]))
    assert pair.hi80[0] - pair.lo80[0] < alone.hi80[0] - alone.lo80[0]
    assert pair.hi80[1] == alone.hi80[1]


def test_when_no_product_has_a_value_the_first_one_is_named() -> None:
    assert segment_best(np.array([np.nan, np.nan, 1.0]), np.array([0, 2])).tolist() == [0, 2]
