"""The value of a set, worked by hand."""

import numpy as np
import pytest

from features.errors import WrongInput
from models.portfolio.overlap import Market, market_of, overlap
from models.portfolio.settings import PortfolioSettings
from models.portfolio.value import SetValue, sample_loss
from tests.models.portfolio.planted import random_candidates, some, value_of

CERTAIN = PortfolioSettings(fulfilment=1.0, overlap_loss=0.0, peak_creators=1e6)


def everybody(value: SetValue) -> np.ndarray:
    return np.ones(len(value), bool)


def test_one_creator_is_worth_what_a_session_brings_less_what_asking_costs() -> None:
    one = some([1_000], slot_fee=[200], sample_cost=[50], accept=[0.5])
    settings = PortfolioSettings(fulfilment=0.8)
    value = value_of(one, settings)
    # live .5 x .8 = .4 of the time; the sample is sent half of the time
    assert value.worth(everybody(value)) == pytest.approx(0.4 * (1_000 - 200) - 0.5 * 50)
    assert sample_loss(one, settings) == pytest.approx([0.5 * 0.2 * 50])


def test_a_follower_follows_others_in_proportion_to_their_followers() -> None:
    # two groups; the market holds 100 in each; a person follows 2 of its creators
    followers, audience = np.array([50.0, 20.0]), np.array([[1.0, 0.0], [0.5, 0.5]])
    settings = PortfolioSettings(follows=2.0, affinity=1.0)
    shared = overlap(followers, audience, Market(np.array([100.0, 100.0])), settings)
    assert shared[0, 1] == pytest.approx(2 * 20 * 0.5 / 100)  # all of the first are of group one
    assert shared[1, 0] == pytest.approx(0.5 * 2 * 50 / 100)
    alike = np.array([[1.0, 0.5], [0.5, 1.0]])
    closer = overlap(followers, audience, Market(np.array([100.0, 100.0])), settings, alike)
    assert closer[0, 1] == pytest.approx(1.5 * shared[0, 1])


def test_no_more_than_the_whole_audience_is_shared() -> None:
    followers, audience = np.array([5.0, 5.0]), np.ones((2, 1))
    shared = overlap(followers, audience, market_of(followers, audience), PortfolioSettings())
    assert (shared == 1.0).all()


def test_people_who_follow_both_buy_less_at_the_second() -> None:
    two = some([1_000, 400], followers=[1, 1])
    settings = PortfolioSettings(
        fulfilment=1.0, overlap_loss=0.5, peak_creators=1e6, follows=1.0, affinity=0.0
    )
    value = value_of(two, settings)
    # each follows half of the other's: the smaller purchase, .5 x 400, is lost by half
    assert value.worth(everybody(value)) == pytest.approx(1_400 - 0.5 * 0.5 * 400, rel=1e-5)


@pytest.mark.parametrize("worth", [[100.0] * 12, [100.0 * 0.8**i for i in range(12)]])
def test_sales_are_an_inverted_u_with_its_top_at_the_peak(worth: list[float]) -> None:
    settings = PortfolioSettings(fulfilment=1.0, overlap_loss=0.0, peak_creators=6.0)
    value = value_of(some(worth), settings)
    sales = [value.worth(np.arange(12) < n) for n in range(13)]
    assert np.argmax(sales) == 6
    gains = np.diff(sales)
    assert (np.diff(gains[:7]) < 0).all()
    assert (gains[:6] > 0).all()
    assert (gains[7:] < 0).all()


def test_a_set_is_worth_the_sum_of_what_each_adds_to_those_before() -> None:
    value = value_of(random_candidates(8, 3), PortfolioSettings())
    so_far, total = np.zeros(8, bool), 0.0
    for i in (5, 0, 7, 2):
        total += value.marginal(so_far)[i]
        so_far[i] = True
    assert value.worth(so_far) == pytest.approx(total)
    without = so_far.copy()
    without[7] = False
    assert value.marginal(so_far)[7] == pytest.approx(value.worth(so_far) - value.worth(without))


def test_nobody_and_independent_creators() -> None:
    value = value_of(some([3.0, 4.0]), CERTAIN)
    assert value.worth(np.zeros(2, bool)) == 0
    assert value.worth(everybody(value)) == pytest.approx(7.0, rel=1e-5)


def test_an_assumption_out_of_range_is_refused_with_its_range() -> None:
    with pytest.raises(WrongInput, match=r"fulfilment is from 0 to 1, not 1\.2"):
        PortfolioSettings(fulfilment=1.2)
