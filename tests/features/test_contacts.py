"""Contacts: how far a pair came, and when it was last invited, as of a date."""

from datetime import date

import pandas as pd

from features.contacts import last_contacts


def history(*records: tuple[str, str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(records, columns=["at", "status", "brand_id", "creator_id"])
    return frame.assign(at=pd.to_datetime(frame["at"]))


def test_the_last_record_and_the_last_invitation_count() -> None:
    told = last_contacts(
        history(
            ("2026-05-01T10:00", "invited", "b1", "c1"),
            ("2026-05-02T10:00", "declined", "b1", "c1"),
            ("2026-05-20T10:00", "invited", "b1", "c1"),
            ("2026-05-21T10:00", "accepted", "b1", "c1"),
            ("2026-05-30T23:00", "invited", "b1", "c2"),
        ),
        date(2026, 5, 31),
    )
    assert told["status"].tolist() == ["accepted", "invited"]
    assert told["invited_days"].tolist() == [10.0, 0.0]  # 10 days 14 hours; one hour


def test_of_one_instant_the_furthest_counts() -> None:
    told = last_contacts(
        history(
            ("2026-05-01", "aired", "b1", "c1"),
            ("2026-05-01", "accepted", "b1", "c1"),
        ),
        date(2026, 5, 31),
    )
    assert told["status"].tolist() == ["aired"]
    assert told["invited_days"].isna().all()
