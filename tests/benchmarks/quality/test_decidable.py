import numpy as np
import pytest

from benchmarks.quality.decidable import decidable, outcome, scatter
from benchmarks.quality.journey import Judge
from benchmarks.quality.peers.forecasts import PeerForecast
from models.prediction import Floats

BRANDS, STORES = 40, 60


def peer(name: str, p: Floats) -> PeerForecast:
    return PeerForecast(name, "all", p, p, is_probability=True, tried=1)


def market(sd: float = 0.0) -> tuple[Floats, Judge]:
    random = np.random.default_rng(1)
    p = np.exp(random.normal(-3, 0.8, (BRANDS, STORES))).clip(max=0.4)
    n = np.full(STORES, 300.0)
    return p, Judge(outcome(p, n, sd, random), n, np.where(p > 0.05, 5.0, 0.0))


def test_the_truth_is_better_than_a_poor_forecast_and_level_with_one_like_itself() -> None:
    p, judge = market()
    flat = np.full_like(p, p.mean())
    alike = p * np.exp(np.random.default_rng(2).normal(0, 1e-3, p.shape))
    name = "XGBoost on our features"
    found = decidable(
        p, {"flat": peer("flat", flat), name: peer(name, alike)}, judge, outcomes=4, draws=40
    )
    assert (found.shares.loc["flat"] == 1).all()
    assert (found.shares.loc[name, ["nDCG@10", "log-loss"]] < 1).all()
    assert found.not_worse == {name: 1.0}
    assert "4.0 of 4 comparisons" in found.text()  # the booster on our features is not counted


@pytest.mark.parametrize("sd", [0.0, 0.4])
def test_how_far_rates_lie_from_the_forecast_is_found(sd: float) -> None:
    p, judge = market(sd)
    assert scatter(p, judge) == pytest.approx(sd, abs=0.06)


def test_drawn_outcomes_are_as_many_as_expected() -> None:
    p, judge = market()
    random = np.random.default_rng(3)
    drawn = np.mean([outcome(p, judge.n, 0.5, random) for _ in range(50)], axis=0)
    assert drawn.sum() == pytest.approx((p * judge.n).sum(), rel=0.01)
