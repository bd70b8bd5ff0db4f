import json

import numpy as np
import pytest

from models.predictors import line as line_module
from models.predictors.line import FARTHEST, RIDGE, Line


def shares(seed: int, rows: int = 30_000) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Features, start, shares of 50 trials, weights: the first feature moves them, the rest not."""
    random = np.random.default_rng(seed)
    features = random.normal(0, 0.5, (rows, 4)).astype(np.float32)
    start = random.normal(-2, 0.5, rows)
    bent = np.sign(features[:, 0]) * np.log1p(np.abs(features[:, 0]))
    p = 1 / (1 + np.exp(-(start + 0.1 + 0.4 * bent / bent.std())))
    return features, start, random.binomial(50, p) / 50, np.full(rows, 50.0)


def loss(eta: np.ndarray, labels: np.ndarray) -> float:
    return float(np.mean(np.logaddexp(0, eta) - labels * eta))


def test_a_line_learns_what_moves_shares_beyond_their_start() -> None:
    learned = Line.fit(*shares(1))
    assert learned.slopes[0] == pytest.approx(0.4, abs=0.02)
    assert np.abs(learned.slopes[1:]).max() < 0.01
    assert learned.base == pytest.approx(0.1, abs=0.03)
    features, start, labels, _ = shares(2)
    assert loss(start + learned.say(features), labels) < loss(start, labels) - 0.005


def test_slopes_are_where_likelihood_and_ridge_are_level() -> None:
    features, start, labels, weights = shares(3, 2_000)
    learned = Line.fit(features, start, labels, weights)
    p = 1 / (1 + np.exp(-(start + learned.say(features))))
    bent = np.sign(features) * np.log1p(np.abs(features.astype(float)))
    scaled = np.clip((bent - bent.mean(axis=0)) / bent.std(axis=0), -FARTHEST, FARTHEST)
    np.testing.assert_allclose(
        scaled.T @ (weights * (labels - p)), RIDGE * np.array(learned.slopes), rtol=1e-4, atol=1e-3
    )
    assert weights @ (labels - p) == pytest.approx(0, abs=1e-3)


def test_what_is_unknown_counts_as_the_median_and_what_is_far_as_no_farther() -> None:
    features, start, labels, weights = shares(4, 5_000)
    features[::7, 0] = np.nan
    features[:, 2], features[:, 3] = np.nan, 3
    learned = Line.fit(features, start, labels, weights)
    assert learned.slopes[2:] == pytest.approx((0, 0), abs=1e-12)
    row = np.zeros((4, 4), dtype=np.float32)
    row[:, 0] = [np.nan, np.nanmedian(features[:, 0]), 1e9, 1e12]
    unknown, median, far, farther = learned.say(row)
    assert unknown == pytest.approx(median, abs=1e-6)
    assert far == farther
    assert far - learned.base == pytest.approx(
        FARTHEST * learned.slopes[0] + contributions(learned, row)[2, 1], abs=1e-9
    )


def contributions(learned: Line, features: np.ndarray) -> np.ndarray:
    added = np.zeros((len(features), features.shape[1] + 1))
    learned.add_contributions(features, np.ones(len(features)), added)
    return added


def test_contributions_add_up_and_files_keep_the_line_to_the_bit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    features, start, labels, weights = shares(5, 3_000)
    learned = Line.fit(features, start, labels, weights)
    added = contributions(learned, features)
    np.testing.assert_allclose(added.sum(axis=1), learned.say(features))
    half = np.ones_like(added)
    learned.add_contributions(features, np.full(len(features), 0.5), half)
    np.testing.assert_allclose(half, 1 + 0.5 * added)
    read = Line.from_json(json.loads(json.dumps(learned.as_json())))
    np.testing.assert_array_equal(read.say(features), learned.say(features))
    monkeypatch.setattr(line_module, "BLOCK", 1_000)
    in_blocks = Line.fit(features, start, labels, weights)
    assert in_blocks.slopes == pytest.approx(learned.slopes, abs=1e-9)
    np.testing.assert_array_equal(learned.say(features[:2_500]), learned.say(features)[:2_500])
