"""Which dates are learned from, calibrated on and judged on."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.errors import NotEnoughHistory
from pipelines.windows import Window, window_plan


def test_windows_follow_each_other_and_the_last_one_judges() -> None:
    plan = window_plan(date(2026, 1, 1), date(2026, 6, 1), horizon_days=30, windows=2)
    assert plan.learn == (
        Window(date(2026, 2, 1), date(2026, 3, 3)),
        Window(date(2026, 3, 3), date(2026, 4, 2)),
    )
    assert plan.calibrate == Window(date(2026, 4, 2), date(2026, 5, 2))
    assert plan.evaluate == Window(date(2026, 5, 2), date(2026, 6, 1))


def test_returns_are_judged_a_whole_window_earlier_on_the_same_dates() -> None:
    plan = window_plan(date(2026, 1, 1), date(2026, 6, 1), 30, windows=6)
    late = window_plan(date(2026, 1, 1), date(2026, 6, 1), 30, windows=6, delay_days=30)
    assert late.evaluate == plan.calibrate
    assert set(late.learn) <= set(plan.learn)


def test_a_month_of_facts_gives_four_weeks() -> None:
    plan = window_plan(date(2026, 1, 1), date(2026, 1, 31), 30, windows=6)
    assert len(plan.learn) == 1
    assert (plan.evaluate.end - plan.evaluate.as_of).days == 7


def test_ten_days_of_facts_are_too_few_and_the_error_says_how_many_are_needed() -> None:
    with pytest.raises(NotEnoughHistory, match=r"10 days .* at least 28"):
        window_plan(date(2026, 1, 1), date(2026, 1, 11), 30, windows=6)


@given(
    days=st.integers(28, 900),
    horizon=st.integers(7, 90),
    windows=st.integers(1, 12),
)
def test_no_window_reaches_beyond_the_facts(days: int, horizon: int, windows: int) -> None:
    first = date(2024, 1, 1)
    as_of = date.fromordinal(first.toordinal() + days)
    plan = window_plan(first, as_of, horizon, windows)
    ordered = [*plan.learn, plan.calibrate, plan.evaluate]
    assert plan.evaluate.end == as_of
    assert 1 <= len(plan.learn) <= windows
    assert all(earlier.end == later.as_of for earlier, later in pairwise(ordered))
    assert (ordered[0].as_of - first).days >= (plan.evaluate.end - plan.evaluate.as_of).days
