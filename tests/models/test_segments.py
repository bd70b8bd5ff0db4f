"""Products of a pair are reduced to one row: the plain mean and the best."""

import numpy as np

from models.prediction import Forecast
from models.segments import mean_forecast, segment_best


def test_a_pair_gets_the_plain_mean_over_its_products_and_of_both_ends() -> None:
    of_products = Forecast(
        mean=np.array([0.02, 0.04, 0.10]),
        lo80=np.array([0.01, 0.03, 0.05]),
        hi80=np.array([0.05, 0.07, 0.20]),
        spread=np.array([0.5, 0.3, 0.4]),
    )
    pair = mean_forecast(of_products, np.array([0, 2]))  # two products, then one
    assert np.allclose(pair.mean, [(0.02 + 0.04) / 2, 0.10])
    assert np.allclose(pair.lo80, [(0.01 + 0.03) / 2, 0.05])
    assert np.allclose(pair.hi80, [(0.05 + 0.07) / 2, 0.20])
    assert np.allclose(pair.spread, [0.4, 0.4])


def test_when_no_product_has_a_value_the_first_one_is_named() -> None:
    assert segment_best(np.array([np.nan, np.nan, 1.0]), np.array([0, 2])).tolist() == [0, 2]
