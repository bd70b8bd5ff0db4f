from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.links import Link
from models.prediction import Floats, Lines, PairRows
from models.uncertainty.intervals import Width, interval, log_likelihood
from models.uncertainty.likelihood import log_likelihood_of_spread
from models.uncertainty.noise import Noise
from tests.models.predictors.simulation import market

ROWS = market(8, creators=400, traffic=300.0).window(0).rows
MEAN = np.full(len(ROWS), 0.06)
BINOMIAL = Noise(is_rate=True, per_trial=1.0, per_line=0.0)


def drawn(spread: Floats, noise: float = 1.0) -> PairRows:
    """Outcomes whose true rates lie around 6 % with this sd of the logit."""
    random = np.random.default_rng(0)
    centre = np.log(0.06 / 0.94) - spread**2 / 2 * 0.88
    rate = 1 / (1 + np.exp(-random.normal(centre, spread)))
    trials = ROWS.outcome()[1] * noise
    successes = noise * random.binomial((trials / noise).astype(int), rate)
    return replace(ROWS, successes=successes.astype(float), trials=trials)


def test_for_counts_the_ends_are_those_of_the_lognormal_of_this_mean() -> None:
    low, high = interval(np.array([100.0]), np.array([0.5]), Link(False))
    assert low[0] == pytest.approx(100 * np.exp(-0.125 - 1.2816 * 0.5), rel=1e-4)
    assert high[0] == pytest.approx(100 * np.exp(-0.125 + 1.2816 * 0.5), rel=1e-4)


def test_for_shares_four_fifths_of_a_logit_normal_lie_inside() -> None:
    random = np.random.default_rng(1)
    centre = np.log(0.2 / 0.8) - 0.18 * 0.6
    rate = 1 / (1 + np.exp(-random.normal(centre, 0.6, 100_000)))
    low, high = interval(np.array([rate.mean()]), np.array([0.6]), Link(True))
    assert ((rate > low) & (rate < high)).mean() == pytest.approx(0.8, abs=0.01)


@given(st.floats(1e-6, 1 - 1e-6), st.floats(0.01, 2.5), st.booleans())
def test_the_mean_lies_inside_and_shares_stay_shares(
    mean: float, spread: float, is_rate: bool
) -> None:
    low, high = interval(np.array([mean]), np.array([spread]), Link(is_rate))
    assert 0 <= low[0] <= mean <= high[0]
    if is_rate:
        assert high[0] <= 1


def test_a_higher_level_is_wider_around_the_same_middle() -> None:
    mean, spread = np.array([0.06]), np.array([0.5])
    eighty, ninety_five = (interval(mean, spread, Link(True), level)[0][0] for level in (0.8, 0.95))
    assert ninety_five < eighty < 0.06
    middle = np.log(0.06 / 0.94) - 0.125 * 0.88
    assert np.log(ninety_five / (1 - ninety_five)) == pytest.approx(middle - 1.96 * 0.5, abs=1e-3)


