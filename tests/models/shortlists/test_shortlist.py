"""Shortlists: ranking, filters and what is said when nothing is left."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.errors import UnsupportedObjective, WrongInput
from models.matrix.manifest import Manifest
from models.matrix.matrix import build_matrix
from models.shortlists.filters import ShortlistFilters
from models.shortlists.objectives import supported_objectives
from models.shortlists.rows import Estimate
from models.shortlists.shortlist import Shortlist, shortlist
from tests.matrices import AS_OF, BRANDS, CREATORS, manifest, rows, small_matrix


def acme(objective: str | None = None, k: int = 20, **filters: Any) -> Shortlist:
    return shortlist(small_matrix(), "acme", k, objective, ShortlistFilters(**filters))


def ids(told: Shortlist) -> list[str]:
    return [row.creator_id for row in told.rows]


def test_net_gmv_ranks_and_ties_keep_the_order_of_creator_ids() -> None:
    assert ids(acme()) == ["c1", "c2", "c3", "c4"]  # c2 and c3 both bring 3,600
    assert acme().objective_note == "ranked by net_gmv, the default"


@pytest.mark.parametrize(
    ("objective", "order"),
    [
        ("gmv", ["c1", "c3", "c2", "c4"]),
        ("conversion", ["c1", "c2", "c4", "c3"]),
        ("impressions", ["c1", "c3", "c4", "c2"]),
        ("gpm", ["c2", "c4", "c1", "c3"]),
    ],
)
def test_each_objective_ranks_by_its_own_forecast(objective: str, order: list[str]) -> None:
    told = acme(objective)
    assert ids(told) == order
    assert told.objective_note is None


def test_a_row_tells_the_forecast_the_benchmark_and_the_evidence() -> None:
    row = acme().rows[0]
    assert (row.rank, row.creator_id, row.creator_name, row.tier) == (1, "c1", "李佳", "head")
    assert row.followers == 12_000_000
    assert row.conversion == Estimate(0.06, 0.03, 0.12)
    assert (row.benchmark_rate, row.benchmark_level) == (0.04, "industry x tier")
    assert row.lift == pytest.approx(0.06 / 0.04 - 1)
    assert row.net_gmv == Estimate(4_500, 2_250, 9_000)
    assert row.profit is None
    assert (row.best_product_id, row.best_product_title) == ("p1", "玻尿酸面膜")
    assert (row.quadrant, row.action) == ("core contributor", "strengthen the tie")
    assert (row.evidence_sessions, row.evidence_denominator) == (3, 410)
    assert [reason.words for reason in row.reasons] == ["sells 5.3 % of clicks over 90 days"]
    assert row.reasons[0].odds_factor == 1.25


def test_what_is_not_known_is_none_and_never_zero() -> None:
    row = acme().rows[3]
    assert (row.creator_name, row.followers, row.evidence_sessions) == (None, None, None)
    assert row.best_product_id is None
    assert row.reasons == ()


def test_an_objective_that_the_source_cannot_support_is_refused_with_the_reason() -> None:
    with pytest.raises(UnsupportedObjective) as caught:
        acme("profit")
    assert str(caught.value) == (
        "This matrix cannot rank by profit: no product has a margin_rate. "
        "It can rank by net_gmv, gmv, conversion, gpm, impressions."
    )


def test_an_objective_that_nobody_knows_is_refused_with_the_list() -> None:
    with pytest.raises(UnsupportedObjective, match=r"no objective 'fame'.*net_gmv, gmv"):
        acme("fame")


def test_without_net_gmv_the_next_best_is_used_and_said() -> None:
    frame = rows().drop(columns=[c for c in rows().columns if c.startswith("net_gmv")])
    matrix = small_matrix(frame, null_columns={"net_gmv": "no returns were given"})
    told = shortlist(matrix, "acme")
    assert told.objective == "gmv"
    assert told.objective_note == (
        "ranked by gmv; net_gmv is not in this matrix: no returns were given"
    )


def test_k_below_one_is_refused() -> None:
    with pytest.raises(WrongInput, match="at least 1, not 0"):
        acme(k=0)


def test_a_creator_without_a_forecast_of_the_objective_comes_last() -> None:
    frame = rows()
    frame.loc[0, "net_gmv"] = np.nan
    told = shortlist(small_matrix(frame), "acme")
    assert ids(told) == ["c2", "c3", "c4", "c1"]
    assert told.rows[3].net_gmv is None


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({"tier": ["head"]}, ["c1"]),
        ({"tier": ["TAIL", "waist"]}, ["c2", "c3", "c4"]),
        ({"category": ["beauty"]}, ["c1", "c2"]),
        ({"region": ["Zhejiang"]}, ["c1", "c3"]),
        ({"agency": ["Sun"]}, ["c1", "c3"]),
        ({"min_followers": 1_500_000}, ["c1", "c3"]),
        ({"max_followers": 1_500_000}, ["c2", "c3"]),
        ({"max_slot_fee": 8_000}, ["c2", "c3"]),
        ({"max_commission": 0.2}, ["c2", "c3"]),
        ({"quadrant": ["rising-star"]}, ["c2"]),
        ({"quadrant": ["not_enough_data", "mend"]}, ["c3", "c4"]),
        ({"exclude": ["c1", "nobody"]}, ["c2", "c3", "c4"]),
        ({"new_only": True}, ["c2", "c4"]),
    ],
)
def test_each_filter_keeps_whom_it_should(filters: dict[str, Any], left: list[str]) -> None:
    assert ids(acme(**filters)) == left


def test_each_filter_counts_whom_it_removed() -> None:
    told = acme(category=["beauty"], max_slot_fee=8_000, new_only=True)
    assert told.removed == {
        "category beauty": 2,
        "slot fee at most 8,000": 1,
        "new to the brand": 0,
    }
    assert (told.candidates, told.remaining) == (4, 1)
    assert told.message == (
        "Only 1 of 4 creators pass the filters; 'category beauty' removed the most (2). "
        "No single filter is to blame: relax two or more."
    )


def test_when_nothing_is_left_the_filter_to_relax_is_named() -> None:
    told = acme(tier=["head"], max_slot_fee=10)
    assert told.rows == ()
    assert told.message == (
        "None of 4 creators passes the filters. "
        "Without 'tier head' 1 would be left: relax that first."
    )


def test_a_value_that_nobody_has_is_answered_with_those_there_are() -> None:
    told = acme(region=["Zhejian"])
    assert told.message == (
        "None of 4 creators passes the filters. "
        "No creator has region 'Zhejian'. Close: Zhejiang. Drop or widen it."
    )


def test_a_quadrant_that_does_not_exist_is_refused_with_the_list() -> None:
    with pytest.raises(WrongInput, match=r"no quadrant 'falling star'.*rising star, mend"):
        acme(quadrant=["falling star"])


def test_a_brand_without_rows_gets_an_empty_list_and_the_reason() -> None:
    told = shortlist(small_matrix(), "quiet")
    assert told.rows == ()
    assert told.message is not None
    assert told.message.startswith("No creator was scored for 'quiet'")


def test_a_matrix_with_nothing_in_it_still_answers() -> None:
    told = shortlist(small_matrix(rows()[:0]), "acme")
    assert told.rows == ()
    assert told.objective_note == "nothing is forecast in this matrix: in the order of creator ids"


def test_a_source_of_collaborations_alone_ranks_by_what_they_teach() -> None:
    pairs = rows()[["brand_id", "creator_id"]].assign(p_collaboration=[0.1, 0.4, 0.2, 0.3, 0.9])
    told = shortlist(small_matrix(pairs, null_columns={"net_gmv": "no sales"}), "acme")
    assert ids(told) == ["c2", "c4", "c3", "c1"]
    assert told.objective_note == (
        "ranked by collaboration; net_gmv is not in this matrix: no sales"
    )


def test_supported_objectives_are_those_with_values() -> None:
    assert "profit" not in supported_objectives(small_matrix())


@st.composite
def forecasts(draw: st.DrawFn) -> pd.DataFrame:
    n = draw(st.integers(1, 12))
    numbers = st.one_of(st.floats(0, 1e6, width=32), st.just(float("nan")))
    values = draw(st.lists(numbers, min_size=n, max_size=n))
    return pd.DataFrame(
        {
            "brand_id": "acme",
            "creator_id": [f"k{i:02d}" for i in range(n)],
            "conversion_rate": 0.05,
            "gmv": values,
        }
    )


@settings(max_examples=40, deadline=None)
@given(forecasts(), st.randoms(use_true_random=False), st.integers(1, 15))
def test_scores_never_rise_nothing_is_lost_and_order_of_rows_is_nothing(
    frame: pd.DataFrame, random: Any, k: int
) -> None:
    creators = pd.DataFrame({"creator_id": frame["creator_id"]})
    told = Manifest(as_of=AS_OF)
    objective = "conversion" if frame["gmv"].isna().all() else "gmv"
    whole = shortlist(build_matrix(frame, BRANDS, creators, told), "acme", len(frame), objective)
    scores = [row.gmv.mean for row in whole.rows if row.gmv]
    assert scores == sorted(scores, reverse=True)
    assert sorted(ids(whole)) == frame["creator_id"].tolist()
    shuffled = frame.iloc[random.sample(range(len(frame)), len(frame))]
    again = shortlist(build_matrix(shuffled, BRANDS, creators, told), "acme", k, objective)
    assert again.rows == whole.rows[:k]


def test_creators_beyond_the_brand_do_not_matter() -> None:
    more = pd.concat([CREATORS, pd.DataFrame({"creator_id": ["a0", "z9"]})])
    matrix = build_matrix(rows(), BRANDS, more, manifest())
    assert ids(shortlist(matrix, "acme")) == ids(acme())
