from typing import Any

import numpy as np
import pytest

from models.deals.economics import below, break_even_gmv, expected_profit, kept_share, p_loss
from models.uncertainty.predictive import UNITS_PER_ORDER
from models.uncertainty.session_spread import session_spread

SESSION = (np.array([1e4]), np.array([1.0]), np.array([100.0]))
"""GMV, its spread, the value of an order."""


def one(*values: float) -> Any:
    return [np.array([value]) for value in values]


def test_break_even_is_the_gmv_at_which_profit_is_nothing() -> None:
    kept = kept_share(*one(0.2, 0.6, 0.2, 0.05))
    assert kept[0] == pytest.approx(0.8 * 0.4 - 0.2 * 0.05)  # .31
    gmv = break_even_gmv(kept, np.array([3_100.0]))
    assert gmv[0] == pytest.approx(10_000)
    assert expected_profit(gmv, kept, np.array([3_100.0]))[0] == pytest.approx(0)


def test_where_nothing_is_kept_no_gmv_breaks_even() -> None:
    assert np.isnan(break_even_gmv(*one(-0.01, 100.0))[0])


def test_a_loss_is_half_as_likely_as_not_when_the_median_session_breaks_even() -> None:
    gmv, spread = 1e7, 0.5
    median = gmv * np.exp(-(spread**2) / 2)
    lost = p_loss(
        np.array([gmv]),
        np.array([spread]),
        np.array([10.0]),
        (np.array([0.0]), np.array([0.0])),
        (np.array([0.2]), np.array([0.0])),
        np.array([0.2 * median]),
    )
    assert lost[0] == pytest.approx(0.5, abs=0.01)


def test_without_cost_nothing_is_lost_and_without_margin_always() -> None:
    rate = (np.array([0.1]), np.array([0.3]))
    free = p_loss(*SESSION, rate, (np.array([0.3]), np.array([0.0])), np.array([0.0]))
    below_cost = p_loss(*SESSION, rate, (np.array([-0.01]), np.array([0.0])), np.array([0.0]))
    assert (free[0], below_cost[0]) == (0.0, 1.0)


def test_sessions_cut_short_lose_what_they_cost() -> None:
    rate, kept = (np.array([0.0]), np.array([0.0])), (np.array([0.5]), np.array([0.0]))
    sure = (np.array([1e7]), np.array([0.1]), np.array([10.0]))
    lost = p_loss(*sure, rate, kept, np.array([1_000.0]), cut_short=0.06)
    free = p_loss(*sure, rate, kept, np.array([0.0]), cut_short=0.06)
    assert lost[0] == pytest.approx(0.06)
    assert free[0] == 0.0


def test_what_is_unknown_stays_unknown() -> None:
    lost = p_loss(
        *SESSION,
        (np.array([0.1]), np.array([0.3])),
        (np.array([np.nan]), np.array([0.0])),
        np.array([10.0]),
    )
    assert np.isnan(lost[0])


@pytest.mark.parametrize("orders", [0.5, 3.0, 20.0, 1_000.0])
@pytest.mark.parametrize("share", [0.1, 1.0, 2.0])
def test_few_orders_and_none_are_told_as_they_fall(orders: float, share: float) -> None:
    random = np.random.default_rng(0)
    doubt, lines, value = 0.5, 0.3, 80.0
    sd = np.sqrt(doubt**2 + lines)
    sold = random.poisson(orders * np.exp(sd * random.standard_normal(100_000) - sd**2 / 2))
    units = sold + random.poisson(UNITS_PER_ORDER * sold)
    gmv = units * value / (1 + UNITS_PER_ORDER)
    spread = session_spread(*one(doubt, lines, orders))
    told = below(
        np.array([orders * value * share]), np.array([orders * value]), spread, *one(value)
    )
    assert told[0] == pytest.approx((gmv < orders * value * share).mean(), abs=0.035)
