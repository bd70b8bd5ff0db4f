from typing import Any

import numpy as np
import pytest

from features.errors import UnknownCreator, WrongInput
from models.matrix.matrix import AllianceMatrix
from models.opportunities import opportunities
from tests.deal_matrices import deal_matrix


def test_earnings_are_commission_of_net_gmv_and_the_slot_fee() -> None:
    first = opportunities(deal_matrix(), "anna").rows[0]
    assert (first.brand_id, first.product_id) == ("lip", "p1")
    assert first.earnings is not None
    assert first.earnings.mean == pytest.approx(0.2 * 80_000 + 10_000)
    assert first.earnings.lo80 == pytest.approx(0.2 * 48_000 + 10_000)
    assert first.score == pytest.approx(first.earnings.mean * first.interest)


def test_interest_is_where_the_brand_would_place_the_creator() -> None:
    matrix = deal_matrix()
    anna, bo = (
        {row.brand_id: row.interest for row in opportunities(matrix, who).rows}
        for who in ("anna", "bo")
    )
    # net GMV x P(yes): lip 40,000 and 2,700; nut 9,000 and 800
    assert anna == {"lip": 1.0, "nut": 1.0}
    assert bo == {"lip": 0.5, "nut": 0.5}


def test_a_better_chance_of_a_yes_makes_a_brand_more_interested() -> None:
    matrix = deal_matrix(p_accept=[0.01, 0.9, 0.3, 0.4])
    interest = {row.brand_id: row.interest for row in opportunities(matrix, "bo").rows}
    assert interest["lip"] == 1.0


def test_one_product_of_a_brand_unless_more_are_asked_for() -> None:
    matrix = deal_matrix()
    assert [row.product_id for row in opportunities(matrix, "anna").rows] == ["p1", "p3"]
    more = [row.product_id for row in opportunities(matrix, "anna", per_brand=2).rows]
    assert set(more) == {"p1", "p2", "p3"}
    assert len(more) == 3
    assert [row.product_id for row in opportunities(matrix, "anna", category="food").rows] == ["p3"]
    assert [row.rank for row in opportunities(matrix, "anna", k=1).rows] == [1]


def test_what_speaks_against_is_told() -> None:
    told = {row.brand_id: row for row in opportunities(deal_matrix(), "anna").rows}
    assert "food, not your beauty" in told["nut"].counter_reasons
    assert "you have not worked with the brand yet" in told["nut"].counter_reasons
    unpaid = deal_matrix(offers=None, slot_fee=[0.0, 0.0, 0.0, 0.0])
    first = opportunities(unpaid, "anna").rows[0]
    assert "no slot fee, though you ask for one" in first.counter_reasons
    unknown = deal_matrix(offers=None, slot_fee=[np.nan] * 4)
    reasons = opportunities(unknown, "anna").rows[0].counter_reasons
    assert not any("slot fee" in reason for reason in reasons)


def test_without_earnings_the_brands_interest_ranks_and_it_says_so() -> None:
    blind = deal_matrix(offers=None, net_gmv=[np.nan] * 4)
    told = opportunities(blind, "anna")
    assert all(row.earnings is None and row.score is None for row in told.rows)
    assert any("expected earnings are not known" in note for note in told.notes)
    assert [row.interest for row in told.rows] == sorted(
        (row.interest for row in told.rows), reverse=True
    )


def chosen_matrix(**changes: Any) -> AllianceMatrix:
    """As where only collaborations are known: lip would choose bo, nut would choose anna."""
    absent = {"conversion_rate": "no sales"}
    columns: dict[str, Any] = {
        "p_collaboration": [5.0, 9.0, 2.0, 1.0],
        "collaboration_status": ["aired", "declined", None, None],
        "offers": None,
        "best_product_id": [None] * 4,
        "manifest": {"null_columns": absent},
    }
    return deal_matrix(**columns | changes)


def test_where_only_collaborations_are_known_brands_come_by_the_creators_place_in_each() -> None:
    told = opportunities(chosen_matrix(), "anna")
    assert [(row.rank, row.brand_id) for row in told.rows] == [(1, "nut"), (2, "lip")], (
        "lip's score is higher, but lip prefers another"
    )
    assert [row.interest for row in told.rows] == [1.0, 0.5]
    for row in told.rows:
        assert (row.product_id, row.score, row.earnings) == (None, None, None)
    assert told.considered == 2
    assert any("no probability of a deal and no money" in note for note in told.notes)
    assert told.rows[1].reasons[0] == "you have collaborated with the brand"
    assert "you have not worked with the brand yet" in told.rows[0].counter_reasons
    bo = opportunities(chosen_matrix(), "bo", k=1)
    assert [row.brand_id for row in bo.rows] == ["lip"]
    assert "you have not worked with the brand yet" in bo.rows[0].counter_reasons, "it declined"


def test_a_brand_without_a_score_of_the_creator_is_no_opportunity() -> None:
    told = opportunities(chosen_matrix(p_collaboration=[np.nan, 9.0, 2.0, 1.0]), "anna")
    assert [row.brand_id for row in told.rows] == ["nut"]
    nobody = opportunities(chosen_matrix(p_collaboration=[np.nan, 9.0, np.nan, 1.0]), "anna")
    assert (nobody.rows, nobody.of_brands) == ((), True)
    assert nobody.notes[-1].startswith("no brand has a score of you")


def test_creators_whom_a_brand_scores_alike_are_not_all_told_to_be_first() -> None:
    told = opportunities(chosen_matrix(p_collaboration=[1.0, 1.0, 2.0, 1.0]), "anna")
    assert [(row.brand_id, row.interest) for row in told.rows] == [("nut", 1.0), ("lip", 0.8)]


def test_brands_without_products_have_no_category() -> None:
    with pytest.raises(WrongInput, match="Only collaborations are known"):
        opportunities(chosen_matrix(), "anna", category="food")


def test_the_same_request_gives_the_same_list() -> None:
    assert opportunities(deal_matrix(), "bo") == opportunities(deal_matrix(), "bo")


def test_wrong_input_is_told_with_what_there_is() -> None:
    with pytest.raises(UnknownCreator, match="Close: 'anna'"):
        opportunities(deal_matrix(), "ana")
    with pytest.raises(WrongInput, match="There are: beauty, food"):
        opportunities(deal_matrix(), "anna", category="toys")
    with pytest.raises(WrongInput, match="at least 1"):
        opportunities(deal_matrix(), "anna", k=0)
