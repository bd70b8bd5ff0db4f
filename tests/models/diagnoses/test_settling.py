"""Sessions to settle: against simulation of sessions, and the cases that settle nothing."""

import numpy as np
import pytest
from scipy.special import ndtr

from models.diagnoses.settling import MOST, sessions_to_settle, settled_odds
from models.matrix.diagnosis import HIGH, LOW


def one(value: float) -> np.ndarray:
    return np.array([value])


@pytest.mark.parametrize(
    ("gap", "lasting", "removable", "told", "sessions"),
    [(0.1, 0.02, 0.3, 2.0, 3), (-0.3, 0.1, 0.2, 1.0, 8), (0.0, 0.05, 0.4, 0.5, 20)],
)
def test_the_odds_agree_with_sessions_that_were_simulated(
    gap: float, lasting: float, removable: float, told: float, sessions: int
) -> None:
    random = np.random.default_rng(1)
    true = gap + np.sqrt(removable) * random.standard_normal(200_000)
    seen = true + random.standard_normal(200_000) / np.sqrt(told * sessions)
    left = removable / (1 + removable * told * sessions)
    middle = left * (gap / removable + told * sessions * seen)
    p = ndtr(middle / np.sqrt(left + lasting))
    settled = np.mean((p >= HIGH) | (p <= LOW))
    odds = settled_odds(sessions, one(gap), one(lasting), one(removable), one(told))
    assert float(odds[0]) == pytest.approx(settled, abs=0.004)


def test_it_is_the_fewest_sessions_with_even_odds() -> None:
    gap, lasting, removable, told = np.array([[0.1, 0.2, 0.3], [0.05] * 3, [0.1] * 3, [1.0] * 3])
    found = sessions_to_settle(gap, lasting, removable, told)
    assert found.tolist() == [69, 26, 3]
    assert (settled_odds(found, gap, lasting, removable, told) >= 0.5).all()
    assert (settled_odds(found - 1, gap, lasting, removable, told) < 0.5).all()


def test_what_is_settled_takes_none_more() -> None:
    assert sessions_to_settle(one(1.0), one(0.01), one(0.1), one(1.0)).tolist() == [0]


def test_none_would_when_creators_differ_less_than_what_no_session_removes() -> None:
    assert np.isnan(sessions_to_settle(one(0.0), one(0.3), one(0.05), one(50.0)))
    assert np.isnan(sessions_to_settle(one(0.0), one(0.1), one(0.3), one(1.0 / MOST**2)))


def test_more_clicks_a_session_settle_it_in_fewer() -> None:
    told = np.array([0.5, 2.0, 8.0])
    same = np.ones(3)
    found = sessions_to_settle(0.1 * same, 0.02 * same, 0.3 * same, told)
    assert found[0] > found[1] > found[2]


def test_what_is_unknown_is_not_settled() -> None:
    assert np.isnan(sessions_to_settle(one(np.nan), one(0.1), one(0.3), one(1.0)))
    assert np.isnan(sessions_to_settle(one(0.1), one(0.1), one(0.3), one(0.0)))
