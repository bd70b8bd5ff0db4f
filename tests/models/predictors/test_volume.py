"""Counts start from a line through logs: levels multiply, growth carries on as far as seen."""

import json

import numpy as np
import pytest

from models.prediction import PairRows
from models.predictors.volume import VolumeStart

NAMES = ("creator_views_per_session", "creator_followers_trend", "price")


def rows_of(views: np.ndarray, growth: np.ndarray) -> PairRows:
    n = len(views)
    ids = np.full(n, "a")
    return PairRows(
        features=np.column_stack([views, growth, np.ones(n)]).astype(np.float32),
        feature_names=NAMES,
        creator_id=ids,
        item_id=ids,
        brand_id=ids,
        category=ids,
        as_of=np.full(n, np.datetime64("2026-01-01")),
        counts={},
    )


@pytest.fixture
def planted() -> tuple[PairRows, np.ndarray, VolumeStart]:
    """log volume = 2 + .9 log views + 1.5 growth; a creator without history has 3."""
    random = np.random.default_rng(0)
    views = np.exp(random.normal(9, 2, 500))
    growth = np.where(random.random(500) < 0.05, random.uniform(0, 1, 500), 0.0)
    labels = 2 + 0.9 * np.log(views) + 1.5 * growth
    views[:50], growth[:50], labels[:50] = np.nan, np.nan, 3.0
    rows = rows_of(views, growth)
    start = VolumeStart.fit(rows, labels, np.ones(500))
    assert start is not None
    return rows, labels, start


def test_levels_multiply_and_growth_is_carried_on(
    planted: tuple[PairRows, np.ndarray, VolumeStart],
) -> None:
    rows, labels, start = planted
    assert np.allclose(start.eta(rows), labels, atol=0.1)
    assert start.slopes == pytest.approx((0.9, 1.5), abs=0.02)


def test_nothing_counts_further_than_it_was_seen(
    planted: tuple[PairRows, np.ndarray, VolumeStart],
) -> None:
    start = planted[2]
    most, more = start.eta(rows_of(np.array([1e4, 1e4]), np.array([start.highs[1], 50.0])))
    assert most == more


def test_base_and_parts_are_the_start_also_after_saving(
    planted: tuple[PairRows, np.ndarray, VolumeStart],
) -> None:
    rows, _, start = planted
    parts = start.parts(rows)
    assert set(parts) == {"creator_views_per_session", "creator_followers_trend"}
    assert np.allclose(start.base() + sum(parts.values()), start.eta(rows))
    again = VolumeStart.from_json(json.loads(json.dumps(start.as_json())))
    assert again == start


def test_rows_that_know_nothing_of_volume_have_no_start() -> None:
    unknown = np.full(5, np.nan)
    assert VolumeStart.fit(rows_of(unknown, unknown), np.ones(5), np.ones(5)) is None
