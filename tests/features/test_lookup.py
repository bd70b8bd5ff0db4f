"""Shares of audiences and buyers, met pair by pair."""

import numpy as np
import pandas as pd
import pytest

from features import lookup
from features.lookup import Audience


def test_only_groups_told_of_both_sides_count() -> None:
    creators = pd.DataFrame({"audience_f": [0.6, 0.2, np.nan], "audience_m": [0.4, np.nan, np.nan]})
    brands = pd.DataFrame({"buyer_f": [0.9, 0.3], "buyer_m": [0.1, np.nan]})
    shares = Audience.of(creators, brands, np.array([1.0, 3.0, 5.0]))
    usual = [(1 * 0.6 + 3 * 0.2) / 4, 0.4]
    met = shares.met(np.array([0, 0, 1, 2]), np.array([0, 1, 0, 0]))
    assert met.overlap == pytest.approx([0.6 + 0.1, 0.3, 0.2, 0])
    assert met.told == pytest.approx([1.0, 0.6, 0.2, 0])
    first = 0.6 * 0.9 / usual[0]
    assert met.lift == pytest.approx([first + 0.4 * 0.1 / 0.4, first / 3, first / 3, 0])
    assert met.lift_told == pytest.approx(met.told)


def test_a_group_whose_usual_share_nobody_tells_lifts_nothing() -> None:
    creators = pd.DataFrame({"audience_f": [0.6, np.nan], "audience_m": [0.4, 0.5]})
    brands = pd.DataFrame({"buyer_f": [0.9], "buyer_m": [0.1]})
    shares = Audience.of(creators, brands, np.array([0.0, 2.0]))  # women: only who had no line
    met = shares.met(np.array([0]), np.array([0]))
    assert met.told == pytest.approx([1.0])
    assert met.lift == pytest.approx([0.4 * 0.1 / 0.5])
    assert met.lift_told == pytest.approx([0.4])


def test_pairs_taken_a_few_at_once_are_the_pairs_taken_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    random = np.random.default_rng(0)
    told = random.random((2, 6, 5))
    told[random.random(told.shape) < 0.3] = np.nan
    audience, buyers = (
        pd.DataFrame(part).add_prefix(side)
        for part, side in zip(told, ("audience_", "buyer_"), strict=True)
    )
    shares = Audience.of(audience, buyers, np.arange(1.0, 7.0))
    creators, brands = random.integers(0, 6, (2, 50))
    together = shares.met(creators, brands)
    monkeypatch.setattr(lookup, "SHARES_AT_ONCE", 7 * 5)
    for name, sums in vars(shares.met(creators, brands)).items():
        assert sums.tolist() == pytest.approx(vars(together)[name].tolist())
