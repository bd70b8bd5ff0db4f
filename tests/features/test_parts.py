"""The small parts: sums over days, sparse rows, the calendar, what is missing, the registry."""

from datetime import date
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest

from features.calendar import calendar_features
from features.missing import missing_inputs
from features.rates import shrunken
from features.registry import FEATURES, feature_named, markdown_table
from features.settings import FeatureSettings
from features.sparse import sparse_rows
from features.windows import Measures, in_units, window_sums
from tests.features.frames import at, facts, frames, line, session

AS_OF = date(1970, 4, 11)  # day 100


def test_windows_hold_the_days_before_the_date_and_decay_by_age() -> None:
    days = ibis.memtable(
        pd.DataFrame({"key": [1] * 5, "day": [9, 10, 40, 70, 100], "orders": [1, 2, 4, 8, 16]})
    )
    windows: Measures = {"orders": ("30", "90", "all", "decayed", "mature")}
    sums = window_sums(days, ["key"], windows, AS_OF, FeatureSettings(half_life_days=30))
    row = in_units(sums).execute().iloc[0]
    assert row["orders_30"] == 8  # days 70..99
    assert row["orders_90"] == 14  # days 10..99
    assert row["orders_all"] == 15  # the date itself, day 100, is not yet known
    decayed = 1 * 0.5 ** (91 / 30) + 2 * 0.5**3 + 4 * 0.5**2 + 8 * 0.5
    assert row["orders_decayed"] == pytest.approx(decayed, abs=1e-5)
    assert row["orders_mature"] == pytest.approx(decayed, abs=1e-5)  # 70 is 30 days old: counts
    assert row["last_day"] == 70


def test_shrunken_rates_lie_between_the_prior_and_what_was_seen() -> None:
    assert shrunken(0, 0, 0.1, 5) == pytest.approx(0.1)
    assert shrunken(20, 100, 0.1, 5) == pytest.approx((20 + 5) / (100 + 50))
    assert shrunken(0, 100, 0.0, 5) == 0


def test_sparse_rows_are_found_by_position_and_absent_ones_read_zero() -> None:
    left, right = pd.Index(["a", "b"]), pd.Index(["x", "y", "z"])
    index = pd.MultiIndex.from_tuples([("b", "x"), ("a", "z"), ("b", "z")])
    frame = pd.DataFrame({"lines": [1.0, 2.0, np.nan], "last_day": [7.0, 8.0, 9.0]}, index=index)
    rows = sparse_rows(frame, left, right)
    found = rows.rows(np.array([0, 0, 1, 1, 1]), np.array([0, 2, 0, 2, -1]))
    assert rows.columns["lines"][found].tolist() == [0, 2, 1, 0, 0]
    np.testing.assert_equal(rows.columns["last_day"][found], [np.nan, 8, 7, 9, np.nan])


def test_campaign_days_are_those_of_the_coming_thirty_with_a_campaign() -> None:
    campaigns = pd.DataFrame(
        {
            "campaign_id": ["a", "b", "c"],
            "starts_at": [at("2024-05-30 20:00"), at("2024-06-02"), at("2024-06-29 12:00")],
            "ends_at": [at("2024-06-02"), at("2024-06-03 00:01"), at("2024-07-09")],
        }
    )
    source = facts({**frames([session("s", "ann", "2024-01-01")], []), "campaigns": campaigns})
    found = calendar_features(source, date(2024, 6, 1))
    # June 1 (a), 2 and a minute of 3 (b), 29 and 30 (c): the 30 days end with June 30
    assert found["calendar_campaign_days"] == 5
    assert found["calendar_season_sin"] ** 2 + found["calendar_season_cos"] ** 2 == pytest.approx(1)


def test_what_a_source_does_not_say_is_said() -> None:
    source = facts(frames([session("s", "ann", "2024-01-01")], [line("s", "p1", 1, clicks=3)]))
    said = missing_inputs(source)
    assert "no returns: return rates and net GMV are not forecast" in said
    assert "no field sessions: brands are held against all sessions" in said
    assert any(sentence.startswith("1 rows of creators without valid_from") for sentence in said)
    assert any("products without launched_at" in sentence for sentence in said)
    assert any("(audience_bought_<brand_id>)" in sentence for sentence in said)
    assert not any(sentence.startswith("no clicks") for sentence in said)


def test_crowds_alone_are_no_groups_to_compare() -> None:
    world = frames([session("s", "ann", "2024-01-01")], [line("s", "p1", 1, clicks=3)])
    world["creators"] = world["creators"].assign(audience_bought_x=0.1)
    world["brands"] = world["brands"].assign(buyer_bought_x=1.0)
    said = " ".join(missing_inputs(facts(world)))
    assert "no audience and buyer shares" in said
    assert "audience_bought_" not in said


def test_vectors_without_a_date_are_said_to_be_a_possible_leak() -> None:
    vectors = pd.DataFrame({"id": ["ann"], "e0": [0.5], "e1": [0.1]})
    world = frames([session("s", "ann", "2024-01-01")], [line("s", "p1", 1, clicks=3)])
    said = missing_inputs(facts({**world, "creator_embeddings.caption": vectors}))
    assert any(s.startswith("the vectors of creator_embeddings.caption") for s in said)


def test_without_any_denominator_conversion_is_not_forecast() -> None:
    source = facts(frames([session("s", "ann", "2024-01-01")], [line("s", "p1", 1)]))
    assert missing_inputs(source)[0].endswith("conversion is not forecast")


def test_every_feature_is_named_once_and_says_its_value() -> None:
    names = [feature.name for feature in FEATURES]
    assert len(set(names)) == len(names)
    assert all("{value}" in feature.words for feature in FEATURES)
    assert feature_named("audience_fit").unit == "share"


def test_the_documented_table_is_that_of_the_registry() -> None:
    written = (Path(__file__).parents[2] / "docs" / "features.md").read_text(encoding="utf-8")
    assert markdown_table() in written
