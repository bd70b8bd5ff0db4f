"""Retention: who began to follow and who bought again, of what was known before a date."""

from datetime import date

import pandas as pd
import pytest

from features.facts import facts_from_frames
from features.retention import buyer_days, follower_sessions, followers_as_of
from tests.features.frames import frames, line, session

DAY = date(2026, 5, 31)


def test_sessions_that_tell_of_followers_before_the_date_and_not_of_the_field() -> None:
    told = frames(
        [
            session("s1", "c1", "2026-05-01", views=900, new_followers=9),
            session("s2", "c1", "2026-05-02", views=800),
            session("s3", "c2", "2026-05-31", views=700, new_followers=7),
            session("s4", "f1", "2026-05-03", views=600, new_followers=6, format="field"),
        ],
        [line("s1", "p1", 1)],
    )
    found = follower_sessions(facts_from_frames(told), DAY)
    assert found[["creator_id", "new_followers", "views"]].values.tolist() == [["c1", 9.0, 900.0]]


def test_buyers_of_a_day_are_added_up_and_none_buys_again_who_did_not_buy() -> None:
    told = frames(
        [session("s1", "c1", "2026-05-01"), session("s2", "c1", "2026-05-01T12:00")],
        [
            line("s1", "p1", 5, buyers=4, repeat_buyers=1),
            line("s2", "p1", 5, buyers=6, repeat_buyers=2),
            line("s1", "p2", 1, buyers=1, repeat_buyers=3),  # cannot be
            line("s2", "p2", 1, buyers=1),
        ],
    )
    found = buyer_days(facts_from_frames(told), DAY)
    columns = ["item_id", "buyers", "repeat_buyers"]
    assert found[columns].values.tolist() == [["p1", 10.0, 3.0], ["p2", 1.0, 1.0]]


def test_followers_are_those_of_the_row_that_held_on_the_day() -> None:
    creators = pd.DataFrame(
        [
            ("c1", None, 100.0),
            ("c1", "2026-05-01", 200.0),
            ("c1", "2026-06-01", 300.0),  # later
            ("c2", "2026-06-01", 50.0),
        ],
        columns=["creator_id", "valid_from", "followers"],
    )
    creators["valid_from"] = pd.to_datetime(creators["valid_from"])
    facts = facts_from_frames({"creators": creators})
    found = followers_as_of(facts, DAY, pd.Index(["c1", "c2"]))
    assert found["c1"] == 200.0
    assert pd.isna(found["c2"])


@pytest.mark.parametrize("read", [follower_sessions, buyer_days])
def test_without_a_session_nothing_is_told(read: object) -> None:
    assert callable(read)
    assert not len(read(facts_from_frames({}), DAY))
