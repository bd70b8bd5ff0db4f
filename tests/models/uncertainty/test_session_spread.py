"""One session's GMV: its spread holds what is not known, what sessions differ by, and chance."""

import numpy as np
import pytest

from models.money import lognormal
from models.uncertainty.noise import Noise
from models.uncertainty.predictive import money
from models.uncertainty.session_spread import line_variance, session_spread


def test_the_lognormal_has_the_mean_and_the_variance_of_drawn_sessions() -> None:
    random = np.random.default_rng(0)
    doubt, lines, orders, value = (
        np.array([0.3]),
        np.array([0.4]),
        np.array([6.0]),
        np.array([50.0]),
    )
    s = np.sqrt(doubt**2 + lines)
    rates = orders * np.exp(random.normal(-(s**2) / 2, s, size=400_000))
    drawn = money(random.poisson(rates)[None, :].astype(float), value, random)[0]
    spread = session_spread(doubt, lines, orders)
    said = lognormal(orders * value, spread)
    sd = float(said.mean[0] * np.sqrt(np.expm1(spread[0] ** 2)))
    assert drawn.mean() == pytest.approx(said.mean[0], rel=0.01)
    assert drawn.std() == pytest.approx(sd, rel=0.02)


def test_a_large_session_of_a_known_pair_still_varies_as_sessions_do() -> None:
    many = session_spread(np.array([0.0]), np.array([0.25]), np.array([1e9]))
    assert many.tolist() == pytest.approx([0.5])


def test_fewer_orders_vary_more_and_none_without_end() -> None:
    spread = session_spread(np.zeros(3), np.zeros(3), np.array([100.0, 1.0, 0.0]))
    assert spread[0] < 0.2 < spread[1] < spread[2] == np.inf


def test_a_share_that_differs_by_factors_does_so_on_the_log_scale_whatever_its_size() -> None:
    noise = Noise(is_rate=True, per_trial=1.0, per_line=0.13, by_factors=True)
    assert line_variance(noise, np.array([0.05, 0.3])).tolist() == pytest.approx([0.13, 0.13])
    logits = Noise(is_rate=True, per_trial=1.0, per_line=0.13)
    assert line_variance(logits, np.array([0.5])).tolist() == pytest.approx([0.13 / 4])
    counts = Noise(is_rate=False, per_trial=1.0, per_line=0.6)
    assert line_variance(counts, np.array([5_000.0])).tolist() == pytest.approx([0.6])
