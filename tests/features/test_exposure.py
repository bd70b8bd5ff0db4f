"""Exposure and invitations of the last 90 days."""

from datetime import date

import pandas as pd

from features.exposure import exposed_by, exposure, invitations
from features.facts import Facts, facts_from_frames

AS_OF = date(2024, 6, 1)
SESSIONS = pd.DataFrame(
    {
        "session_id": ["s1", "s2", "s3", "s4"],
        "creator_id": ["c1", "c1", "c2", "shop"],
        "started_at": pd.to_datetime(["2024-05-01", "2024-01-01", "2024-06-01", "2024-05-02"]),
        "format": ["mixed", "mixed", "mixed", "field"],
        "views": [100, 200, 300, 400],
    }
)
LINES = pd.DataFrame(
    {
        "session_id": ["s1", "s1", "s2", "s3", "s4"],
        "product_id": ["p1", "p2", "p1", "p1", "p1"],
        "orders": 0,
        "gmv": 0.0,
        "impressions": [10, 5, 7, 8, 9],
    }
)


def facts(**tables: pd.DataFrame) -> Facts:
    return facts_from_frames({"sessions": SESSIONS, **tables})


def test_impressions_of_old_later_and_field_sessions_do_not_count() -> None:
    shown = facts(session_products=LINES)
    assert exposed_by(shown) == "impressions"
    assert exposure(shown, AS_OF).to_dict() == {"c1": 15.0}


def test_without_impressions_exposure_is_views() -> None:
    assert exposed_by(facts()) == "views"
    assert exposure(facts(), AS_OF).to_dict() == {"c1": 100.0}


def test_without_any_count_nobody_has_exposure() -> None:
    blind = facts_from_frames({"sessions": SESSIONS.drop(columns="views")})
    assert exposed_by(blind) is None
    assert exposure(blind, AS_OF).empty


def test_only_invitations_of_the_last_ninety_days_are_counted() -> None:
    history = pd.DataFrame(
        {
            "creator_id": ["c1", "c1", "c1", "c2"],
            "status": ["invited", "accepted", "invited", "invited"],
            "at": pd.to_datetime(["2024-05-01", "2024-05-02", "2024-05-20", "2024-01-01"]),
        }
    )
    assert invitations(history, AS_OF).to_dict() == {"c1": 2.0}
