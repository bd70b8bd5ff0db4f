"""Habits: in which formats a creator goes live, as of a date."""

from datetime import date

import pandas as pd

from features.facts import facts_from_frames
from features.habits import dedicated_shares


def test_only_sessions_of_known_format_before_the_date_and_within_90_days_count() -> None:
    sessions = pd.DataFrame(
        [
            ("s1", "c1", "2026-05-01", "dedicated"),
            ("s2", "c1", "2026-05-02", "mixed"),
            ("s3", "c1", "2026-05-03", None),  # not known
            ("s4", "c1", "2026-05-31", "dedicated"),  # on the date itself
            ("s5", "c1", "2026-01-01", "dedicated"),  # long ago
            ("s6", "c2", "2026-05-01", None),
            ("s7", "f1", "2026-05-01", "field"),
        ],
        columns=["session_id", "creator_id", "started_at", "format"],
    )
    sessions["started_at"] = pd.to_datetime(sessions["started_at"])
    found = dedicated_shares(facts_from_frames({"sessions": sessions}), date(2026, 5, 31))
    assert found.to_dict() == {"c1": 0.5}
