import numpy as np
import pytest
from scipy.special import expit

from models.acceptance.mixed import fit_mixed


def test_coefficients_shifts_and_their_variance_are_found() -> None:
    random = np.random.default_rng(0)
    n, units = 6_000, 150
    x = np.column_stack([np.ones(n), random.normal(0, 1, n)])
    group, unit = random.integers(0, 4, n), random.integers(0, units, n)
    shift = np.array([-1.0, -0.2, 0.3, 0.9])
    own = random.normal(0, 0.7, units)
    yes = (random.random(n) < expit(0.2 + 0.5 * x[:, 1] + shift[group] + own[unit])).astype(float)
    fitted = fit_mixed(yes, x, [group], unit)
    assert fitted.coefficients[1] == pytest.approx(0.5, abs=0.08)
    assert np.corrcoef(fitted.shifts, shift)[0, 1] > 0.99
    assert fitted.variances[-1] == pytest.approx(0.49, abs=0.15)
    score, variance = fitted.score(x, [group], unit)
    true = 0.2 + 0.5 * x[:, 1] + shift[group] + own[unit]
    assert np.mean(((score - true) / np.sqrt(variance)) ** 2) == pytest.approx(1.0, abs=0.35)


def test_variances_are_those_of_the_whole_precision() -> None:
    random = np.random.default_rng(1)
    n = 60
    x = np.column_stack([np.ones(n), random.normal(0, 1, n)])
    group, unit = np.arange(n) % 3, np.arange(n) % 7
    yes = (random.random(n) < 0.5).astype(float)
    fitted = fit_mixed(yes, x, [group], unit)
    score, variance = fitted.score(x, [group], unit)
    whole = np.hstack([x, np.eye(3)[group], np.eye(7)[unit]])
    weight = expit(score) * (1 - expit(score))
    prior = [0.01, 1.0, *[1 / fitted.variances[0]] * 3, *[1 / fitted.variances[1]] * 7]
    precision = whole.T @ (whole * weight[:, None]) + np.diag(prior)
    expected = np.einsum("ij,jk,ik->i", whole, np.linalg.inv(precision), whole)
    np.testing.assert_allclose(variance, expected, rtol=0.02)


def test_a_unit_never_seen_adds_its_whole_variance() -> None:
    x = np.ones((8, 1))
    group, unit = np.zeros(8, np.intp), np.arange(8)
    fitted = fit_mixed(np.array([1.0, 0] * 4), x, [group], unit)
    _, variance = fitted.score(x[:1], [group[:1]], np.array([-1]))
    _, without = fitted.score(x[:1], [np.array([-1])], np.array([-1]))
    assert variance[0] > fitted.variances[-1]
    assert without[0] > fitted.variances.sum()
