"""Peers of a pair, and which question keeps it from a quadrant."""

from dataclasses import replace

import numpy as np
import pandas as pd

from models.prediction import Forecast, Target
from models.predictors.boosted import BoostedPredictor
from models.uncertainty.intervals import Width
from models.uncertainty.noise import Noise
from pipelines.yardsticks import Question, Session, settling


def question(target: Target, mean: list[float], spread: float, lasting: float = 0.01) -> Question:
    """Held against .04 (or 1,000) that is surely known; noise of .1 a line, 60 trials a session."""
    predictor = BoostedPredictor(target)
    noise = Noise(target.is_rate, 1.0, 0.1)
    predictor.width_ = Width(target.is_rate, noise, (0.1, 0.1, 0.1), (1.0, 1.0, 1.0), lasting, 0.0)
    n = len(mean)
    means, spreads = np.array(mean), np.full(n, spread)
    benchmarks = pd.DataFrame(
        {
            "benchmark_rate": [0.04] * n,
            "benchmark_spread": [0.0] * n,
            "benchmark_impressions": [1_000.0] * n,
            "benchmark_impressions_spread": [0.0] * n,
        }
    )
    session = Session(np.full(n, 60.0), np.ones(n), np.ones(n))
    return Question(predictor, Forecast(means, means, means, spreads), benchmarks, session)


def told(p: float, shown: float, lasting: float = 0.01) -> tuple[float, str | None]:
    sessions, why = settling(
        np.array([p]),
        np.array([shown]),
        question(Target.CONVERSION, [0.042], 0.5, lasting),
        question(Target.EXPOSURE, [1_100.0], 0.5, lasting),
    )
    return float(sessions[0]), why[0]


def test_a_pair_with_a_quadrant_needs_no_more_sessions() -> None:
    assert told(0.9, 0.9) == told(0.9, 0.1) == told(0.1, 0.5) == told(0.1, np.nan) == (0.0, None)


def test_conversion_is_asked_first_then_traffic() -> None:
    sessions, why = told(0.55, 0.5)
    assert (sessions > 0, why) == (True, "conversion")
    sessions, why = told(0.9, 0.5)
    assert (sessions > 0, why) == (True, "traffic")


def test_where_no_session_would_tell_it_says_so() -> None:
    sessions, why = told(0.55, 0.5, lasting=0.24)
    assert np.isnan(sessions)
    assert why == "conversion, and no number of sessions would tell"
    assert told(0.9, 0.5, lasting=0.24)[1] == "traffic, and no number of sessions would tell"


def test_what_cannot_be_compared_says_what_is_missing() -> None:
    assert told(np.nan, 0.9)[1] == "no benchmark"
    assert told(0.9, np.nan)[1] == "traffic, and impressions are not counted"


def test_a_session_with_more_clicks_settles_it_in_fewer() -> None:
    few = question(Target.CONVERSION, [0.042], 0.5)
    more = replace(few, session=Session(np.full(1, 6_000.0), np.ones(1), np.ones(1)))
    row = np.array([True])
    assert more.sessions(row)[0] < few.sessions(row)[0]
