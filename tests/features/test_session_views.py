"""Who came to each session, as far as the source tells."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.facts import Facts, facts_from_frames
from features.session_views import counted_by, session_views

AS_OF = date(2024, 1, 4)


def facts(**without: object) -> Facts:
    times = pd.to_datetime(["2024-01-01 10:00", "2024-01-02 10:00", "2024-01-03 23:30"])
    sessions = pd.DataFrame(
        {
            "session_id": ["s1", "s2", "s3"],
            "creator_id": ["c1", "shop", "c1"],
            "started_at": times,
            "ended_at": times + pd.to_timedelta([90, 60, 60], unit="min"),
            "format": ["mixed", "field", None],
            "views": [100, 50, 70],
            "viewers": [60, 30, 40],
            "paid_views": [30, 0, 0],
        }
    )
    campaigns = pd.DataFrame(
        {
            "campaign_id": ["k"],
            "name": ["sale"],
            "starts_at": pd.to_datetime(["2024-01-01"]),
            "ends_at": pd.to_datetime(["2024-01-01 23:59"]),
        }
    )
    lines = pd.DataFrame(
        {
            "session_id": ["s1", "s1"],
            "product_id": ["p1", "p2"],
            "orders": [1, 0],
            "gmv": [5.0, 0.0],
            "impressions": [40, 2],
        }
    )
    return facts_from_frames(
        {
            "sessions": sessions.drop(columns=list(without)),
            "campaigns": campaigns,
            "session_products": lines,
        }
    )


def test_bought_views_field_sessions_and_what_ended_later_do_not_count() -> None:
    rows = session_views(facts(), AS_OF)
    assert rows["creator_id"].tolist() == ["c1"]
    assert rows["came"].tolist() == [70.0]
    assert rows["minutes"].tolist() == [90.0]
    assert rows["campaign"].tolist() == [True]
    later = session_views(facts(), date(2024, 1, 5))
    assert later["campaign"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("without", "counted", "came"),
    [
        ({}, "views", 70.0),
        ({"views": 0}, "viewers", 60.0),
        ({"views": 0, "viewers": 0}, "impressions", 42.0),
    ],
)
def test_the_first_count_that_the_source_has_is_taken(
    without: dict[str, int], counted: str, came: float
) -> None:
    source = facts(**without)
    assert counted_by(source) == counted
    rows = session_views(source, AS_OF)
    assert rows["came"].tolist() == [came]
    assert not np.isnan(rows["minutes"]).any()
