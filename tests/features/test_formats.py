from datetime import date

import pandas as pd
import pytest

from features.facts import Facts, facts_from_frames
from features.formats import cut_short_share, format_sums

AS_OF = date(2026, 3, 1)


def facts(
    sessions: list[tuple[str, str, str, str, int]], lines: list[tuple[str, str, float]]
) -> Facts:
    """Sessions (id, creator, start, format, views) and lines (session, product, gmv)."""
    held = pd.DataFrame(
        sessions, columns=["session_id", "creator_id", "started_at", "format", "views"]
    )
    held["started_at"] = pd.to_datetime(held["started_at"], format="ISO8601")
    sold = pd.DataFrame(lines, columns=["session_id", "product_id", "gmv"])
    products = pd.DataFrame({"product_id": ["lip", "nut"], "brand_id": ["b", "b"]})
    return facts_from_frames(
        {
            "creators": pd.DataFrame({"creator_id": ["anna", "bo"]}),
            "brands": pd.DataFrame({"brand_id": ["b"], "industry": ["beauty"]}),
            "products": products.assign(category="x", price=9.0),
            "sessions": held,
            "session_products": sold.assign(orders=1, impressions=10),
        },
    )


def test_lines_are_counted_against_their_product_and_by_format() -> None:
    """Lip's mean is (10 + 30 + 20) / 3 = 20, nut's 100; the session to come is left out."""
    known = facts(
        [
            ("s1", "anna", "2026-02-01", "mixed", 100),
            ("s2", "anna", "2026-02-02", "dedicated", 100),
            ("s3", "bo", "2026-02-03", "mixed", 100),
            ("own", "bo", "2026-02-04", "field", 100),
            ("later", "bo", "2026-03-01", "dedicated", 100),
        ],
        [
            ("s1", "lip", 10.0),
            ("s1", "nut", 100.0),
            ("s2", "lip", 30.0),
            ("s3", "lip", 20.0),
            ("own", "lip", 999.0),
            ("later", "lip", 999.0),
        ],
    )
    sums = format_sums(known, AS_OF).set_index(["creator_id", "format"])
    assert sums.index.tolist() == [("anna", "dedicated"), ("anna", "mixed"), ("bo", "mixed")]
    assert sums["gmv"].tolist() == pytest.approx([30 / 20, 10 / 20 + 100 / 100, 20 / 20])
    assert sums["gmv_lines"].tolist() == [1, 2, 1]
    assert sums["sessions"].tolist() == [1, 1, 1]


def test_sessions_that_hardly_anybody_watched_are_a_share_of_those_of_known_creators() -> None:
    """Anna: five of 100 views and one of 9; bo has too few sessions to know what is usual."""
    sessions = [(f"s{i}", "anna", f"2026-02-0{i + 1}", "mixed", 100) for i in range(5)]
    sessions += [("cut", "anna", "2026-02-07", "mixed", 9), ("b", "bo", "2026-02-07", "mixed", 1)]
    known = facts(sessions, [("s0", "lip", 1.0)])
    assert cut_short_share(known, AS_OF) == pytest.approx(1 / 6)
    assert cut_short_share(known, date(2026, 2, 1)) is None
