from dataclasses import replace

import numpy as np
import pytest

from models.links import Link
from models.prediction import Floats, PairRows, Target
from models.uncertainty.calibration import Recalibration
from models.uncertainty.noise import Noise
from tests.models.predictors.simulation import market

RATES = market(4, creators=200, traffic=300.0).window(0)
COUNTS = market(4, Target.EXPOSURE, creators=200).window(0)


def noise_of(link: Link) -> Noise:
    return Noise.of_trials(link, 1.0)


def recalibrated(
    eta: Floats, rows: PairRows, link: Link, variance: float = 0.0
) -> tuple[float, float]:
    found = Recalibration.fit(eta, rows, link, noise_of(link), np.full(len(eta), variance))
    return found.offset, found.slope


def test_the_identity_changes_nothing() -> None:
    eta = np.array([-3.0, 0.5])
    np.testing.assert_array_equal(Recalibration()(eta), eta)


def test_around_the_centre_the_slope_turns_and_the_offset_lifts() -> None:
    found = Recalibration(centre=-2.0, offset=0.5, slope=0.5)(np.array([-2.0, 0.0]))
    np.testing.assert_allclose(found, [-1.5, -0.5])


@pytest.mark.parametrize(("market_", "link"), [(RATES, Link(True)), (COUNTS, Link(False))])
def test_exact_forecasts_stay_as_they_are(market_, link) -> None:  # type: ignore[no-untyped-def]
    offset, slope = recalibrated(link.forward(market_.rate), market_.rows, link)
    assert offset == pytest.approx(0, abs=0.05)
    assert slope == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(("market_", "link"), [(RATES, Link(True)), (COUNTS, Link(False))])
def test_forecasts_too_high_and_too_bold_are_mended(market_, link) -> None:  # type: ignore[no-untyped-def]
    eta = link.forward(market_.rate)
    middle = eta.mean()
    bold = middle + 0.8 + 2 * (eta - middle)
    found = Recalibration.fit(bold, market_.rows, link, noise_of(link), np.zeros(len(eta)))
    np.testing.assert_allclose(found(bold), eta, atol=0.25)
    assert found.slope == pytest.approx(0.5, abs=0.05)


def test_few_rows_hardly_move_it_and_more_move_it_further() -> None:
    rows = replace(RATES.rows, successes=RATES.rows.outcome()[0] * 0.3)
    eta = Link(True).forward(RATES.rate)
    moved = []
    for kept in (1, 20, len(rows)):
        some = np.arange(kept)
        moved.append(recalibrated(eta[some], rows.take(some), Link(True), variance=4.0)[0])
    assert -0.7 < moved[0] < 0
    assert moved[2] < moved[1] < moved[0]
    assert moved[2] == pytest.approx(np.log(0.3), abs=0.15)


def test_a_million_clicks_on_one_pair_are_one_pair() -> None:
    one = RATES.rows.take(np.array([0]))
    huge = replace(one, successes=np.array([1e4]), trials=np.array([1e6]))
    eta = Link(True).forward(np.array([0.1]))
    assert recalibrated(eta, huge, Link(True))[0] == pytest.approx(-2.4, abs=0.05)
    # With a pair sd of 2 one pair tells a quarter of what the prior does.
    assert -0.4 < recalibrated(eta, huge, Link(True), variance=4.0)[0] < -0.1


def test_one_creator_with_many_pairs_does_not_rule_the_level() -> None:
    random = np.random.default_rng(0)
    many = np.concatenate([np.zeros(400, dtype=int), np.repeat(np.arange(1, 101), 4)])
    shift = np.where(np.arange(101) == 0, 2.0, random.normal(0, 0.5, 101))[many]
    rate = 1 / (1 + np.exp(3 - shift))
    rows = replace(
        RATES.rows.take(np.arange(len(many))),
        creator_id=many.astype(str),
        successes=random.binomial(500, rate).astype(float),
        trials=np.full(len(many), 500.0),
    )
    offset, _ = recalibrated(np.full(len(many), -3.0), rows, Link(True), variance=0.25)
    assert abs(offset) < 0.35  # the plain mean of the rows' shifts is 1


def test_without_trials_it_is_the_identity() -> None:
    rows = replace(RATES.rows, trials=np.zeros(len(RATES.rows)))
    assert recalibrated(np.zeros(len(rows)), rows, Link(True)) == (0.0, 1.0)
