"""Money that came otherwise than when the model was evaluated, and only that, is drift."""

import numpy as np
import pandas as pd
import pytest

from experiments.drift import Verdict, judged, verdict
from experiments.drift_money import against_evaluation, judged_money, line_weight
from tests.experiments.test_drift import AT_TRAINING, what_happened


def lines_of_money(seed: int, factor: float = 1.0, creators: int = 60) -> pd.DataFrame:
    """Pairs whose GMV differs by its evening (log sd 1.2) from `factor` times the forecast."""
    random = np.random.default_rng(seed)
    pairs = 400
    creator = random.integers(0, creators, pairs)
    traffic = np.exp(2.0 * random.normal(size=creators))[creator]
    a_line = 100 * traffic * np.exp(0.5 * random.normal(size=pairs))
    return pd.DataFrame(
        {
            "brand_id": random.integers(0, 12, pairs).astype(str),
            "creator_id": creator.astype(str),
            "lines": 1.0,
            "said": a_line,
            "happened": factor * a_line * np.exp(1.2 * random.normal(size=pairs) - 0.72),
            "weight": line_weight(a_line, np.full(pairs, 50.0)),
        }
    )


def whole(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    return {"all": np.ones(len(frame), dtype=bool)}


def look(seed: int, now: float = 1.0, then: float = 1.0) -> Verdict:
    """A verdict where conversion did not drift; money is `now` times its forecast, was `then`."""
    later, before = lines_of_money(seed, now), lines_of_money(1000 + seed, then)
    thirds = {"a third": np.arange(len(later)) % 3 == 0}
    money = against_evaluation(
        judged_money(later, whole(later) | thirds), judged_money(before, whole(before) | thirds)
    )
    frame = what_happened(3)
    return verdict(judged(frame, whole(frame)), AT_TRAINING, 120, money)


def test_of_twenty_looks_without_a_drift_at_most_one_is_an_alarm() -> None:
    assert sum(look(seed).retrain is True for seed in range(20)) <= 1


def test_money_that_fell_to_a_third_is_seen_and_named() -> None:
    told = [look(seed, now=0.33) for seed in range(5)]
    assert all(one.retrain for one in told)
    assert told[0].sentence.startswith("Retrain now because GMV was ")
    assert "less of its forecast than at evaluation, overall" in told[0].sentence


def test_a_forecast_that_was_too_high_from_the_start_has_not_drifted() -> None:
    told = look(4, now=0.33, then=0.33)
    assert told.retrain is False
    assert "of GMV " in told.sentence
    assert "times what it was at evaluation" in told.sentence


def test_few_creators_raise_no_alarm_about_money() -> None:
    later, before = lines_of_money(0, 0.2, creators=4), lines_of_money(1, creators=4)
    money = against_evaluation(
        judged_money(later, whole(later)), judged_money(before, whole(before))
    )
    frame = what_happened(3)
    assert verdict(judged(frame, whole(frame)), AT_TRAINING, 120, money).retrain is False


def test_one_head_creator_does_not_decide_the_ratio() -> None:
    frame = lines_of_money(0)
    head = lines_of_money(1, creators=1).head(1)
    head = head.assign(
        creator_id="head",
        said=1e9,
        happened=1e6,
        weight=line_weight(np.array([1e9]), np.array([50.0])),
    )
    (row,) = judged_money(pd.concat([frame, head]), {"all": np.ones(401, bool)}).to_dict("records")
    assert row["happened"] / row["said"] < 0.5
    assert row["ratio"] == pytest.approx(1, abs=0.25)


def test_ratio_change_and_money_a_line_are_those_worked_by_hand() -> None:
    frame = pd.DataFrame(
        {
            "brand_id": ["b1", "b1"],
            "creator_id": ["c1", "c2"],
            "lines": [2.0, 1.0],
            "said": [200.0, 40.0],
            "happened": [100.0, 80.0],
            "weight": [1.0, 5.0],
        }
    )
    (now,) = judged_money(frame, {"all": np.array([True, True])}).to_dict("records")
    assert (now["said"], now["happened"]) == (pytest.approx(80), pytest.approx(60))
    assert now["ratio"] == pytest.approx((100 + 5 * 80) / (200 + 5 * 40))
    doubled = judged_money(
        frame.assign(happened=2 * frame["happened"]), {"all": np.array([True, True])}
    )
    (row,) = against_evaluation(doubled, pd.DataFrame([now])).to_dict("records")
    assert (row["then"], row["change"]) == (pytest.approx(1.25), pytest.approx(2))
    (new,) = against_evaluation(doubled.assign(slice="other"), pd.DataFrame([now])).to_dict(
        "records"
    )
    assert np.isnan(new["change"])


def test_nothing_sold_has_no_ratio() -> None:
    frame = lines_of_money(0).assign(happened=0.0)
    (row,) = judged_money(frame, whole(frame)).to_dict("records")
    assert np.isnan(row["ratio"])
    (change,) = against_evaluation(judged_money(frame, whole(frame)), pd.DataFrame([row])).to_dict(
        "records"
    )
    assert np.isnan(change["change"])
