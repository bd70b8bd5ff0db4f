from dataclasses import replace

import numpy as np
import pytest

from experiments.leaderboard import evidence_slices, is_better, leaderboard
from models.prediction import Floats, Forecast, PairRows, Target
from tests.models.predictors.simulation import market


def forecast(mean: Floats) -> Forecast:
    return Forecast(mean, mean * 0.8, mean, np.full(len(mean), 0.1))


@pytest.fixture(scope="module")
def judged() -> tuple[PairRows, dict[str, Forecast]]:
    last = market(1).window(3)
    k, n = last.rows.outcome()
    noisy = last.rate * np.exp(np.random.default_rng(0).normal(0, 0.5, len(last.rate)))
    return last.rows, {
        "overall": forecast(np.full(len(k), k.sum() / n.sum())),
        "creator": forecast(noisy),
        "lightgbm": forecast(last.rate),
    }


def five_rows() -> PairRows:
    """Brand x has creators a (1/10 and 1/10) and b (5/10), brand y a (0/10) and c (too few)."""
    return PairRows(
        features=np.zeros((5, 0), dtype=np.float32),
        feature_names=(),
        creator_id=np.array(["a", "a", "b", "a", "c"]),
        item_id=np.array(["p1", "p2", "p1", "p3", "p3"]),
        brand_id=np.array(["x", "x", "x", "y", "y"]),
        category=np.array(["k"] * 5),
        as_of=np.full(5, np.datetime64("2026-01-01")),
        counts={
            "creator": (np.zeros(5), np.array([0.0, 10, 20, 30, 40])),
            "pair": (np.zeros(5), np.array([0.0, 0, 1, 2, 3])),
        },
        successes=np.array([1.0, 1, 5, 0, 1]),
        trials=np.array([10.0, 10, 20, 20, 1]),
    )


def test_a_row_of_the_leaderboard_by_hand() -> None:
    mean = np.full(5, 0.2)
    table = leaderboard({"overall": forecast(mean)}, five_rows())
    row = table.iloc[0]
    # 8 of 61 trials succeed
    loss = -(8 * np.log(0.2) + 53 * np.log(0.8)) / 61
    assert row["loss"] == pytest.approx(loss)
    assert (row["rows"], row["trials"], row["brands"]) == (5, 61, 2)
    assert row["calibration_error"] == pytest.approx(0.2 - 8 / 61)
    # Brand x: equal scores keep a (2/20) before b (5/20); brand y has no success among those
    # with 20 trials.
    got = 0.1 + 0.25 / np.log2(3)
    best = 0.25 + 0.1 / np.log2(3)
    assert row["ndcg10"] == pytest.approx(got / best)
    assert (row["brands_ranked"], row["brands_unranked"]) == (1, 1)
    assert (row["best_baseline"], row["difference"]) == ("overall", 0)


def test_the_true_rates_lead_and_are_surely_better(
    judged: tuple[PairRows, dict[str, Forecast]],
) -> None:
    rows, forecasts = judged
    table = leaderboard(forecasts, rows, slices={"all": np.ones(len(rows), dtype=bool)})
    assert table["predictor"].tolist() == ["lightgbm", "creator", "overall"]
    best = table.iloc[0]
    assert best["best_baseline"] == "creator"
    assert best["difference_hi95"] < 0
    assert best["loss_lo95"] < best["loss"] < best["loss_hi95"]
    assert table["ndcg10"].is_monotonic_decreasing


def test_every_slice_has_every_predictor_and_the_same_numbers_again(
    judged: tuple[PairRows, dict[str, Forecast]],
) -> None:
    rows, forecasts = judged
    slices = evidence_slices(rows)
    table = leaderboard(forecasts, rows, slices=slices, random_state=5, draws=50)
    assert table["slice"].unique().tolist() == list(slices)
    assert len(table) == 3 * len(slices)
    again = leaderboard(forecasts, rows, slices=slices, random_state=5, draws=50)
    assert table.equals(again)


def test_a_slice_without_rows_is_shown_with_nothing_to_say() -> None:
    table = leaderboard(
        {"overall": forecast(np.full(5, 0.2))},
        five_rows(),
        slices={"none": np.zeros(5, dtype=bool)},
    )
    row = table.iloc[0]
    assert row["rows"] == 0
    assert np.isnan(row["loss"])
    assert np.isnan(row["difference"])
    assert np.isnan(row["ndcg10"])


def test_counts_are_judged_by_deviance() -> None:
    last = market(1, Target.EXPOSURE).window(3)
    k, n = last.rows.outcome()
    table = leaderboard(
        {"overall": forecast(np.full(len(k), k.sum() / n.sum())), "lightgbm": forecast(last.rate)},
        last.rows,
        target=Target.EXPOSURE,
    )
    assert table["metric"].tolist() == ["deviance", "deviance"]
    assert table["predictor"].tolist() == ["lightgbm", "overall"]


def test_slices_by_evidence() -> None:
    found = {name: mask.tolist() for name, mask in evidence_slices(five_rows()).items()}
    assert found == {
        "all": [True] * 5,
        "cold creators": [True, False, False, False, False],
        "thin creators": [False, True, True, False, False],  # a third of 10..40 lies at 20
        "medium creators": [False, False, False, True, False],
        "rich creators": [False, False, False, False, True],
        "new pairs": [True, True, False, False, False],
    }


def test_a_better_challenger_wins_and_says_by_how_much(
    judged: tuple[PairRows, dict[str, Forecast]],
) -> None:
    rows, forecasts = judged
    verdict = is_better(forecasts["lightgbm"], forecasts["creator"], rows)
    assert verdict.better
    assert verdict.lo95 < verdict.difference < verdict.hi95 < 0
    assert verdict.sentence.startswith("Better: log-loss changes by -0.0")
    assert "over 20 brands" in verdict.sentence
    back = is_better(forecasts["creator"], forecasts["lightgbm"], rows)
    assert not back.better
    assert back.difference == pytest.approx(-verdict.difference)


def test_the_champion_is_not_better_than_itself(
    judged: tuple[PairRows, dict[str, Forecast]],
) -> None:
    rows, forecasts = judged
    verdict = is_better(forecasts["creator"], forecasts["creator"], rows)
    assert (verdict.better, verdict.difference) == (False, 0)
    assert verdict.sentence.endswith("The interval reaches 0 or above.")


def test_rows_without_trials_cannot_judge() -> None:
    rows = replace(five_rows(), successes=np.zeros(5), trials=np.zeros(5))
    verdict = is_better(forecast(np.full(5, 0.2)), forecast(np.full(5, 0.3)), rows)
    assert not verdict.better
    assert verdict.sentence == "Not better: these rows have no trials to judge by."
