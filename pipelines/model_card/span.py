"""What the facts of a training hold before its date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from features.facts import Facts, midnight


@dataclass(frozen=True)
class Span:
    """What the facts hold before the date."""

    first: str
    last: str
    counts: Mapping[str, int]


def spanned(facts: Facts, as_of: date) -> Span:
    """First and last session known before the date, and how many of everything there are."""
    sessions = facts["sessions"]
    ended = sessions.ended_at.coalesce(sessions.started_at)
    known = sessions.filter(ended < midnight(as_of))
    whole = (
        known.aggregate(
            first=known.started_at.min(),
            last=known.started_at.max(),
            sessions=known.count(),
            field=(known.format == "field").sum(),
            aired=known.creator_id.nunique(),
        )
        .to_pandas()
        .iloc[0]
    )
    lines = facts["session_products"].semi_join(known, "session_id")
    counts = {
        "sessions": whole["sessions"],
        "of them field sessions (brands' own accounts)": whole["field"],
        "session lines": lines.count().execute(),
        "accounts on air": whole["aired"],
    }
    for table in ("creators", "brands", "products"):
        key = f"{table[:-1]}_id"
        counts[f"{table} known"] = facts[table][key].nunique().execute()
    for table, known_at in (("returns", "returned_at"), ("collaborations", "at")):
        if facts.has(table):
            dated = facts[table].filter(facts[table][known_at] < midnight(as_of))
            counts[table] = dated.count().execute()
    plain = {name: 0 if pd.isna(n) else int(n) for name, n in counts.items()}
    return Span(_day(whole["first"]), _day(whole["last"]), plain)


def _day(time: Any) -> str:
    return "none" if pd.isna(time) else pd.Timestamp(time).date().isoformat()
