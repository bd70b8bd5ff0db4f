"""Gini and Lorenz, worked by hand."""

import numpy as np
import pytest

from models.concentration import gini, inequality, lorenz


def test_gini_is_the_mean_difference_over_twice_the_mean() -> None:
    amounts = np.array([1.0, 2.0, 5.0])
    apart = np.abs(amounts[:, None] - amounts).mean()
    assert gini(amounts) == pytest.approx(apart / (2 * amounts.mean()))
    assert gini(np.full(4, 3.0)) == pytest.approx(0)
    assert np.isnan(gini(np.zeros(3)))


def test_the_order_of_creators_and_the_unit_change_nothing() -> None:
    amounts = np.random.default_rng(0).pareto(1.2, 50)
    assert gini(amounts) == pytest.approx(gini(1000 * amounts[::-1]))


def test_the_curve_never_falls_and_encloses_half_the_gini() -> None:
    amounts = np.random.default_rng(1).pareto(1.2, 100)
    curve = lorenz(amounts)
    assert (np.diff(curve) >= 0).all()
    assert (curve[0], curve[-1]) == (0, pytest.approx(1))
    area = np.trapezoid(curve, dx=0.01)
    assert 1 - 2 * area == pytest.approx(gini(amounts), abs=1e-3)


def test_who_has_nothing_counts() -> None:
    told = inequality("exposure", np.array([0.0, np.nan, 6.0, 2.0]))
    assert (told.creators, told.without, told.total) == (4, 2, 8)
    assert told.top_tenth == 6 / 8  # one creator at least
    assert told.lorenz[50] == 0


def test_of_nothing_there_is_no_inequality() -> None:
    told = inequality("exposure", np.zeros(3))
    assert (told.gini, told.top_tenth, told.lorenz) == (None, None, ())
