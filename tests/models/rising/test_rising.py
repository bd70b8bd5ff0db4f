"""Who is rising: planted growth is found, luck, junk and campaigns are not."""

import numpy as np
import pytest

from models.rising import Growth, growth, named, session_levels
from models.rising.levels import _medians

DAYS = 500
STEADY = 60
"""Creators whose views only vary by luck; the planted ones come after them."""


def market(
    planted: int = 0,
    factor: float = 1.0,
    seed: int = 0,
    junk: float = 0.06,
    campaign_lift: float = 0.0,
    sessions: int = 20,
) -> Growth:
    """Creators with so many sessions each, every one a day apart; the last ones outgrow."""
    random = np.random.default_rng(seed)
    many = STEADY + planted
    creator = np.repeat(np.arange(many), sessions)
    day = np.sort(random.integers(0, DAYS, (many, sessions)), axis=1).ravel()
    level = random.normal(8, 1, many)[creator] + random.normal(0, 0.7, len(creator))
    level += np.log(factor) * ((creator >= STEADY) & (day > DAYS - 180))
    campaign = day > DAYS - 25
    level += campaign_lift * campaign
    cut_short = random.random(len(creator)) < junk
    level -= 4 * cut_short
    minutes = np.where(cut_short, 5.0, 180.0)
    levels = session_levels(creator, day, np.exp(level), minutes, campaign, many)
    return growth(levels, DAYS)


def test_a_creator_who_draws_five_times_as_many_is_named_and_the_growth_is_told() -> None:
    told = market(planted=6, factor=5.0, sessions=40)
    found = named(told.p)
    assert found[STEADY:].sum() >= 5
    assert not found[:STEADY].any()
    law = told.log_growth
    assert np.nanmean(law.mean[STEADY:]) == pytest.approx(np.log(5), abs=0.4)
    assert (law.p_above[STEADY:][found[STEADY:]] > 0.9).all()
    assert (law.lo80 <= law.mean + 1e-6)[~np.isnan(law.mean)].all()


def test_luck_alone_names_hardly_anybody() -> None:
    worlds = [named(market(seed=seed).p).any() for seed in range(20)]
    assert sum(worlds) <= 4  # q = .1 of 20 is 2


def test_a_campaign_that_lifts_everybody_is_no_growth() -> None:
    lifted = [market(seed=seed, campaign_lift=1.5) for seed in range(10)]
    assert sum(named(told.p).any() for told in lifted) <= 2
    assert np.nanmean([told.log_growth.mean for told in lifted]) == pytest.approx(0, abs=0.05)


def test_who_falls_is_not_named() -> None:
    told = market(planted=6, factor=0.2, sessions=40)
    assert not named(told.p).any()
    assert np.nanmean(told.log_growth.mean[STEADY:]) < -0.8


def test_with_too_few_sessions_nothing_is_tested() -> None:
    told = market(planted=2, factor=9.0, sessions=4)
    assert np.isnan(told.p).sum() > STEADY / 2
    assert np.isnan(told.log_growth.mean[np.isnan(told.p)]).all()
    assert not told.recent[np.isnan(told.p)].any()


def test_no_sessions_at_all_is_no_error() -> None:
    nothing = np.zeros(0)
    none = nothing.astype(np.int64)
    levels = session_levels(none, none, nothing, nothing, nothing.astype(bool), 3)
    told = growth(levels, DAYS)
    assert np.isnan(told.p).all()


def test_the_same_sessions_give_the_same_answer() -> None:
    first, second = market(planted=3, factor=4.0), market(planted=3, factor=4.0)
    np.testing.assert_array_equal(first.p, second.p)
    np.testing.assert_array_equal(first.log_growth.hi80, second.log_growth.hi80)


def test_sessions_cut_short_are_left_out() -> None:
    creator, day = np.zeros(3, np.int64), np.array([1, 2, 3])
    came, minutes = np.array([10.0, 1.0, 10.0]), np.array([60.0, 5.0, np.nan])
    levels = session_levels(creator, day, came, minutes, np.zeros(3, bool), 1)
    assert levels.day.tolist() == [1, 3]
    assert levels.level[0] == levels.level[1]


def test_the_threshold_rises_with_the_number_named() -> None:
    p = np.array([0.01, 0.04, 0.06, 0.075, 0.9])
    assert named(p, 0.1).tolist() == [True, True, True, True, False]  # .075 <= .1 * 4/5
    assert named(p, 0.04).tolist() == [False] * 5  # .01 > .04 / 5
    assert not named(np.full(3, np.nan)).any()


def test_medians_of_groups() -> None:
    values, group = np.array([3.0, 1.0, 2.0, 10.0, 20.0]), np.array([0, 0, 0, 2, 2])
    assert _medians(values, group, 3).tolist() == [2.0, 0.0, 15.0]
