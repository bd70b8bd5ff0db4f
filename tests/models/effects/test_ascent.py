"""The parts of a rate against a general optimiser, and against what was planted."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from models.effects.ascent import DISTANCE_PENALTY, crossed
from models.effects.crossed import Content, Crossed, Seen, Variances

Grid = np.ndarray


def plain(creators: int, items: int, category: list[int]) -> Content:
    """Content that says nothing, but for the items' categories."""
    known = np.array(category, np.intp)
    nothing = np.full(creators, np.nan)
    return Content(
        creators=np.zeros((creators, 0)),
        items=np.zeros((items, 0)),
        cells=np.zeros((creators, known.max() + 1, 0)),
        category=known,
        price=np.full(items, np.nan),
        price_level=nothing,
    )


def of_all_pairs(found: Crossed, content: Content) -> Grid:
    """What is expected of each creator with each item, on the link scale."""
    creator, item = np.indices((len(found.creator), len(found.item)))
    cell = np.hstack([found.cell, np.zeros((len(found.creator), 1))])
    distance = content.distance(creator.ravel(), item.ravel()).reshape(creator.shape)
    parts = found.creator[:, None] + found.item + cell[creator, content.category[item]]
    return np.asarray(found.level + parts + found.distance_slope * distance)


FIVE = Seen(
    creator=np.array([0, 0, 1, 1, 2]),
    item=np.array([0, 1, 0, 2, 1]),
    successes=np.array([3.0, 0.0, 12.0, 7.0, 40.0]),
    trials=np.array([20.0, 9.0, 100.0, 15.0, 900.0]),
    lines=np.array([1.0, 2.0, 3.0, 1.0, 4.0]),
    evenings=np.array([1.0, 2.0, 4.0]),
)


def test_five_rows_are_solved_as_by_a_general_optimiser() -> None:
    """Mode over 5 logits, 1 level, 3 + 3 + 3 + 4 effects, 1 price slope and 1 slope of content."""
    content = replace(
        plain(3, 3, [0, 0, 1]),
        creators=np.array([[1.0], [-1.0], [0.5]]),
        price=np.log([10.0, 30.0, 90.0]),
        price_level=np.log([10.0, 20.0, np.e * 90]),
    )
    prior = Variances(category_slopes=1e-9)
    cells = [(0, 0), (1, 0), (1, 1), (2, 0)]
    cell_of_row = np.array([0, 0, 1, 2, 3])
    distance = content.distance(FIVE.creator, FIVE.item)
    distance = distance - distance.mean()
    noise = prior.line / FIVE.lines + prior.pair

    def cost(x: Grid) -> float:
        latent, level, price_slope, slope = x[:5], x[5], x[6], x[7]
        creator, item, cell, luck = x[8:11], x[11:14], x[14:18], x[18:21]
        eta = level + (creator + luck)[FIVE.creator] + item[FIVE.item] + cell[cell_of_row]
        eta = eta + price_slope * distance
        fit = FIVE.successes @ latent - FIVE.trials @ np.log1p(np.exp(latent))
        own = creator - content.creators[:, 0] * slope
        return float(
            -fit
            + np.sum((latent - eta) ** 2 / noise) / 2
            + np.sum(own**2) / prior.creator / 2
            + np.sum(luck**2 * FIVE.evenings) / prior.evening / 2
            + np.sum(item**2) / prior.item / 2
            + np.sum(cell**2) / prior.cell / 2
            + slope**2 / prior.creator_slopes / 2
            + DISTANCE_PENALTY * price_slope**2 / 2
        )

    best = minimize(cost, np.zeros(21), method="BFGS", options={"gtol": 1e-8}).x
    creator, item, cell = best[8:11], best[11:14], np.zeros((3, 2))
    for place, value in zip(cells, best[14:18], strict=True):
        cell[place] = value
    wanted = best[5] + creator[:, None] + item + cell[:, content.category]
    wanted = wanted + best[6] * (
        content.distance(*np.indices((3, 3)).reshape(2, -1)).reshape(3, 3)
        - content.distance(FIVE.creator, FIVE.item).mean()
    )
    found = crossed(FIVE, content, is_rate=True, variances=prior, rounds=300)
    np.testing.assert_allclose(of_all_pairs(found, content), wanted, atol=1e-3)


def test_many_lines_that_agree_say_more_than_one_large_line() -> None:
    """Both creators sold 20 % of 1,000 clicks; the second did so in one lucky line."""
    seen = Seen(
        creator=np.array([0, 1, 2, 3]),
        item=np.zeros(4, np.intp),
        successes=np.array([200.0, 200.0, 50.0, 50.0]),
        trials=np.full(4, 1000.0),
        lines=np.array([20.0, 1.0, 5.0, 5.0]),
        evenings=np.array([20.0, 1.0, 5.0, 5.0]),
    )
    found = crossed(seen, plain(4, 1, [0]), is_rate=True, variances=Variances())
    assert found.creator[0] > 1.2 * found.creator[1] > 0
    assert found.creator_doubt[0] < found.creator_doubt[1]


