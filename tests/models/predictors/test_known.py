from dataclasses import replace

import numpy as np

from models.prediction import Target
from models.predictors.known import never_sold, of_newcomers
from tests.models.predictors.simulation import market


def test_rows_are_of_a_kind_by_their_counts_and_of_none_without_any() -> None:
    rows = market(1, Target.BRAND_CONVERSION).rows
    assert 0 < never_sold(rows).mean() < 1
    np.testing.assert_array_equal(never_sold(rows), rows.counts["pair"][0] == 0)
    assert 0 < of_newcomers(rows).mean() < 1
    np.testing.assert_array_equal(of_newcomers(rows), rows.counts["creator"][1] == 0)
    for kind in (never_sold, of_newcomers):
        assert not kind(replace(rows, counts={})).any()
