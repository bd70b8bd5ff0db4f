"""New followers and repurchases: learned from the past of the facts, null with a reason."""

from datetime import timedelta

import numpy as np
import pytest

from features.daily import daily_facts
from features.facts import Facts, facts_from_frames
from features.tables import FeatureTables, feature_tables
from pipelines.columns import Columns
from pipelines.retention import retention_columns
from pipelines.retention.rows import looked_up
from tests.pipelines.worlds import little_world


@pytest.fixture(scope="module")
def facts() -> Facts:
    return facts_from_frames(little_world().tables)


def asked(tables: FeatureTables) -> Columns:
    """Every candidate with the first product."""
    creators = tables.creators.index.to_numpy(dtype=object)
    product = np.full(len(creators), tables.items.index[0], dtype=object)
    return {"creator_id": creators, "best_product_id": product}


def of(facts: Facts, days: int = 0) -> tuple[Columns, dict[str, str], FeatureTables]:
    day = facts.as_of - timedelta(days=days)
    tables = feature_tables(daily_facts(facts, "product"), day)
    return *retention_columns(asked(tables), facts, tables, day), tables


def test_both_are_forecast_with_their_intervals(facts: Facts) -> None:
    made, absent, tables = of(facts)
    assert not absent
    for name in ("new_followers", "repurchase_rate"):
        low, mean, high = (made[name + end] for end in ("_lo80", "", "_hi80"))
        assert ((low > 0) & (low <= mean) & (mean <= high)).all()
    sold = facts["session_products"].to_pandas()
    usual = sold["repeat_buyers"].sum() / sold["buyers"].sum()  # the same for all in this world
    assert made["repurchase_rate"] == pytest.approx(usual, abs=0.03)
    followers = tables.creators["creator_followers"].to_numpy()
    assert np.corrcoef(followers, np.log(made["new_followers"]))[0, 1] > 0.7


def test_what_happens_later_changes_nothing(facts: Facts) -> None:
    made, _, _ = of(facts, days=30)
    tables = little_world().tables
    sessions, lines = tables["sessions"].copy(), tables["session_products"].copy()
    late = sessions["started_at"] >= np.datetime64(facts.as_of - timedelta(days=29))
    sessions.loc[late, "new_followers"] = 10**6
    of_late = lines["session_id"].isin(sessions.loc[late, "session_id"])
    lines.loc[of_late, "repeat_buyers"] = lines.loc[of_late, "buyers"]
    changed = facts_from_frames({**tables, "sessions": sessions, "session_products": lines})
    again, _, _ = of(changed, days=30)
    for name, values in made.items():
        np.testing.assert_array_equal(values, again[name])


def test_a_source_that_counts_neither_says_so() -> None:
    tables = little_world().tables
    without = {
        **tables,
        "sessions": tables["sessions"].drop(columns="new_followers"),
        "session_products": tables["session_products"].drop(columns="repeat_buyers"),
    }
    made, absent, _ = of(facts_from_frames(without))
    assert not made
    assert absent == {
        "new_followers": "no session tells how many began to follow",
        "repurchase_rate": "the source does not count buyers and repeat buyers",
    }


def test_too_short_a_history_gives_the_prior_with_all_its_doubt() -> None:
    made, _, _ = of(facts_from_frames(little_world(days=20, lines=300).tables))
    assert (made["repurchase_rate_hi80"] - made["repurchase_rate_lo80"] > 0.3).all()


def test_values_are_looked_up_by_code_and_what_was_never_seen_is_zero() -> None:
    found = looked_up(np.array([7, 3, 7]), np.array([1.0, 2.0, 4.0]), np.array([3, 5, 7, 9]))
    assert found.tolist() == [2.0, 0.0, 5.0, 0.0]
