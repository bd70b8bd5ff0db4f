"""A creator's own count per session counts as far as there is any; else its size tells."""

from dataclasses import replace

import numpy as np
import pytest

from models.prediction import Floats, Lines, PairRows, Target
from models.predictors.volume_rate import VolumeRatePredictor

CREATORS = 400


def world(own_sessions: float, seed: int = 0) -> tuple[PairRows, Floats]:
    """Creators whose count grows with their followers, seen before and in a window; the truth."""
    random = np.random.default_rng(seed)
    log_followers = random.normal(12, 1, CREATORS)
    rate = np.exp(3 + 0.8 * (log_followers - 12) + random.normal(0, 0.5, CREATORS))
    lines = random.integers(1, 6, CREATORS).astype(float)
    logs = [
        np.log(r) - 0.18 + random.normal(0, 0.6, int(n)) for r, n in zip(rate, lines, strict=True)
    ]
    past = rate * own_sessions
    names = np.full(CREATORS, "")
    rows = PairRows(
        features=np.column_stack([log_followers, np.full(CREATORS, np.nan)]).astype(np.float32),
        feature_names=("creator_followers", "creator_views_per_session"),
        creator_id=np.arange(CREATORS).astype(str),
        item_id=names,
        brand_id=names,
        category=names,
        as_of=np.full(CREATORS, "2026-05-01", dtype="datetime64[D]"),
        counts={"creator": (past, np.full(CREATORS, own_sessions))},
        successes=np.array([np.exp(of).sum() for of in logs]),
        trials=lines,
        lines=Lines(lines, lines, np.array([((of - of.mean()) ** 2).sum() for of in logs])),
    )
    return rows, rate


def learned(own_sessions: float) -> VolumeRatePredictor:
    learn, calibrate = (world(own_sessions, seed)[0] for seed in (0, 1))
    return VolumeRatePredictor(Target.NEW_FOLLOWERS).fit(learn).calibrate(calibrate)


def error(own_sessions: float) -> float:
    later, truth = world(own_sessions, 2)
    return float(np.std(np.log(learned(own_sessions).predict(later).mean / truth)))


def test_size_tells_where_nothing_was_seen_and_the_past_where_much_was() -> None:
    assert error(0.0) == pytest.approx(0.5, abs=0.05)  # what followers do not tell
    assert error(50.0) < 0.05


def test_who_was_never_seen_gets_a_wider_interval_that_holds() -> None:
    predictor = learned(0.0)
    later, truth = world(0.0, 2)
    forecast = predictor.predict(later)
    assert ((forecast.lo80 < truth) & (truth < forecast.hi80)).mean() == pytest.approx(
        0.8, abs=0.08
    )
    known = replace(later, counts={"creator": (truth * 20, np.full(CREATORS, 20.0))})
    assert (predictor.predict(known).spread < forecast.spread).all()


def test_without_rows_nothing_is_known_but_the_prior() -> None:
    rows, _ = world(0.0)
    nothing = rows.take(np.zeros(CREATORS, dtype=bool))
    predictor = VolumeRatePredictor(Target.NEW_FOLLOWERS).fit(nothing).calibrate(nothing)
    forecast = predictor.predict(rows)
    assert np.isfinite(forecast.mean).all()
    assert (forecast.spread > 1.9).all()
