"""Train again when forecasts have surely drifted, and only then."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from experiments.drift import Verdict, evidence, judged, verdict

AT_TRAINING = {"all": {"covered80": 0.8, "difference_hi95": -0.0001}}
SPREAD = 0.35


def what_happened(seed: int, factor: float = 1.0, lines: int = 300) -> pd.DataFrame:
    """Pairs of 6 brands and 40 creators; true rates are `factor` times what forecasts expect."""
    random = np.random.default_rng(seed)
    brand, creator = random.integers(0, 6, lines), random.integers(0, 40, lines)
    said = expit(logit(0.05) + 0.5 * random.normal(size=(6, 40)))
    off = SPREAD * random.normal(size=said.shape) - SPREAD**2 / 2
    true = factor * expit(logit(said) + off)
    n = np.round(np.exp(6 + 1.2 * random.normal(size=lines)))
    return pd.DataFrame(
        {
            "brand_id": brand.astype(str),
            "creator_id": creator.astype(str),
            "k": random.binomial(n.astype(int), true[brand, creator]).astype(float),
            "n": n,
            "said": said[brand, creator],
            "baseline": expit(logit(said) + 0.4 * random.normal(size=said.shape))[brand, creator],
            "spread": SPREAD,
        }
    )


def look(seed: int, factor: float = 1.0, lines: int = 300) -> Verdict:
    frame = what_happened(seed, factor, lines)
    third = np.arange(len(frame)) % 3
    slices = {"all": third >= 0, **{f"part {i}": third == i for i in range(3)}}
    return verdict(judged(frame, slices, random_state=seed), AT_TRAINING, sessions=120)


def test_of_twenty_looks_without_a_drift_at_most_one_is_an_alarm() -> None:
    said = [look(seed).retrain for seed in range(20)]
    assert sum(retrain is True for retrain in said) <= 1
    assert sum(retrain is False for retrain in said) >= 15


def test_conversion_that_halved_is_seen_in_every_look_and_named() -> None:
    found = [look(seed, factor=0.5) for seed in range(20)]
    assert all(one.retrain for one in found)
    assert found[0].sentence.startswith("Retrain now because conversion was ")
    assert "less than forecast overall" in found[0].sentence


def test_a_slice_alone_can_be_the_reason() -> None:
    frame = what_happened(3)
    cold = frame["creator_id"].astype(int).to_numpy() < 20
    frame.loc[cold, "k"] = np.round(0.4 * frame.loc[cold, "k"])
    slices = {"all": np.ones(len(frame), dtype=bool), "cold creators": cold, "others": ~cold}
    told = verdict(judged(frame, slices), AT_TRAINING, sessions=120)
    assert told.retrain
    assert "less than forecast of cold creators" in told.sentence


def test_too_few_sessions_say_how_many_more_would_tell() -> None:
    told = look(0, lines=12)
    assert told.retrain is None
    assert told.sentence.startswith("Not enough data: after 120 sessions happened / said is ")
    assert told.more_sessions is not None
    assert f"about {told.more_sessions:,} more sessions would tell." in told.sentence


def test_few_creators_never_raise_an_alarm() -> None:
    frame = what_happened(0, factor=0.3)
    frame["creator_id"] = np.where(np.arange(len(frame)) % 2 == 0, "c1", "c2")
    told = verdict(judged(frame, {"all": np.ones(len(frame), dtype=bool)}), AT_TRAINING, 120)
    assert told.retrain is None


def test_nothing_happened_is_no_verdict() -> None:
    empty = what_happened(0).head(0)
    told = verdict(judged(empty, {"all": np.zeros(0, dtype=bool)}), {}, 0)
    assert told.retrain is None
    assert told.sentence == "Not enough data: nothing that was forecast has happened since."


def test_a_shrunken_rate_that_now_forecasts_better_is_a_reason_only_if_it_did_not_before() -> None:
    frame = what_happened(5)
    frame["baseline"] = np.clip(frame["k"] / frame["n"], 0.001, 0.9)  # knows the outcome
    table = judged(frame, {"all": np.ones(len(frame), dtype=bool)})
    assert "the shrunken rate known at the time" in verdict(table, AT_TRAINING, 120).sentence
    before = {"all": {"covered80": 0.8, "difference_hi95": 0.002}}
    assert verdict(table, before, 120).retrain is False


def test_ratio_and_loss_are_those_worked_by_hand() -> None:
    frame = pd.DataFrame(
        {
            "brand_id": ["b1", "b1"],
            "creator_id": ["c1", "c2"],
            "k": [0.0, 4.0],
            "n": [10.0, 10.0],
            "said": [0.1, 0.3],
            "baseline": [0.2, 0.2],
            "spread": [0.3, 0.3],
        }
    )
    (row,) = judged(frame, {"all": np.array([True, True])}).to_dict("records")
    assert row["ratio"] == pytest.approx(4.5 / 4.5)  # half an order is added to either side
    loss = -(10 * np.log(0.9) + 4 * np.log(0.3) + 6 * np.log(0.7)) / 20
    simple = -(4 * np.log(0.2) + 16 * np.log(0.8)) / 20
    assert row["difference"] == pytest.approx(loss - simple)


def test_creators_are_cold_or_a_third_of_the_others() -> None:
    slices = evidence(np.array([0.0, 1, 2, 3, 4, 5, 6]))
    assert [int(mask.sum()) for mask in slices.values()] == [1, 2, 2, 2]
