"""Rates without denominators: models on a planted market, and what repeats in it."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.quality.douyin.forecasts import held_out, mixed
from benchmarks.quality.douyin.judged import compared
from benchmarks.quality.rate_effects import Effects, split_half
from benchmarks.quality.rate_models import cross_entropy, crossed, mean_of, trees

HOST, FIT, SLOPE, NOISE = 0.5, 0.3, -0.2, 0.8


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """40 hosts, 8 categories, planted as the domain notes say."""
    random = np.random.default_rng(0)
    n = 12_000
    host, category = random.integers(0, 40, n), random.integers(0, 8, n)
    price = np.exp(random.normal(4, 1, n))
    log_rate = (
        -3
        + random.normal(0, 0.6, 8)[category]
        + random.normal(0, HOST, 40)[host]
        + random.normal(0, FIT, (40, 8))[host, category]
        + SLOPE * np.log(price)
        + random.normal(0, NOISE, n)
    )
    return pd.DataFrame(
        {
            "creator_id": [f"h{i:02d}" for i in host],
            "category": [f"c{i}" for i in category],
            "price": price,
            "conversion_rate": np.minimum(np.exp(log_rate), 1),
        }
    )


def test_planted_effects_are_found(rows: pd.DataFrame) -> None:
    found = Effects.of(rows)
    assert found.host == pytest.approx(HOST, abs=0.15)
    assert found.fit == pytest.approx(FIT, abs=0.05)
    assert found.slope == pytest.approx(SLOPE, abs=0.02)
    assert found.noise == pytest.approx(NOISE, abs=0.02)


def test_a_planted_fit_repeats_and_none_does_not(rows: pd.DataFrame) -> None:
    """About 19 products a half: r = FIT^2 / (FIT^2 + NOISE^2 / 19)."""
    r, share, cells = split_half(rows, 20, 0)
    assert r == pytest.approx(FIT**2 / (FIT**2 + NOISE**2 / 19), abs=0.1)
    assert share * np.log(rows["conversion_rate"]).var() == pytest.approx(FIT**2, abs=0.03)
    assert cells == 320
    random = np.random.default_rng(1)
    unfit = rows.assign(conversion_rate=np.exp(random.normal(-3, 1, len(rows))))
    assert abs(split_half(unfit, 20, 0)[0]) < 0.2


def test_a_groups_mean_is_pulled_to_the_overall_rate() -> None:
    known = pd.DataFrame(
        {"category": ["a"] * 5 + ["b"] * 5, "conversion_rate": [0.2] * 5 + [0.1] * 5}
    )
    asked = pd.DataFrame({"category": ["a", "new"]})
    forecast = mean_of("category")(known, asked)
    assert forecast.tolist() == pytest.approx([(5 * 0.2 + 5 * 0.15) / 10, 0.15])


def test_what_knows_host_category_and_price_beats_their_means(rows: pd.DataFrame) -> None:
    known, asked = rows[:9_000], rows[9_000:]
    rate = asked["conversion_rate"].to_numpy(float)

    def loss(forecast: np.ndarray) -> float:
        return float(cross_entropy(rate, forecast).mean())

    of_cell = loss(mean_of("creator_id", "category")(known, asked))
    of_host = loss(mean_of("creator_id")(known, asked))
    assert loss(crossed(host=3, fit=3)(known, asked)) < of_cell < of_host
    assert loss(trees(known, asked)) < of_host


def test_hosts_never_seen_get_a_forecast_and_ours_is_chosen_inside(rows: pd.DataFrame) -> None:
    some = rows[:3_000].reset_index(drop=True)
    fold = pd.factorize(some["creator_id"], sort=True)[0] % 5
    forecasts, chosen = held_out(some, fold, by_host=True)
    assert len(chosen) == 5
    assert all(((p > 0) & (p < 1)).all() for p in forecasts.values())
    board = compared(some, forecasts, draws=50, random_state=0).set_index("forecast")
    assert board.loc["overall mean", "verdict"] == "better"
    assert board.loc["ours", "difference"] == 0


def test_a_share_of_the_way_is_in_logits() -> None:
    parts = {"crossed effects": np.array([0.5]), "trees": np.array([0.5])}
    assert mixed(parts, 0.5, "both", 0.5).tolist() == [0.5]
    half = mixed(parts, 0.1, "both", 0.5)[0]
    assert half == pytest.approx(1 / (1 + 9**0.5))
