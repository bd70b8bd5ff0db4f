from dataclasses import replace

import numpy as np
import pytest

from models.links import Link
from models.prediction import Floats, PairRows, Target
from models.uncertainty.intervals import Width
from models.uncertainty.windows import Foretold, expected_level, level_and_width, with_later
from tests.models.uncertainty.test_repeats import of_lines, sold

RATE = Link(is_rate=True)


def windows(rows: PairRows) -> list[PairRows]:
    return [rows.take(rows.as_of == day) for day in np.unique(rows.as_of)]


def test_a_level_that_comes_back_is_expected_and_that_of_one_month_is_not() -> None:
    assert expected_level([0.2, 0.2, 0.2, 0.2]) == pytest.approx(0.16, abs=0.002)
    assert 0.02 < expected_level([0.0, 0.0, 0.0, 0.2]) < 0.06


def test_a_level_far_from_all_earlier_ones_has_changed_to_stay() -> None:
    assert expected_level([0.0, 0.0, 0.0, -1.0]) == pytest.approx(-1.0, abs=0.07)


def test_what_a_pair_showed_later_is_added_less_that_window_s_level() -> None:
    first, later = windows(sold(0.04, is_rate=True))[:2]
    low, high = np.full(len(first), 0.05), np.full(len(later), 0.1)
    joined, last = with_later([first, later], [low, high], RATE)
    k, n = first.outcome()
    more, of_n = later.outcome()  # the same pairs in the same order
    np.testing.assert_array_equal(joined.outcome()[1], n + of_n)
    np.testing.assert_allclose(joined.outcome()[0], np.minimum(k + more / 2, n + of_n))
    assert joined.lines is not None
    assert joined.lines.count.max() == 2
    assert ((joined.lines.effective > 1) & (joined.lines.effective <= 2)).all()
    np.testing.assert_array_equal(last.outcome()[0], more)


def test_where_rows_are_a_sample_nothing_is_added() -> None:
    rows = windows(replace(sold(0.04, is_rate=True), weight=np.full(80 * 5 * 12, 3.0)))
    joined = with_later(rows, [np.full(len(of), 0.05) for of in rows], RATE)
    np.testing.assert_array_equal(joined[0].outcome()[1], rows[0].outcome()[1])


def test_months_that_went_well_or_badly_do_not_widen_what_is_said_of_true_rates() -> None:
    """Months whose levels have a variance of .66 leave the width as it was."""
    noise = of_lines(is_rate=True)
    prior = Width.prior(RATE, noise)
    months = np.array([1.0, 0.0, -1.0, 0.8, -0.8])
    usual, after = (
        level_and_width(told, Target.CONVERSION, noise, prior, 0.04)[1].variance(np.zeros((1, 3)))
        for told in (foretold(0 * months), foretold(months))
    )
    assert after == pytest.approx(usual, rel=0.05)


def foretold(month: Floats) -> list[Foretold]:
    """Windows forecast at the mean rate of all, times what each month was said too high."""
    made = []
    for off, rows in zip(month, windows(sold(0.04, is_rate=True)), strict=True):
        k, n = rows.outcome()
        eta = np.full(len(rows), float(RATE.forward(np.array(k.sum() / n.sum()))) + off)
        made.append(Foretold.of(rows, eta))
    return made
