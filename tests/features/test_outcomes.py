"""Labels: what pairs did in a window of days."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.facts import Meaning
from features.outcomes import outcomes, zero_outcomes
from tests.features.frames import Frames, at, facts, frames, line, session

MARCH, APRIL = date(2024, 3, 1), date(2024, 4, 1)


def world() -> Frames:
    return frames(
        [
            session("s0", "ann", "2024-02-29 23:59", viewers=100),
            session("s1", "ann", "2024-03-01 00:00", viewers=100),
            session("s2", "ann", "2024-03-31 23:59", viewers=300),
            session("s3", "bob", "2024-03-09 22:00", viewers=50),
            session("s4", "shop", "2024-02-09 22:00", viewers=50, format="field"),
            session("s5", "shop", "2024-03-10 22:00", viewers=50),
            session("s6", "ann", "2024-04-01 00:00", viewers=100),
        ],
        [
            line("s0", "p1", 9, clicks=10, impressions=90),
            line("s1", "p1", 1, clicks=10, impressions=90),
            line("s2", "p1", 2, clicks=20, impressions=None),
            line("s3", "p2", 0, clicks=5, impressions=50),
            line("s5", "p1", 4, clicks=5, impressions=50),
            line("s6", "p1", 9, clicks=10, impressions=90),
        ],
        returns=pd.DataFrame(
            [
                ("s1", "p1", at("2024-03-20"), 1),
                ("s2", "p1", at("2024-04-05"), 1),
                ("s2", "p1", at("2024-06-05"), 1),
            ],
            columns=["session_id", "product_id", "returned_at", "orders"],
        ),
    )


def test_a_window_holds_the_sessions_that_ended_in_it_but_not_brands_own_accounts() -> None:
    found = outcomes(facts(world()), "product", MARCH, APRIL, return_known_by=date(2024, 5, 10))
    pairs = found[["creator_id", "item_id"]].to_numpy().tolist()
    assert pairs == [["ann", "p1"], ["bob", "p2"]]
    ann = found.iloc[0]
    assert ann[["lines", "orders", "denominator", "impressions", "clicks"]].tolist() == [
        2, 3, 30, 90, 10,
    ]  # fmt: skip
    assert ann[["clicked_impressions", "gmv"]].tolist() == [90, 30]
    # by May 10 all three orders are 30 days old and two of them are back
    assert ann[["return_orders", "returnable_orders"]].tolist() == [2, 3]


def test_orders_too_fresh_to_return_are_no_trials() -> None:
    found = outcomes(facts(world()), "product", MARCH, APRIL, return_known_by=date(2024, 4, 6))
    # on April 6 only the order of March 1 is 30 days old
    assert found["returnable_orders"].tolist() == [1, 0]
    np.testing.assert_equal(found["return_orders"].to_numpy(), [1, np.nan])


def test_where_absent_means_zero_all_sessions_of_the_creator_are_trials() -> None:
    source = facts(world(), Meaning("viewers", absent="zero"))
    found = outcomes(source, "product", MARCH, APRIL)
    assert found[["lines", "orders", "denominator"]].to_numpy()[0].tolist() == [2, 3, 400]
    items = pd.Index(["p1", "p2"])
    zeros = zero_outcomes(source, "product", MARCH, APRIL, items, size=10)
    assert zeros[["creator_id", "item_id"]].to_numpy().tolist() == [["ann", "p2"], ["bob", "p1"]]
    assert zeros["denominator"].tolist() == [400, 50]
    assert zeros["orders"].tolist() == [0, 0]
    assert zeros["weight"].tolist() == [1, 1]


def test_sampled_zeros_stand_for_all_of_them() -> None:
    source = facts(world(), Meaning("viewers", absent="zero"))
    items = pd.Index([f"p{number}" for number in range(1, 51)])
    zeros = zero_outcomes(source, "product", MARCH, APRIL, items, size=40, random_state=1)
    assert len(zeros) == 40
    assert zeros["weight"].sum() == 2 * 50 - 2  # two creators on air, two pairs with a line
    assert not zeros.duplicated(["creator_id", "item_id"]).any()
    assert ("ann", "p1") not in set(zip(zeros["creator_id"], zeros["item_id"], strict=True))
    again = zero_outcomes(source, "product", MARCH, APRIL, items, size=40, random_state=1)
    pd.testing.assert_frame_equal(zeros, again)


def test_where_absent_means_not_offered_there_are_no_zeros() -> None:
    source = facts(world(), Meaning("clicks", absent="zero"))
    zeros = zero_outcomes(source, "product", MARCH, APRIL, pd.Index(["p1"]), size=10)
    assert zeros.empty
    assert "weight" in zeros.columns


def test_an_empty_window_has_the_columns_of_a_full_one() -> None:
    found = outcomes(facts(world()), "product", date(2020, 1, 1), date(2020, 2, 1))
    assert found.empty
    assert found.columns[:2].tolist() == ["creator_id", "item_id"]
    assert found["orders"].dtype == float


def test_brands_are_read_from_their_own_counts() -> None:
    brands = pd.DataFrame({"session_id": ["s1"], "brand_id": ["b"], "orders": [1], "gmv": [9.0]})
    source = facts({**world(), "session_brands": brands}, Meaning("viewers"))
    found = outcomes(source, "brand", MARCH, APRIL)
    assert found[["creator_id", "item_id", "orders", "gmv"]].to_numpy().tolist() == [
        ["ann", "b", 1, 9],
    ]


def test_sums_over_lines_tell_how_they_differ() -> None:
    found = outcomes(facts(world()), "product", MARCH, APRIL).iloc[0]  # clicks 10 and 20
    assert found[["denominator_lines", "denominator_squared"]].tolist() == [2, 10**2 + 20**2]
    assert found["converted_repeats"] == 1**2 / 10 + 2**2 / 20
    # Only the first line knows its impressions.
    assert found[["clicked_lines", "clicked_impressions_squared"]].tolist() == [1, 90**2]
    assert found["click_repeats"] == 10**2 / 90
    assert found["impressions_logs"] == pytest.approx(np.log(90.5))
    assert found["impressions_logs_squared"] == pytest.approx(np.log(90.5) ** 2)
