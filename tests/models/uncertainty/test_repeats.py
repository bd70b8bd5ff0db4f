from dataclasses import replace

import numpy as np
import pytest

from models.links import Link
from models.prediction import Lines, PairRows
from models.uncertainty.noise import Noise
from models.uncertainty.repeats import pair_variance

CREATORS, ITEMS, WINDOWS, SOLD = 80, 40, 5, 12
EVENING, LINE = 0.5, 0.25
"""How far a creator's evenings lie from each other, and the lines of one evening (sd of logs)."""


def sold(of_pair: float, is_rate: bool, seed: int = 0) -> PairRows:
    """One evening a window: every product of it shares the evening's luck."""
    random = np.random.default_rng(seed)
    creator, window = (x.ravel() for x in np.indices((CREATORS, WINDOWS, SOLD), dtype=np.intp)[:2])
    own = np.array([random.choice(ITEMS, SOLD, replace=False) for _ in range(CREATORS)])
    item = np.repeat(own[:, None], WINDOWS, axis=1).ravel()
    log_rate = random.normal(0, 0.4, CREATORS)[creator] + random.normal(0, 0.5, ITEMS)[item]
    log_rate += random.normal(0, np.sqrt(of_pair), (CREATORS, ITEMS))[creator, item]
    log_rate += random.normal(0, EVENING, (CREATORS, WINDOWS))[creator, window]
    log_rate += random.normal(0, LINE, len(item))
    one = np.ones(len(item))
    trials = random.lognormal(6, 0.7, len(item)).round() if is_rate else one
    mean = np.exp(log_rate - 3) if is_rate else 500 * np.exp(log_rate)
    chance = (
        random.binomial(trials.astype(int), np.minimum(mean, 1))
        if is_rate
        else random.poisson(mean)
    )
    return PairRows(
        features=np.zeros((len(item), 0), dtype=np.float32),
        feature_names=(),
        creator_id=np.char.add("c", creator.astype(str)),
        item_id=np.char.add("p", item.astype(str)),
        brand_id=np.char.add("b", item.astype(str)),
        category=np.full(len(item), "food"),
        as_of=np.datetime64("2026-01-01") + 30 * window,
        counts={},
        successes=chance.astype(float),
        trials=trials,
        lines=Lines(one, one, 0 * one),
    )


def of_lines(is_rate: bool) -> Noise:
    return Noise(is_rate, 1.0, EVENING**2 + LINE**2, by_factors=is_rate)


@pytest.mark.parametrize("is_rate", [True, False])
@pytest.mark.parametrize("planted", [0.04, 0.12])
def test_what_is_a_pair_s_own_is_found_under_evenings_that_differ_more(
    planted: float, is_rate: bool
) -> None:
    found = pair_variance(sold(planted, is_rate), Link(is_rate), of_lines(is_rate))
    assert found == pytest.approx(planted, rel=0.25)


@pytest.mark.parametrize("is_rate", [True, False])
def test_the_luck_of_an_evening_is_no_pair_s_own(is_rate: bool) -> None:
    found = pair_variance(sold(0.0, is_rate), Link(is_rate), of_lines(is_rate))
    assert found is not None
    assert found < 0.01  # the evenings' variance is .25, that of single lines .06


def test_pairs_that_came_once_say_nothing_of_what_returns() -> None:
    rows = sold(0.1, True)
    assert pair_variance(rows.take(rows.as_of == rows.as_of[0]), Link(True), of_lines(True)) is None
    assert pair_variance(rows.take(np.arange(0)), Link(True), of_lines(True)) is None


def test_creators_of_one_product_say_nothing_of_what_is_a_pair_s_own() -> None:
    rows = sold(0.1, True)
    first = np.unique(np.char.add(rows.creator_id, rows.as_of.astype(str)), return_index=True)[1]
    assert pair_variance(rows.take(first), Link(True), of_lines(True)) is None


def test_where_pairs_without_a_sale_are_a_sample_nothing_is_concluded() -> None:
    rows = sold(0.1, True)
    few = np.where(rows.outcome()[0] > 0, 1.0, 20.0)
    few[0] = 20.0
    assert pair_variance(replace(rows, weight=few), Link(True), of_lines(True)) is None


def test_the_order_of_rows_changes_nothing() -> None:
    rows = sold(0.1, True)
    other = np.random.default_rng(1).permutation(len(rows))
    found = pair_variance(rows.take(other), Link(True), of_lines(True))
    assert found == pytest.approx(pair_variance(rows, Link(True), of_lines(True)), rel=1e-9)
