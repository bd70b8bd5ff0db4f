from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.daily import daily_facts
from features.facts import Facts, Meaning, facts_from_frames
from features.history import collaboration_history, creator_evenings, creator_item_history

AS_OF = date(2026, 3, 1)


def facts(
    sessions: list[tuple[str, str, str, str]],
    lines: list[tuple[str, str, int, int]],
    meaning: Meaning | None = None,
) -> Facts:
    """Sessions (id, creator, start, format) and lines (session, product, orders, clicks)."""
    held = pd.DataFrame(sessions, columns=["session_id", "creator_id", "started_at", "format"])
    held["started_at"] = pd.to_datetime(held["started_at"], format="ISO8601")
    held["viewers"] = 1000
    sold = pd.DataFrame(lines, columns=["session_id", "product_id", "orders", "clicks"])
    products = pd.DataFrame({"product_id": ["lip", "nut"], "brand_id": ["b", "b"]})
    return facts_from_frames(
        {
            "creators": pd.DataFrame({"creator_id": ["anna", "bo"]}),
            "brands": pd.DataFrame({"brand_id": ["b"], "industry": ["beauty"]}),
            "products": products.assign(category="x", price=9.0),
            "sessions": held,
            "session_products": sold.assign(gmv=1.0),
        },
        meaning,
    )


def test_a_line_half_a_life_old_counts_half() -> None:
    """10 orders yesterday and 8 a half-life (10 days) before it: 18 in all, 10 + 4 decayed."""
    known = facts(
        [("s1", "anna", "2026-02-28", "mixed"), ("s2", "anna", "2026-02-18", "mixed")],
        [("s1", "lip", 10, 100), ("s2", "lip", 8, 60)],
    )
    history = creator_item_history(daily_facts(known, "product"), AS_OF, half_life_days=10)
    assert history[["creator_id", "item_id", "lines", "orders"]].values.tolist() == [
        ["anna", "lip", 2, 18]
    ]
    assert history["decayed_lines"][0] == pytest.approx(1.5)
    assert history["decayed_orders"][0] == pytest.approx(14)
    assert history["decayed_denominator"][0] == pytest.approx(130)


def test_evenings_are_days_of_a_creator_whatever_was_shown_and_old_ones_tell_less() -> None:
    """anna: weights 1 and 1/2 (two lines, one evening), (1.5)^2 / 1.25; bo: one evening, two
    sessions of one day; what happens on the day itself is not known."""
    known = facts(
        [
            ("s1", "anna", "2026-02-28", "mixed"),
            ("s2", "anna", "2026-02-18", "mixed"),
            ("s3", "anna", "2026-03-01", "mixed"),
            ("s4", "bo", "2026-02-03T10:00", "mixed"),
            ("s5", "bo", "2026-02-03T18:00", "mixed"),
        ],
        [
            ("s1", "lip", 10, 100),
            ("s2", "lip", 8, 60),
            ("s2", "nut", 8, 60),
            ("s3", "nut", 8, 60),
            ("s4", "nut", 8, 60),
            ("s5", "lip", 8, 60),
        ],
    )
    evenings = creator_evenings(daily_facts(known, "product"), AS_OF, half_life_days=10)
    assert evenings.to_dict() == pytest.approx({"anna": 1.8, "bo": 1.0})


def test_old_trials_tell_less_and_from_fewer_lines() -> None:
    """100 clicks at weight 1 and 60 at 1/2: (100 + 30)^2 / (100 + 15) trials of today, from
    (100 + 30)^2 / (100^2 + 30^2) equal lines. One line alone is one line at any age."""
    known = facts(
        [("s1", "anna", "2026-02-28", "mixed"), ("s2", "anna", "2026-02-18", "mixed")],
        [("s1", "lip", 10, 100), ("s2", "lip", 8, 60), ("s2", "nut", 1, 50)],
    )
    history = creator_item_history(daily_facts(known, "product"), AS_OF, half_life_days=10)
    assert history["effective_denominator"][0] == pytest.approx(16_900 / 115)
    assert history["lines_of_denominator"][0] == pytest.approx(16_900 / 10_900)
    assert history["lines_of_denominator"][1] == pytest.approx(1)
    assert history["effective_denominator"][1] == pytest.approx(50)
    assert history["effective_shown"].isna().all()  # no impressions in this source


def test_products_offered_but_not_sold_are_history_too() -> None:
    known = facts([("s1", "anna", "2026-02-28", "mixed")], [("s1", "lip", 0, 50)])
    history = creator_item_history(daily_facts(known, "product"), AS_OF)
    assert history["lines"].tolist() == [1]
    assert history["orders"].tolist() == [0]


def test_sessions_of_the_day_itself_and_later_move_nothing() -> None:
    past = [("s1", "anna", "2026-02-28 23:59", "mixed")]
    future = [("s2", "anna", "2026-03-01 00:00", "mixed"), ("s3", "bo", "2026-04-01", "mixed")]
    lines = [("s1", "lip", 1, 10), ("s2", "lip", 5, 50), ("s2", "nut", 5, 50), ("s3", "lip", 9, 9)]
    before = creator_item_history(daily_facts(facts(past, lines[:1]), "product"), AS_OF)
    after = creator_item_history(daily_facts(facts(past + future, lines), "product"), AS_OF)
    pd.testing.assert_frame_equal(before, after)


def test_field_sessions_are_left_out() -> None:
    known = facts(
        [("s1", "anna", "2026-02-20", "field"), ("s2", "bo", "2026-02-20", "dedicated")],
        [("s1", "lip", 1, 10), ("s2", "nut", 1, 10)],
    )
    assert creator_item_history(daily_facts(known, "product"), AS_OF)["creator_id"].tolist() == [
        "bo"
    ]


def test_where_an_absent_line_means_no_sale_the_exposure_of_a_pair_is_unknown() -> None:
    known = facts(
        [("s1", "anna", "2026-02-20", "mixed")],
        [("s1", "lip", 1, 10)],
        Meaning(denominator="viewers", absent="zero"),
    )
    assert np.isnan(
        creator_item_history(daily_facts(known, "product"), AS_OF)["decayed_denominator"]
    ).all()


def test_before_the_first_session_history_is_an_empty_table_of_the_same_columns() -> None:
    known = facts([("s1", "anna", "2026-02-20", "mixed")], [("s1", "lip", 1, 10)])
    empty = creator_item_history(daily_facts(known, "product"), date(2025, 1, 1))
    full = creator_item_history(daily_facts(known, "product"), AS_OF)
    assert len(empty) == 0
    assert empty.dtypes.tolist() == full.dtypes.tolist()


def test_collaborations_are_known_once_recorded_in_the_order_they_were() -> None:
    statuses = pd.DataFrame(
        {
            "collaboration_id": ["1", "1", "2"],
            "status": ["accepted", "invited", "invited"],
            "at": pd.to_datetime(["2026-03-01T00:00", "2026-02-27T00:00", "2026-02-28T23:59"]),
            "brand_id": "b",
            "creator_id": ["anna", "anna", "bo"],
        }
    )
    known = facts_from_frames({"collaborations": statuses})
    history = collaboration_history(known, AS_OF)
    assert history[["collaboration_id", "status"]].values.tolist() == [
        ["1", "invited"],
        ["2", "invited"],
    ]