def test_forty_lines_of_one_evening_say_less_than_forty_of_forty() -> None:
    """What the evening was good for stays with the evening: the creator is pulled to the others."""
    creator, item = np.repeat(np.arange(4), 10), np.tile(np.arange(10), 4)
    share = np.array([0.2, 0.2, 0.05, 0.05])[creator]
    evenings = np.array([40.0, 1.0, 20.0, 20.0])
    seen = Seen(creator, item, 400 * share, np.full(40, 400.0), np.full(40, 4.0), evenings)
    content = plain(4, 10, [0] * 10)
    found = crossed(seen, content, is_rate=True, variances=Variances())
    assert found.creator[0] > 1.2 * found.creator[1] > 0
    assert found.creator_doubt[0] < found.creator_doubt[1] / 2
    assert np.abs(found.pair[creator < 2]).max() < 0.05  # the evening's luck is not the pairs'


def planted(seed: int = 0, is_rate: bool = True) -> tuple[Seen, Content, Grid, Grid]:
    """120 creators, 60 items of 4 categories; the last 20 creators were never seen.

    Creator sd .5, fit sd .4 of which content tells most, item sd 1, line sd .5.
    """
    random = np.random.default_rng(seed)
    creators, items, categories = 120, 60, 4
    content = plain(creators, items, (np.arange(items) % categories).tolist())
    told = random.normal(size=(creators, categories))
    fit = 0.35 * told + 0.2 * random.normal(size=told.shape)
    effect = random.normal(0, 0.5, creators)
    eta = (-3.0 if is_rate else 8.0) + effect[:, None] + random.normal(size=items)
    eta = eta + fit[:, content.category]
    creator, item = np.nonzero(random.random((100, items)) < 0.4)
    lines = random.integers(1, 6, len(creator)).astype(float)
    log_rate = eta[creator, item] + random.normal(size=len(creator)) * 0.5 / np.sqrt(lines)
    if is_rate:
        trials = 200.0 * lines
        successes = random.binomial(trials.astype(int), expit(log_rate)).astype(float)
    else:
        trials, successes = lines, lines * np.exp(log_rate)
    content = replace(content, cells=told[:, :, None], creators=effect[:, None] * [[1.0, 0.0]])
    evenings = np.maximum(np.bincount(creator, lines, creators), 1.0)
    return Seen(creator, item, successes, trials, lines, evenings), content, effect, fit


def explained(found: Grid, true: Grid) -> float:
    """R2 of double-centred values."""

    def centred(x: Grid) -> Grid:
        return np.asarray(x - x.mean(0) - x.mean(1)[:, None] + x.mean())

    return float(1 - np.sum((centred(found) - centred(true)) ** 2) / np.sum(centred(true) ** 2))


@pytest.mark.parametrize("is_rate", [True, False])
def test_a_planted_fit_is_found_and_so_are_the_variances(is_rate: bool) -> None:
    seen, content, effect, fit = planted(is_rate=is_rate)
    blind = replace(content, creators=np.zeros((120, 0)))
    found = crossed(seen, blind, is_rate=is_rate)
    assert explained(found.cell[:100], fit[:100]) > 0.8
    assert np.corrcoef(found.creator[:100], effect[:100])[0, 1] > 0.9
    assert found.variances.creator == pytest.approx(0.25, rel=0.35)
    assert found.variances.item == pytest.approx(1.0, rel=0.4)
    assert found.variances.line == pytest.approx(0.25, rel=0.3)


def test_a_creator_without_history_fits_what_its_content_says_and_is_less_sure() -> None:
    seen, content, effect, fit = planted()
    found = crossed(seen, content, is_rate=True)
    assert explained(found.cell[100:], fit[100:]) > 0.5
    assert np.corrcoef(found.creator[100:], effect[100:])[0, 1] > 0.9
    assert found.creator_doubt[100:].min() >= found.creator_doubt[:100].max()
    assert found.cell_doubt[100:].min() >= found.cell_doubt[:100].max()


def test_items_of_no_category_have_no_fit_and_still_tell_of_their_creators() -> None:
    content = plain(3, 3, [-1, -1, 0])
    content = replace(content, category=np.array([-1, -1, -1]), cells=np.zeros((3, 0, 0)))
    found = crossed(FIVE, content, is_rate=True)
    assert found.cell.shape == (3, 0)
    assert np.isfinite(of_all_pairs(found, content)).all()
    assert np.ptp(found.creator) > 0
