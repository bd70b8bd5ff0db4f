from dataclasses import replace

import numpy as np
import pytest

from models.links import Link
from models.prediction import Floats, Lines, PairRows, Target
from models.uncertainty.noise import Noise, repeat_noise
from tests.models.predictors.simulation import market

WHOLE = market(3, creators=200, windows=4)


def with_successes(successes: np.ndarray, trials: Floats) -> PairRows:
    return replace(WHOLE.rows, successes=successes.astype(float), trials=trials)


def test_binomial_counts_have_noise_one() -> None:
    assert repeat_noise(WHOLE.rows, Link(True)) == pytest.approx(1, abs=0.05)


def test_orders_that_come_in_threes_have_noise_three() -> None:
    random = np.random.default_rng(0)
    trials = np.full(len(WHOLE.rows), 90.0)
    successes = 3.0 * random.binomial(30, WHOLE.rate)
    assert repeat_noise(with_successes(successes, trials), Link(True)) == pytest.approx(3, rel=0.1)


def test_a_pair_that_drifts_is_not_noisy() -> None:
    random = np.random.default_rng(1)
    trials = np.exp(random.normal(5, 1.5, len(WHOLE.rows))).round() + 1
    rate = np.clip(WHOLE.rate * np.exp(random.normal(0, 0.3, len(trials))), 0, 0.9)
    successes = random.binomial(trials.astype(int), rate).astype(float)
    assert repeat_noise(with_successes(successes, trials), Link(True)) == pytest.approx(1, abs=0.35)


def test_sessions_that_differ_by_a_factor_of_e_have_noise_one() -> None:
    counts = market(3, Target.EXPOSURE, creators=200).rows
    # A sum of few lognormal lines varies by a little more than its share of one line.
    assert repeat_noise(counts, Link(False)) == pytest.approx(1.1, abs=0.25)


def test_too_few_repeats_keep_the_default() -> None:
    once = WHOLE.window(0).rows
    assert repeat_noise(once, Link(True)) == 1
    assert repeat_noise(once, Link(False)) == 1
    assert repeat_noise(once.take(np.arange(0)), Link(True)) == 1


def by_line(per_line: float, sizes: tuple[int, ...], binomial: bool = True) -> PairRows:
    """Outcomes over several lines each, whose rates differ by this variance of their logarithm."""
    random = np.random.default_rng(5)
    n = np.array(sizes, dtype=float)[:, None] * np.ones(len(WHOLE.rows))
    swing = np.exp(random.normal(-per_line / 2, np.sqrt(per_line), n.shape))
    k = random.binomial(n.astype(int), np.clip(0.3 * WHOLE.rate * swing, 0, 1)).astype(float)
    total, hits = n.sum(axis=0), k.sum(axis=0)
    scatter = (k**2 / n).sum(axis=0) - hits**2 / total
    lines = Lines(total**2 / (n**2).sum(axis=0), np.full(len(hits), float(len(n))), scatter)
    return replace(WHOLE.rows, successes=hits, trials=total, lines=lines)


@pytest.mark.parametrize("sizes", [(900, 900), (600, 1_400), (500, 900, 1_800)])
def test_a_line_far_above_the_others_does_not_hide_how_lines_differ(sizes: tuple[int, ...]) -> None:
    random = np.random.default_rng(7)
    n = 30.0 * np.array(sizes)[:, None] * np.ones(len(WHOLE.rows))
    swing = np.exp(random.normal(-0.175, np.sqrt(0.35), n.shape))
    rate = 0.05 * swing
    total, hits = n.sum(axis=0), (n * rate).sum(axis=0)
    scatter = (n * rate**2).sum(axis=0) - hits**2 / total
    lines = Lines(total**2 / (n**2).sum(axis=0), np.full(len(hits), float(len(n))), scatter)
    rows = replace(WHOLE.rows, successes=hits, trials=total, lines=lines)
    # scatter over the mean of the same two lines, taken as independent of it, gives .28
    assert Noise.fit(rows, Link(True), by_factors=True).per_line == pytest.approx(0.35, rel=0.1)


def test_sessions_with_many_products_count_once_for_how_lines_differ() -> None:
    """Two hundred creators whose lines differ by .1, and one whose sixty products share .9."""
    few, many = 200, 60
    size = few + many
    creator = np.array([f"c{i}" for i in range(few)] + ["star"] * many)
    rows = WHOLE.rows.take(np.arange(size))
    n = np.full((2, size), 100_000.0)
    apart = np.where(creator == "star", np.sqrt(0.9), np.sqrt(0.1)) / np.sqrt(2)
    rate = 0.02 * np.exp(np.stack([apart, -apart]))
    total, hits = n.sum(axis=0), (n * rate).sum(axis=0)
    scatter = (n * rate**2).sum(axis=0) - hits**2 / total
    lines = Lines(np.full(size, 2.0), np.full(size, 2.0), scatter)
    told = replace(rows, creator_id=creator, successes=hits, trials=total, lines=lines)
    as_one = Noise.fit(replace(told, as_of=rows.as_of[:1].repeat(size)), Link(True), True)
    own = replace(told, creator_id=np.arange(size).astype(str))
    assert as_one.per_line < 0.14 < 0.2 < Noise.fit(own, Link(True), True).per_line


@pytest.mark.parametrize("per_line", [0.0, 0.15, 0.4])
def test_what_lines_differ_by_beyond_chance_is_found(per_line: float) -> None:
    found = Noise.fit(by_line(per_line, (400, 900, 2_000)), Link(True))
    assert found.per_trial == 1
    assert found.per_line == pytest.approx(per_line, abs=0.02 + 0.2 * per_line)


def test_lines_of_counts_differ_by_the_scatter_of_their_logarithms() -> None:
    counts = market(3, Target.EXPOSURE, creators=200).rows
    several = np.full(len(counts), 3.0)
    scatter = np.random.default_rng(6).chisquare(2, len(counts)) * 0.6
    found = Noise.fit(replace(counts, lines=Lines(several, several, scatter)), Link(False))
    assert found.per_line == pytest.approx(0.6, rel=0.05)


def test_a_thousand_clicks_on_one_line_tell_less_than_on_ten() -> None:
    noise = Noise(is_rate=True, per_trial=1.0, per_line=0.2)
    mean, trials = np.full(2, 0.05), np.full(2, 1_000.0)
    told = noise.information(trials, np.array([1.0, 10.0]), mean)
    np.testing.assert_allclose(1 / told, 1 / (1_000 * 0.05 * 0.95) + 0.2 / np.array([1, 10]))
    unknown = noise.information(trials, None, mean)
    np.testing.assert_allclose(1 / unknown, 1 / (1_000 * 0.05 * 0.95))


def test_rates_that_differ_by_factors_move_more_on_the_logit_scale_the_larger_they_are() -> None:
    by_factors = Noise(is_rate=True, per_trial=1.0, per_line=0.1, by_factors=True)
    one_line, share = np.ones(3), np.array([0.02, 0.4, 0.95])
    told = by_factors.of_lines(one_line, share)
    np.testing.assert_allclose(told, 0.1 / np.array([0.98, 0.6, 0.3]) ** 2)
    # 500 orders in 1,250 clicks: the logarithm of the rate has a variance of .6 / 500 by chance
    known = by_factors.information(np.array([1_250.0]), np.array([1.0]), np.array([0.4]))
    np.testing.assert_allclose(1 / known, 0.6 / 500 + 0.1)
