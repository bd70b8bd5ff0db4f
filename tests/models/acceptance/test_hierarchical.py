import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from models.acceptance.hierarchical import fit_acceptance
from models.acceptance.outcomes import invitation_outcomes

DAY = pd.Timestamp("2026-05-01")


def told(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Collaboration statuses: (collaboration, status, brand, creator), a day each."""
    frame = pd.DataFrame(rows, columns=["collaboration_id", "status", "brand_id", "creator_id"])
    return frame.assign(at=[DAY + pd.Timedelta(days=i) for i in range(len(frame))])


def answered(answers: dict[tuple[str, str], str]) -> pd.DataFrame:
    """A yes (y) or no (n) for each letter of each (creator, brand)."""
    rows = [
        (f"{creator}-{brand}-{i}", {"y": "accepted", "n": "declined"}[letter], brand, creator)
        for (creator, brand), letters in answers.items()
        for i, letter in enumerate(letters)
    ]
    return told(*rows)


def test_yes_is_yes_for_good_no_is_no_and_silence_says_nothing() -> None:
    outcomes = invitation_outcomes(
        told(
            ("1", "invited", "lip", "anna"),
            ("1", "accepted", "lip", "anna"),
            ("1", "cancelled", "lip", "anna"),
            ("2", "invited", "lip", "bo"),
            ("2", "declined", "lip", "bo"),
            ("3", "invited", "nut", "anna"),
            ("4", "invited", "nut", "bo"),
            ("4", "cancelled", "nut", "bo"),
            ("5", "aired", "nut", "cy"),
        )
    )
    accepted = dict(zip(outcomes["collaboration_id"], outcomes["accepted"], strict=True))
    assert accepted["1"] == 1
    assert accepted["2"] == 0
    assert np.isnan(accepted["3"])
    assert np.isnan(accepted["4"])
    assert accepted["5"] == 1


def test_a_creator_who_says_yes_more_often_is_more_likely_to() -> None:
    acceptance = fit_acceptance(
        answered({("anna", "lip"): "yyyyyyyy", ("bo", "lip"): "nnnnnnnn", ("cy", "lip"): "yn"})
    )
    p, lo, hi = acceptance.predict(["anna", "cy", "bo"], ["nut", "nut", "nut"])
    assert p[0] > 0.7 > p[1] > 0.3 > p[2]
    assert (lo < p).all()
    assert (p < hi).all()


def test_a_brand_that_is_turned_down_lowers_its_next_invitations() -> None:
    acceptance = fit_acceptance(
        answered(
            {
                **{(f"c{i}", "lip"): "yy" for i in range(6)},
                **{(f"c{i}", "nut"): "nn" for i in range(6)},
            }
        )
    )
    p = acceptance.predict(["new", "new", "new"], ["lip", "other", "nut"]).p
    assert p[0] > p[1] > p[2]


def test_a_creator_never_invited_goes_by_its_tier_less_surely() -> None:
    tiers = pd.DataFrame(
        {"tier": ["head"] * 5 + ["tail"] * 5}, index=[f"h{i}" for i in range(5)] + list("vwxyz")
    )
    acceptance = fit_acceptance(
        answered(
            {
                **{(f"h{i}", "lip"): "nnnnny" for i in range(4)},
                **{(name, "lip"): "yyyyyn" for name in "vwxy"},
            }
        ),
        tiers,
    )
    p, lo, hi = acceptance.predict(["h4", "z", "y"], ["lip", "lip", "lip"])
    assert p[0] < 0.4
    assert p[1] > 0.6
    assert hi[1] - lo[1] > hi[2] - lo[2]


def test_the_pairs_own_past_counts_most() -> None:
    acceptance = fit_acceptance(
        answered({("anna", "lip"): "yyyyyyyyyy", ("anna", "nut"): "nnnnnnnnnn", ("bo", "nut"): "y"})
    )
    p = acceptance.predict(["anna", "anna"], ["lip", "nut"]).p
    assert p[0] > 0.75
    assert p[1] < 0.25


def test_without_a_single_refusal_acceptance_is_unknown() -> None:
    for history in (told(), told(("1", "aired", "lip", "anna"), ("2", "invited", "lip", "bo"))):
        acceptance = fit_acceptance(history)
        assert acceptance.overall is None
        forecast = acceptance.predict(["anna", "bo"], ["lip", "lip"])
        assert all(np.isnan(numbers).all() and len(numbers) == 2 for numbers in forecast)


def test_one_answer_is_enough_to_run() -> None:
    p, lo, hi = fit_acceptance(answered({("anna", "lip"): "n"})).predict(["anna"], ["lip"])
    assert 0 < lo[0] <= p[0] <= hi[0] < 1
    assert p[0] < 0.5


def test_on_a_planted_world_forecasts_are_calibrated_and_intervals_cover() -> None:
    random = np.random.default_rng(4)
    tier = random.choice(["head", "waist", "tail"], 300)
    by_tier = pd.Series(tier).map({"head": -1.5, "waist": -0.3, "tail": 0.6}).to_numpy()
    logit = (by_tier + random.normal(0, 0.8, 300))[:, None] + random.normal(0, 0.5, 20)
    truth = expit(logit + random.normal(0, 0.5, (300, 20)))
    creator, brand = random.integers(0, 300, 2000), random.integers(0, 20, 2000)
    yes = random.random(2000) < truth[creator, brand]
    history = pd.DataFrame(
        {
            "collaboration_id": np.arange(2000).astype(str),
            "status": np.where(yes, "accepted", "declined"),
            "at": DAY,
            "brand_id": brand.astype(str),
            "creator_id": creator.astype(str),
        }
    )
    creators = pd.DataFrame({"tier": tier}, index=np.arange(300).astype(str))
    acceptance = fit_acceptance(history, creators)
    rows, columns = (table.ravel() for table in np.indices((300, 20)))
    p, lo, hi = acceptance.predict(rows.astype(str).tolist(), columns.astype(str).tolist())
    true = truth.ravel()
    assert p.mean() == pytest.approx(true.mean(), abs=0.03)
    for fifth in np.array_split(np.argsort(p), 5):
        assert p[fifth].mean() == pytest.approx(true[fifth].mean(), abs=0.05)
    assert 0.72 < ((lo <= true) & (true <= hi)).mean() < 0.9
    assert np.corrcoef(p, true)[0, 1] > 0.7


def test_the_order_of_the_history_changes_nothing() -> None:
    history = answered({("anna", "lip"): "yny", ("bo", "lip"): "nn", ("bo", "nut"): "y"})
    one = fit_acceptance(history).predict(["anna", "bo"], ["lip", "nut"])
    two = fit_acceptance(history.iloc[::-1]).predict(["anna", "bo"], ["lip", "nut"])
    np.testing.assert_array_equal(one, two)
