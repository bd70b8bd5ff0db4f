"""The most specific terms that were known on a date."""

from datetime import date

import numpy as np
import pandas as pd

from features.facts import Facts, facts_from_frames
from features.terms import brand_terms, product_terms

MAY = date(2026, 5, 1)


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def facts() -> Facts:
    return facts_from_frames(
        {
            "sessions": pd.DataFrame(
                {
                    "session_id": ["s1", "s2", "s3", "field"],
                    "creator_id": ["c1", "c1", "c1", "own"],
                    "started_at": [day("2026-04-01"), day("2026-04-20"), day("2026-05-01")] * 1
                    + [day("2026-04-02")],
                    "format": ["mixed", "mixed", "mixed", "field"],
                }
            ),
            "session_products": pd.DataFrame(
                {
                    "session_id": ["s1", "s2", "s3", "field"],
                    "product_id": ["p1", "p1", "p1", "p1"],
                    "orders": [1, 1, 1, 1],
                    "gmv": [10.0, 10.0, 10.0, 10.0],
                    "slot_fee": [500.0, np.nan, 900.0, 1.0],
                    "commission_rate": [0.10, 0.15, 0.30, 0.01],
                }
            ),
            "collaborations": pd.DataFrame(
                {
                    "collaboration_id": ["k1", "k1", "k2"],
                    "status": ["invited", "accepted", "invited"],
                    "at": [day("2026-04-01"), day("2026-04-03"), day("2026-05-01")],
                    "brand_id": ["b1", "b1", "b1"],
                    "creator_id": ["c1", "c1", "c1"],
                    "slot_fee": [800.0, 700.0, 100.0],
                    "commission_rate": [0.2, np.nan, 0.9],
                }
            ),
        }
    )


def test_each_term_is_the_last_one_named_before_the_date() -> None:
    terms = product_terms(facts(), MAY)
    assert terms.index.tolist() == [("c1", "p1")]  # the field session says nothing
    assert terms.to_numpy().tolist() == [[500.0, 0.15]]  # s2 named no fee; s3 is too late


def test_what_was_agreed_replaces_what_was_offered() -> None:
    assert brand_terms(facts(), MAY).to_numpy().tolist() == [[700.0, 0.2]]


def test_without_any_terms_the_tables_are_empty() -> None:
    nothing = facts_from_frames({"creators": pd.DataFrame({"creator_id": ["c1"]})})
    assert len(product_terms(nothing, MAY)) == 0
    assert len(brand_terms(nothing, MAY)) == 0