@pytest.mark.parametrize("sd", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("per_trial", [1.0, 4.0])
def test_the_planted_spread_is_found_whatever_the_noise_of_clicks(
    sd: float, per_trial: float
) -> None:
    rows = drawn(np.full(len(ROWS), sd), per_trial)
    noise = Noise(is_rate=True, per_trial=per_trial, per_line=0.0)
    found = Width.prior(Link(True), noise).fit(MEAN, rows).spread(MEAN, rows)
    assert found.mean() == pytest.approx(sd, rel=0.12)


def test_spread_that_falls_with_evidence_is_found() -> None:
    known = ROWS.counts["pair"][1]
    sd = np.where(known > np.median(known), 0.15, 0.6)
    found = Width.prior(Link(True), BINOMIAL).fit(MEAN, drawn(sd)).spread(MEAN, ROWS)
    assert found[known < np.quantile(known, 0.25)].mean() > 0.45
    assert found[known > np.quantile(known, 0.75)].mean() < 0.25


def test_evenings_cut_short_are_not_taken_for_pairs_that_differ() -> None:
    """True rates differ by .3, lines by .35; one line in thirty sells a fifth of what it would."""
    random = np.random.default_rng(3)
    n = np.full(len(ROWS), 20_000)
    logit = random.normal(np.log(0.06 / 0.94) - (0.3**2 + 0.35**2) / 2 * 0.88, 0.3, len(n))
    logit += random.normal(0, 0.35, len(n)) - 1.6 * (random.random(len(n)) < 1 / 30)
    successes = random.binomial(n, 1 / (1 + np.exp(-logit))).astype(float)
    one = Lines(np.ones(len(n)), np.ones(len(n)), np.zeros(len(n)))
    rows = replace(ROWS, successes=successes, trials=n.astype(float), lines=one)
    noise = Noise(is_rate=True, per_trial=1.0, per_line=0.35**2)
    found = Width.prior(Link(True), noise).fit(MEAN, rows).spread(MEAN, rows)
    assert 0.27 < found.mean() < 0.38  # above .45 where such lines are taken for the pair's own


def test_few_rows_leave_it_near_where_it_began_and_wider_for_doubt() -> None:
    prior = Width.prior(Link(True), BINOMIAL)
    few = prior.fit(MEAN[:3], drawn(np.full(len(ROWS), 0.5)).take(np.arange(3)))
    before, after = prior.spread(MEAN, ROWS), few.spread(MEAN, ROWS)
    assert (after > 0.6 * before).all()
    assert after.mean() > before.mean()


def test_no_rows_leave_it_as_it_is() -> None:
    prior = Width.prior(Link(True), BINOMIAL)
    assert prior.fit(MEAN[:0], ROWS.take(np.arange(0))) == prior


def test_more_is_known_of_who_has_sold_more() -> None:
    width = Width.prior(Link(True), BINOMIAL)
    none = {level: (0 * k, 0 * n) for level, (k, n) in ROWS.counts.items()}
    stranger = replace(ROWS, counts=none)
    unseen = sum(width.unseen) + width.lasting
    np.testing.assert_allclose(width.spread(MEAN, stranger), np.sqrt(unseen))
    assert (width.spread(MEAN, ROWS) <= width.spread(MEAN, stranger)).all()
    assert (width.information(MEAN, stranger) == 0).all()


def test_a_creator_is_known_by_its_evenings_and_not_by_all_that_it_sold_in_them() -> None:
    """Forty lines: half of their noise is of 2 evenings (or 40), the other half of each line."""
    noise = Noise(is_rate=True, per_trial=1.0, per_line=0.4)
    many = np.full(len(ROWS), 1e9)
    counts = dict.fromkeys(("creator", "item", "pair"), (many / 2, many))
    forty = np.full(len(ROWS), 40.0)

    def told(sessions: float) -> np.ndarray:
        lines = dict.fromkeys(counts, forty) | {"session": np.full(len(ROWS), sessions)}
        rows = replace(ROWS, counts=counts, past_lines=lines)
        return Width.prior(Link(True), noise).information(MEAN, rows)[0]

    assert told(40) == pytest.approx([100, 100, 100], rel=1e-3)  # 40 / .4
    assert told(2) == pytest.approx([1 / (0.2 / 2 + 0.2 / 40), 100, 100], rel=1e-3)


def test_pairs_that_were_seen_to_differ_little_are_surer_before_any_calibration() -> None:
    usual, alike = (Width.prior(Link(True), BINOMIAL, own) for own in (None, 0.01))
    assert usual.unseen[:2] == alike.unseen[:2]
    assert (alike.spread(MEAN, ROWS) < usual.spread(MEAN, ROWS)).all()


def test_what_is_not_known_of_creator_item_and_pair_adds_up() -> None:
    width = Width(
        True, BINOMIAL, unseen=(0.2, 0.3, 0.1), trust=(1.0, 0.5, 1.0), lasting=0.05, wild=0.0
    )
    information = np.array([[0.0, 0.0, 0.0], [10.0, 0.0, 0.0], [0.0, 0.0, 5.0]])
    expected = [
        0.2 + 0.3 + 0.1 + 0.05,
        0.2 / (1 + 0.2 * 10) + 0.3 + 0.1 + 0.05,
        0.6 / (1 + 0.6 * 5) + 0.05,  # the pair's own past stands for all three
    ]
    np.testing.assert_allclose(width.variance(information), expected)
    parts = np.sum(width.parts(information), axis=0)
    np.testing.assert_allclose(parts, expected)


def test_levels_that_a_source_lacks_count_as_no_evidence() -> None:
    bare = replace(ROWS, counts={})
    width = Width.prior(Link(False), Noise.unknown(Link(False)))
    np.testing.assert_allclose(width.spread(MEAN, bare), np.sqrt(sum(width.unseen) + width.lasting))


@pytest.mark.parametrize(("k", "n"), [(0.0, 20.0), (3.0, 20.0), (300.0, 20_000.0)])
def test_the_spread_s_likelihood_is_the_integral_over_true_rates(k: float, n: float) -> None:
    mean, variance = np.array([0.05]), np.array([0.5])
    logit = np.linspace(-15, 10, 200_001)
    middle = np.log(0.05 / 0.95) - 0.25 * 0.9
    value = k * logit - n * np.logaddexp(0, logit) - (logit - middle) ** 2
    exact = value.max() + np.log(np.exp(value - value.max()).sum() * (logit[1] - logit[0]))
    exact -= 0.5 * np.log(np.pi)  # the normal density of variance .5
    found = log_likelihood_of_spread(np.array([k]), np.array([n]), mean, variance, Link(True))
    assert found[0] == pytest.approx(exact, abs=1e-3)


def test_the_likelihood_prefers_the_truth() -> None:
    rows = drawn(np.full(len(ROWS), 0.5))
    k, n = rows.outcome()
    seen = n > 0

    def total(mean: float, variance: float) -> float:
        rate, spread = np.full(seen.sum(), mean), np.full(seen.sum(), variance)
        return float(log_likelihood(k[seen], n[seen], rate, spread, Link(True), 1.0).sum())

    best = total(0.06, 0.25)
    assert best > max(total(0.05, 0.25), total(0.07, 0.25), total(0.06, 0.1), total(0.06, 0.6))


@pytest.mark.parametrize("mean", [0.0, 1e-300, 1.0])
def test_a_forecast_of_nothing_or_everything_is_unlikely_but_not_impossible(mean: float) -> None:
    k, n = np.array([0.0, 1.0, 3.0]), np.array([3.0, 3.0, 3.0])
    fit = log_likelihood(k, n, np.full(3, mean), np.full(3, 0.2), Link(True), 1.0)
    assert np.isfinite(fit).all()
    assert (np.diff(fit) < 0).all() if mean < 0.5 else (np.diff(fit) > 0).all()
