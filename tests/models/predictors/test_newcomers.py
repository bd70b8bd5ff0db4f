from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.links import Link
from models.prediction import Floats, PairRows, Target
from models.predictors.boosted import BoostedPredictor
from models.predictors.newcomers import LEVEL_VARIANCE, START_VARIANCE, Newcomers
from models.predictors.together import CLUMP
from tests.models.predictors.simulation import Market, market

LOGIT = Link(is_rate=True)
ALIKE = CLUMP / LEVEL_VARIANCE
"""Trials of which a newcomer tells half of what it could."""


def tried(rows: PairRows, trials: float) -> PairRows:
    return replace(rows, trials=np.full(len(rows), trials), successes=np.zeros(len(rows)))


def of_creator(rows: PairRows, *numbers: int) -> PairRows:
    return rows.take(np.isin(rows.creator_id, [f"c{number}" for number in numbers]))


def without_past(rows: PairRows) -> PairRows:
    nothing = (np.zeros(len(rows)), np.zeros(len(rows)))
    return replace(rows, counts={**rows.counts, "creator": nothing})


def test_each_newcomer_tells_what_its_largest_window_allows() -> None:
    rows = without_past(of_creator(market(1, Target.BRAND_CONVERSION).rows, 1, 2))
    more = LEVEL_VARIANCE / START_VARIANCE
    assert Newcomers.met(tried(rows, ALIKE)).believed == pytest.approx(1 / (1 + more))
    of_one = tried(of_creator(rows, 1), ALIKE)
    smaller = of_one.as_of == of_one.as_of.min()
    grew = replace(of_one, trials=np.where(smaller, 1.0, ALIKE))
    assert Newcomers.met(grew).believed == pytest.approx(0.5 / (0.5 + more))


def test_many_that_sold_a_lot_are_believed_and_none_at_all_are_not() -> None:
    rows = market(1, Target.BRAND_CONVERSION, creators=4_000, per_creator=1, windows=1).rows
    assert Newcomers.met(tried(without_past(rows), 1e6)).believed > 0.99
    known = replace(rows, counts={**rows.counts, "creator": (np.ones(len(rows)),) * 2})
    assert Newcomers.met(known).believed == 0


def test_creators_that_were_tried_or_of_whom_no_counts_are_kept_are_forecast_in_full() -> None:
    rows = market(1, Target.BRAND_CONVERSION, windows=2).rows
    new = rows.counts["creator"][1] == 0
    assert 0 < new.mean() < 1
    np.testing.assert_array_equal(Newcomers(0.3).share(rows), np.where(new, 0.3, 1))
    np.testing.assert_array_equal(Newcomers(0.3).share(replace(rows, counts={})), 1)


@pytest.fixture(scope="module")
def tiny_newcomers() -> Market:
    """Newcomers who in the windows learned from were tried once a pair, and sold nothing."""
    whole = market(3, Target.BRAND_CONVERSION)
    new = whole.rows.counts["creator"][1] == 0
    last = whole.rows.as_of == whole.rows.as_of.max()
    tiny = new & ~last
    k, n = whole.rows.outcome()
    rows = replace(whole.rows, successes=np.where(tiny, 0, k), trials=np.where(tiny, 1, n))
    return Market(rows, whole.rate)


def off(learned: BoostedPredictor, later: Market) -> Floats:
    """By how much newcomers' logits were forecast too low or too high, one number a row."""
    new = later.rows.counts["creator"][1] == 0
    forecast = learned.predict(later.rows.take(new)).mean
    return LOGIT.forward(forecast) - LOGIT.forward(later.rate[new])


def test_newcomers_that_hardly_sold_are_not_taken_for_what_newcomers_sell(
    tiny_newcomers: Market,
) -> None:
    learn, later = tiny_newcomers.window(0, 1, 2).rows, tiny_newcomers.window(3)
    learned = BoostedPredictor(Target.BRAND_CONVERSION, stops_early=False).fit(learn)
    assert 0 < learned.newcomers_.believed < 0.1
    with_start = abs(off(learned, later).mean())
    learned.newcomers_ = Newcomers()
    assert with_start < 0.5 * abs(off(learned, later).mean())


def test_contributions_add_up_for_newcomers_too_and_files_keep_what_is_believed(
    tiny_newcomers: Market, tmp_path: Path
) -> None:
    learn, later = tiny_newcomers.window(0, 1, 2).rows, tiny_newcomers.window(3).rows
    learned = BoostedPredictor(Target.BRAND_CONVERSION, stops_early=False).fit(learn)
    mean = learned.predict(later).mean
    np.testing.assert_allclose(
        learned.contributions(later).sum(axis=1), LOGIT.forward(mean), atol=1e-9
    )
    learned.save(tmp_path)
    np.testing.assert_array_equal(BoostedPredictor.load(tmp_path).predict(later).mean, mean)


def test_forecasts_of_clicks_and_orders_take_newcomers_as_trees_do() -> None:
    rows = market(3, Target.CONVERSION, creators=40, items=25, per_creator=8).rows
    assert BoostedPredictor(Target.CONVERSION).fit(rows).newcomers_.believed == 1
