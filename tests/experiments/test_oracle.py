"""What an oracle would reach, and how much of it a ranking does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from experiments.oracle import (
    beyond_best,
    double_centred,
    drawn_fit,
    drawn_shares,
    interval,
    oracle_share,
    pooled,
)

WORTH = np.array([[8.0, 4.0, 2.0, 2.0]])


def test_the_lift_is_read_between_a_blind_list_and_the_oracle() -> None:
    second_and_third = np.array([[0.0, 9.0, 8.0, 1.0]])
    # blind (8 + 4 + 2 + 2) / 4 = 4, oracle (8 + 4) / 2 = 6, got (4 + 2) / 2 = 3
    assert oracle_share(second_and_third, WORTH, top=2)[0] == pytest.approx((3 - 4) / (6 - 4))
    assert oracle_share(second_and_third, WORTH, "nothing", top=2)[0] == pytest.approx(3 / 6)
    assert oracle_share(WORTH, WORTH, top=2)[0] == 1


def test_ties_keep_the_order_of_creators_and_the_unknown_are_last() -> None:
    level = np.zeros((1, 4))
    assert oracle_share(level, WORTH, "nothing", top=1)[0] == 1
    unknown = np.array([[np.nan, -5.0, -6.0, -7.0]])
    assert oracle_share(unknown, WORTH, "nothing", top=1)[0] == pytest.approx(4 / 8)


def test_a_brand_with_which_all_are_worth_the_same_has_no_lift() -> None:
    same = np.full((1, 3), 0.1)
    assert np.isnan(oracle_share(same, same, top=2)[0])
    both = drawn_shares({"a": np.vstack([WORTH, WORTH])}, np.vstack([WORTH, WORTH * 0 + 1]), top=2)
    assert both[0, 0] == 1


def test_what_a_creator_is_worth_may_depend_on_the_product_that_was_named() -> None:
    named_worse = {"a": WORTH / 2}
    assert (
        drawn_shares({"a": WORTH}, WORTH, "nothing", got=named_worse, top=2, draws=0)[0, 0] == 0.5
    )


def test_a_creator_drawn_twice_stands_twice_in_every_list() -> None:
    shares = drawn_shares({"oracle": WORTH, "other": -WORTH}, WORTH, "nothing", top=1, draws=200)
    assert (shares[:, 0] == 1).all()
    # the worst drawn over the best drawn
    assert set(shares[:, 1]) <= {2 / 8, 4 / 8, 2 / 4, 1.0}


def test_the_best_baseline_is_what_is_left_out_of_account() -> None:
    shares = np.array([[0.90, 0.96, 0.98], [0.92, 0.90, 0.98]])
    beyond = beyond_best(shares, ["followers", "mean", "ours"], ["followers", "mean"])
    assert beyond[:, 2] == pytest.approx([(0.98 - 0.96) / 0.04, (0.98 - 0.92) / 0.08])


def test_worlds_are_pooled_by_their_mean_and_drawn_again() -> None:
    worlds = [np.full((101, 1), value) for value in (0.2, 0.6)]
    mean, low, high = interval(pooled(worlds)[:, 0])
    assert mean == pytest.approx(0.4)
    assert low == pytest.approx(0.2)
    assert high == pytest.approx(0.6)


def test_what_row_and_column_tell_is_no_fit() -> None:
    values = np.array([[1.0], [2.0]]) + np.array([[0.5, 0.7, 0.9]])
    assert np.allclose(double_centred(values), 0)


def test_fit_recovered_of_all_none_half_and_the_opposite() -> None:
    fit = np.array([[0.2, -0.2], [-0.2, 0.2]])

    def rates(share: float) -> np.ndarray:
        return 1 / (1 + np.exp(3 - np.array([[0.1], [0.9]]) - share * fit))

    # 1 - (1 - share)^2
    for share, r2 in ((1.0, 1.0), (0.0, 0.0), (0.5, 0.75), (-1.0, -3.0)):
        assert drawn_fit(rates(share), rates(1.0), draws=0)[0] == pytest.approx(r2)


def test_fit_is_read_of_the_creators_asked_for() -> None:
    random = np.random.default_rng(0)
    truth = 1 / (1 + np.exp(3 + random.normal(0, 0.3, (6, 8))))
    half = truth.copy()
    half[:, 4:] = truth[:, 4:].mean()
    first = np.arange(8) < 4
    known = drawn_fit(half, truth, creators=first, draws=20)
    unknown = drawn_fit(half, truth, creators=~first, draws=20)
    assert known[0] > 0.5 > unknown[0]
    assert np.isnan(drawn_fit(half, truth, creators=first & ~first, draws=2)).all()


@settings(max_examples=60, deadline=None)
@given(
    arrays(float, (3, 7), elements=st.floats(0.01, 1)),
    arrays(float, (3, 7), elements=st.integers(0, 3).map(float)),
    st.randoms(use_true_random=False),
)
def test_no_list_beats_the_oracle_and_the_scale_of_scores_is_nothing(
    worth: np.ndarray, scores: np.ndarray, random: object
) -> None:
    share = oracle_share(scores, worth, top=3)
    assert not (share > 1 + 1e-9).any()
    assert np.array_equal(share, oracle_share(5 + 2 * scores, worth, top=3), equal_nan=True)
    drawn = drawn_shares({"a": scores}, worth, top=3, draws=5)
    assert not (drawn > 1 + 1e-9).any()
