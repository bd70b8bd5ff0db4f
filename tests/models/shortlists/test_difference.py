"""Differences of two runs: who moved, and the reasons told."""

import numpy as np
import pandas as pd
import pytest

from models.shortlists.difference import Difference, Moved, difference, run_of
from models.shortlists.filters import ShortlistFilters
from tests.matrices import rows, small_matrix


def moved(told: Difference) -> dict[str, Moved]:
    return {row.creator_id: row for row in told.rows}


def since(later: pd.DataFrame, k: int) -> Difference:
    """What changed from the small matrix to that of these rows."""
    return difference(
        "acme", run_of(small_matrix(), "acme"), run_of(small_matrix(later), "acme"), k
    )


def test_the_same_run_twice_differs_in_nothing() -> None:
    run = run_of(small_matrix(), "acme")
    told = difference("acme", run, run_of(small_matrix(), "acme"), 3)
    assert told.same
    assert [row.move for row in told.rows] == ["stayed"] * 3
    assert all(row.reasons == () for row in told.rows)


def test_a_forecast_that_fell_is_told_with_what_moved_most() -> None:
    later = rows()
    later.loc[0, ["net_gmv", "gmv", "impressions"]] = [900.0, 1_800.0, 2_000.0]
    told = difference(
        "acme", run_of(small_matrix(), "acme"), run_of(small_matrix(later), "acme"), 3
    )
    assert moved(told)["c1"].move == "left"
    assert (moved(told)["c1"].rank_before, moved(told)["c1"].rank_after) == (1, 4)
    assert moved(told)["c1"].reasons[:2] == (
        "net_gmv: 4,500 -> 900 (-80%)",
        "mostly traffic (-80%)",
    )
    assert moved(told)["c4"].move == "entered"
    assert moved(told)["c4"].reasons == ("its own forecast is the same; others moved",)
    assert [row.creator_id for row in told.rows] == ["c2", "c3", "c4", "c1"]


def test_a_constraint_that_removes_one_is_the_reason() -> None:
    matrix = small_matrix()
    strict = ShortlistFilters(tier=["tail", "waist"])
    told = difference("acme", run_of(matrix, "acme"), run_of(matrix, "acme", filters=strict), 2)
    assert moved(told)["c1"].reasons == ("does not meet tier tail or waist",)
    assert moved(told)["c1"].rank_after is None


def test_another_objective_is_told() -> None:
    matrix = small_matrix()
    told = difference("acme", run_of(matrix, "acme"), run_of(matrix, "acme", "gpm"), 2)
    assert "ranked by gpm instead of net_gmv" in moved(told)["c2"].reasons


def test_who_was_not_scored_before_is_told() -> None:
    earlier = rows().iloc[1:]
    told = difference(
        "acme", run_of(small_matrix(earlier), "acme"), run_of(small_matrix(), "acme"), 1
    )
    assert moved(told)["c1"].reasons == ("was not scored before",)
    assert moved(told)["c2"].move == "left"


def test_a_reason_whose_effect_moved_is_told() -> None:
    later = rows()
    later.loc[0, "net_gmv"] = 100.0
    later.loc[0, "reason1_effect"] = np.log(0.9)
    told = difference(
        "acme", run_of(small_matrix(), "acme"), run_of(small_matrix(later), "acme"), 4
    )
    assert moved(told)["c1"].reasons[-1] == "sells 5.3 % of clicks over 90 days: x1.25 -> x0.90"


@pytest.mark.parametrize("k", [1, 2, 4])
def test_every_creator_of_either_list_is_told_once(k: int) -> None:
    matrix = small_matrix()
    told = difference("acme", run_of(matrix, "acme"), run_of(matrix, "acme", "gpm"), k)
    ids = [row.creator_id for row in told.rows]
    assert len(ids) == len(set(ids))
    assert len(ids) >= k
