"""What is common to the products of one creator and brand is told from their outcomes."""

import numpy as np
import pytest

from models.prediction import Forecast, PairRows
from models.sharing import shared_variance

PRODUCTS, SPREAD = 5, 0.6


def forecast_and_rows(share: float, groups: int = 2_000) -> tuple[Forecast, PairRows]:
    """True logits around a forecast of 20 %, of which `share` of the variance is common."""
    random = np.random.default_rng(1)
    n = groups * PRODUCTS
    group = np.repeat(np.arange(groups), PRODUCTS)
    common = random.normal(0, SPREAD * np.sqrt(share), groups)[group]
    own = random.normal(0, SPREAD * np.sqrt(1 - share), n)
    rate = 1 / (1 + np.exp(-(np.log(0.25) + common + own)))
    trials = random.integers(20, 400, n).astype(float)
    mean = np.full(n, float(rate.mean()))
    rows = PairRows(
        features=np.zeros((n, 1), dtype=np.float32),
        feature_names=("nothing",),
        creator_id=group.astype(str),
        item_id=np.arange(n).astype(str),
        brand_id=np.full(n, "b1"),
        category=np.full(n, ""),
        as_of=np.full(n, "2026-01-01", dtype="datetime64[D]"),
        counts={},
        successes=random.binomial(trials.astype(int), rate).astype(float),
        trials=trials,
    )
    return Forecast(mean, mean, mean, np.full(n, SPREAD)), rows


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8])
def test_the_planted_share_is_found_and_not_undershot(share: float) -> None:
    found = shared_variance(*forecast_and_rows(share))
    assert share - 0.01 <= found <= share + 0.12


def test_too_few_groups_leave_the_wide_side() -> None:
    assert shared_variance(*forecast_and_rows(0.3, groups=20)) == 1.0
