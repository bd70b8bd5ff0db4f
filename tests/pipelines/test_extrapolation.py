"""A pair is extrapolated where it leaves what was learned from, and it is said in which way."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from models.bundle import AllianceModel
from models.prediction import PairRows, Target
from models.predictors.boosted import BoostedPredictor
from pipelines.extrapolation import Learned, checked, date_words, extrapolation

NAMES = ("item_price", "creator_followers", "creator_lines_90")
MANIFEST: dict[str, Any] = {
    "seen": {
        "conversion": {
            "item_price": [np.log(10.0), np.log(1000.0)],
            "creator_followers": [np.log(1e5), np.log(1e7)],
            "creator_lines_90": [0.0, 50.0],
        }
    },
    "cold_rows": {"conversion": 400},
    "categories": ["food", "美妆"],
    "settings": {"horizon_days": 30},
    "windows": {
        "conversion": {
            "learn": [["2026-01-01", "2026-01-31"], ["2026-01-31", "2026-03-02"]],
            "calibrate": ["2026-03-02", "2026-04-01"],
            "evaluate": ["2026-04-01", "2026-05-01"],
        }
    },
}


def pairs(
    price: float = 99.0,
    followers: float = 1e6,
    category: str = "food",
    trials: float = 100.0,
    day: str = "2026-05-01",
) -> PairRows:
    """One pair, like what was learned from unless told otherwise."""
    return PairRows(
        features=np.array([[np.log(price), np.log(followers), 60.0]], dtype=np.float32),
        feature_names=NAMES,
        creator_id=np.array(["c1"]),
        item_id=np.array(["p1"]),
        brand_id=np.array(["b1"]),
        category=np.array([category]),
        as_of=np.array([day], dtype="datetime64[D]"),
        counts={"creator": (np.zeros(1), np.array([trials]))},
    )


def way(rows: PairRows, **changes: Any) -> str | None:
    model = AllianceModel(MANIFEST | changes, {})
    (told,) = extrapolation({Target.CONVERSION: rows}, model, "clicks")
    return told


def test_a_pair_like_those_learned_from_is_not_extrapolated() -> None:
    assert way(pairs()) is None


def test_a_price_far_beyond_is_named_with_what_was_learned_from() -> None:
    assert way(pairs(price=9_000)) == "price beyond the 10 to 1,000 learned from"
    assert way(pairs(followers=2_000)) == "followers beyond the 100,000 to 10,000,000 learned from"


def test_a_price_just_beyond_is_near_enough() -> None:
    assert way(pairs(price=1_100)) is None  # within a tenth of the range of its logarithm


def test_a_category_never_seen_is_named() -> None:
    assert way(pairs(category="潮玩")) == "a category never learned from"
    assert way(pairs(category="美妆")) is None


def test_a_creator_without_history_is_marked_only_where_such_were_not_learned_from() -> None:
    cold = pairs(trials=0)
    assert way(cold) is None, "400 learned rows were of creators without history"
    told = way(cold, cold_rows={"conversion": 3})
    assert told == "a creator without history, of whom hardly any were learned from"


def test_a_date_long_after_or_before_the_learned_weeks_is_named() -> None:
    assert way(pairs(day="2026-06-15")) is None
    assert way(pairs(day="2026-09-01")) == "its date lies 123 days after what was learned from"
    assert date_words(date(2025, 6, 1), Target.CONVERSION, MANIFEST) == (
        "its date lies 214 days before what was learned from"
    )


def test_days_after_are_counted_from_the_newest_weeks_of_any_target() -> None:
    windows = MANIFEST["windows"]
    late = {"learn": [["2025-12-01", "2025-12-31"]], "evaluate": ["2026-03-01", "2026-03-31"]}
    of_both = MANIFEST | {"windows": windows | {"return": late}}
    assert date_words(date(2026, 6, 25), Target.RETURN, of_both) is None
    assert date_words(date(2026, 7, 10), Target.RETURN, of_both) == (
        "its date lies 70 days after what was learned from"
    )


def test_two_ways_are_told_and_an_unknown_value_is_none() -> None:
    told = way(pairs(price=9_000, followers=2_000, category="潮玩"))
    assert told == "a category never learned from; price beyond the 10 to 1,000 learned from"
    assert way(pairs(price=float("nan"))) is None


def test_a_fact_beyond_the_ranges_of_two_forecasts_is_told_once() -> None:
    seen = MANIFEST["seen"]["conversion"]
    other = seen | {"item_price": [np.log(20.0), np.log(500.0)]}
    model = AllianceModel(MANIFEST | {"seen": {"conversion": seen, "exposure": other}}, {})
    rows = {target: pairs(price=9_000) for target in (Target.CONVERSION, Target.EXPOSURE)}
    (told,) = extrapolation(rows, model, "clicks")
    assert told == "price beyond the 10 to 1,000 learned from"


def test_what_the_model_does_not_look_at_is_not_checked() -> None:
    rows = replace(pairs(), features=np.array([[np.log(99), np.log(1e6), 9e9]], np.float32))
    assert way(rows) is None


@pytest.mark.parametrize(("value", "beyond"), [(1.0, False), (1.09, False), (1.2, True)])
def test_the_margin_is_a_tenth_of_the_range(value: float, beyond: bool) -> None:
    assert Learned(0.0, 1.0).is_beyond(np.array([value])).tolist() == [beyond]


def test_a_range_of_one_value_has_no_margin_but_rounding() -> None:
    one = Learned(0.1, 0.1)
    assert one.is_beyond(np.array([np.float32(0.1), 0.2])).tolist() == [False, True]


class Rests(BoostedPredictor):
    """Trees that rest on what they are told to."""

    def importance(self) -> pd.DataFrame:
        names = ["creator_views_per_session", "peer_conversion", "calendar_season_sin"]
        return pd.DataFrame({"feature": names, "gain": [0.5, 0.3, 0.2]})


def test_the_level_of_the_market_and_the_season_are_no_property_of_a_pair() -> None:
    model = AllianceModel(MANIFEST, {Target.CONVERSION: Rests(Target.CONVERSION)})
    told = checked(Target.CONVERSION, model)
    assert told == ("item_price", "creator_followers", "creator_views_per_session")
