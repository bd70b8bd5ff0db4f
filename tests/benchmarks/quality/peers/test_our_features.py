"""The boosters themselves, in their own environment, on our features: they learn.

What they are handed and how they are read is tested without them (`outside/`).
"""

import numpy as np
import pytest

from benchmarks.quality.peers.apart import is_installed
from benchmarks.quality.peers.our_features import GROWN, on_our_features
from experiments.metrics import log_loss
from models.prediction import Target
from models.predictors.pair_rate import PairRatePredictor
from tests.models.predictors.simulation import market

pytestmark = pytest.mark.skipif(not is_installed(), reason="'make peers' has not been run")


@pytest.mark.parametrize("name", GROWN)
def test_a_booster_adds_to_the_pairs_rate_it_starts_from(name: str) -> None:
    whole = market(0, Target.BRAND_CONVERSION)
    learn, later = whole.window(0, 1, 2).rows, whole.window(3)
    grown = on_our_features(GROWN[name][0], learn, later.rows, [1, 60])
    start = PairRatePredictor(Target.BRAND_CONVERSION).fit(learn).predict(later.rows).mean
    k, n = later.rows.outcome()
    assert log_loss(k, n, grown[60]) < log_loss(k, n, start)
    assert np.abs(grown[1] - start).max() < np.abs(grown[60] - start).max()
    assert np.corrcoef(grown[1], start)[0, 1] > 0.95
