"""Shares of audiences and buyers, met pair by pair."""

import numpy as np
import pandas as pd
import pytest

from features.audience import Audience, Crowds


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
    monkeypatch.setattr("features.audience.SHARES_AT_ONCE", 7 * 5)
    for name, sums in vars(shares.met(creators, brands)).items():
        assert sums.tolist() == pytest.approx(vars(together)[name].tolist())


def test_a_crowd_is_held_against_its_usual_share_and_unknown_is_usual() -> None:
    told = {"audience_bought_x": [0.3, 0.1, np.nan], "audience_bought_y": [0.0, np.nan, np.nan]}
    creators, brands = pd.DataFrame(told), pd.Index(["x", "y", "z"])
    crowds = Crowds.of(creators, brands, np.array([1.0, 3.0, 5.0]))
    usual = (1 * 0.3 + 3 * 0.1) / 4
    lift = crowds.met(np.array([0, 1, 2, 0, 1, 0, 0]), np.array([0, 0, 0, 1, 1, 2, -1]))
    least = np.log(0.01)  # nobody of y's crowd watches the only one who tells it
    assert lift == pytest.approx([np.log(0.3 / usual), np.log(0.1 / usual), 0, least, 0, 0, 0])


def test_without_crowds_nothing_is_known_of_who_buys_a_brand() -> None:
    creators = pd.DataFrame({"audience_f": [0.6, 0.4]})
    crowds = Crowds.of(creators, pd.Index(["x"]), np.array([1.0, 1.0]))
    assert np.isnan(crowds.met(np.array([0, 1]), np.array([0, 0]))).all()


def test_crowds_are_no_groups_of_a_whole() -> None:
    creators = pd.DataFrame({"audience_f": [0.6], "audience_bought_x": [0.3]})
    brands = pd.DataFrame({"buyer_f": [0.5], "buyer_bought_x": [1.0]})
    assert Audience.of(creators, brands, np.array([1.0])).audience.shape == (1, 1)
