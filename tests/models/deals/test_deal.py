import numpy as np
import pytest

from features.errors import UnknownBrand, UnknownCreator, UnknownProduct, WrongInput
from models.deals.deal import DEDICATED, FEE, PURE, Deal, deal
from models.deals.option import DealOption
from models.money import Z80
from tests.deal_matrices import TERMS, deal_matrix
from tests.matrices import small_matrix


def option(told: Deal, name: str) -> DealOption:
    return next(one for one in told.options if one.name == name)


def test_break_even_and_profit_follow_the_formula() -> None:
    told = option(deal(deal_matrix(), "lip", "anna"), FEE)
    kept = 0.8 * (0.6 - 0.2) - 0.2 * 0.05  # .31
    assert told.break_even_gmv == pytest.approx(10_050 / kept, rel=1e-5)
    assert told.profit is not None
    assert told.profit.mean == pytest.approx(100_000 * kept - 10_050, rel=1e-5)
    assert told.p_loss is not None
    assert 0.02 < told.p_loss < 0.3
    assert told.p_accept is not None
    assert (told.p_accept.mean, told.p_accept.lo80) == pytest.approx((0.5, 0.4))


def test_pure_commission_saves_the_fee_and_nobody_knows_the_answer() -> None:
    told = deal(deal_matrix(), "lip", "anna")
    paid, pure = option(told, FEE), option(told, PURE)
    assert paid.profit is not None
    assert pure.profit is not None
    assert pure.profit.mean - paid.profit.mean == pytest.approx(10_000, rel=1e-4)
    assert pure.p_accept is None
    assert any("were ever offered none" in note for note in pure.notes)
    assert told.commission_worth_fee == pytest.approx(0.2 + 10_000 / 80_000, rel=1e-5)


def test_where_offers_without_a_fee_were_seen_their_chance_is_told() -> None:
    seen = TERMS.model_copy(update={"no_fee": -1.0})
    told = option(deal(deal_matrix(manifest={"acceptance": seen}), "lip", "anna"), PURE)
    assert told.p_accept is not None
    assert told.p_accept.mean == pytest.approx(1 / (1 + np.exp(1.0)), rel=1e-4)


def test_who_asks_no_fee_is_offered_commission_alone() -> None:
    told = deal(deal_matrix(), "lip", "bo")
    assert [one.name for one in told.options] == [PURE, DEDICATED]
    p = option(told, PURE).p_accept
    assert p is not None
    assert p.mean == pytest.approx(0.6)


def test_the_suggested_commission_is_the_best_of_the_observed_range() -> None:
    told = option(deal(deal_matrix(), "lip", "anna"), FEE)
    best = told.suggestion
    assert best is not None
    grid = np.arange(0.1, 0.3001, 0.005)
    p = 1 / (1 + np.exp(-0.15 * np.clip(100 * (grid - 0.2), -10, 10)))
    earned = 100_000 * (0.8 * (0.6 - grid) - 0.01) - 10_050
    assert best.commission_rate == pytest.approx(grid[np.argmax(p * earned)], abs=1e-6)
    assert best.value == pytest.approx(np.max(p * earned), rel=1e-4)
    assert best.lo80 <= best.commission_rate <= best.hi80
    assert min(point.commission_rate for point in told.curve) == 0.1
    assert max(point.commission_rate for point in told.curve) == 0.3


def test_the_suggestion_never_leaves_the_range_and_says_when_it_ends_there() -> None:
    steep = TERMS.model_copy(update={"commission": 1.0, "points_above_asked": (-10.0, 30.0)})
    rich = deal_matrix(manifest={"acceptance": steep}, margin_rate=[0.9, 0.5, 0.4, 0.4])
    best = option(deal(rich, "lip", "anna"), FEE).suggestion
    assert best is not None
    assert best.commission_rate <= 0.3
    outside = deal(deal_matrix(), "lip", "anna", commission=0.45)
    assert any("lies outside of the 10.0% to 30.0%" in one for one in outside.options[0].notes)


def test_where_every_commission_loses_none_is_suggested() -> None:
    told = option(deal(deal_matrix(), "nut", "anna", slot_fee=50_000.0), FEE)
    assert told.suggestion is None
    assert any("expected to earn anything" in note for note in told.notes)


def test_terms_that_are_given_replace_those_known() -> None:
    told = deal(deal_matrix(), "lip", "anna", commission=0.25, slot_fee=20_000.0)
    paid = option(told, FEE)
    assert (paid.commission_rate, paid.slot_fee) == (0.25, 20_000.0)
    expected = 0.15 * 5 + min(np.log(2), 0.7)
    assert paid.p_accept is not None
    assert paid.p_accept.mean == pytest.approx(1 / (1 + np.exp(-expected)), rel=1e-5)


def test_a_dedicated_session_sells_the_brands_best_products_at_the_formats_rate() -> None:
    told = deal(deal_matrix(), "lip", "anna")
    whole = option(told, DEDICATED)
    assert whole.gmv is not None
    assert whole.gmv.mean == pytest.approx(2.0 * 140_000)
    assert whole.p_accept is None
    assert whole.profit is not None
    assert told.options[0].profit is not None
    assert told.fee_worth == pytest.approx(whole.profit.mean - told.options[0].profit.mean)
    priced = option(deal(deal_matrix(), "lip", "anna", dedicated_fee=30_000.0), DEDICATED)
    assert priced.profit is not None
    assert whole.profit.mean - priced.profit.mean == pytest.approx(30_000)
    doubt = np.log(1.5 / 0.6) / (2 * Z80)
    assert whole.gmv.lo80 is not None
    assert whole.gmv.hi80 is not None
    width = np.log(whole.gmv.hi80 / whole.gmv.lo80) / (2 * Z80)
    assert width == pytest.approx(np.hypot(doubt, 0.174), rel=1e-3)


def test_another_product_is_reckoned_with_its_own_numbers() -> None:
    told = deal(deal_matrix(), "lip", "anna", product_id="p2")
    paid = option(told, FEE)
    assert told.product_title == "Balm"
    assert paid.profit is not None
    kept = 0.9 * (0.52 - 0.2) - 0.1 * 0.05
    assert paid.profit.mean == pytest.approx(40_000 * kept - 10_020, rel=1e-5)


def test_what_the_source_lacks_is_a_sentence_not_a_number() -> None:
    blind = deal_matrix(
        margin_rate=[np.nan] * 4,
        manifest={
            "acceptance": None,
            "formats": None,
            "null_columns": {"margin_rate": "no product has a margin_rate"},
        },
        p_accept=[np.nan] * 4,
        p_accept_lo80=[np.nan] * 4,
        p_accept_hi80=[np.nan] * 4,
    )
    told = deal(blind, "lip", "anna")
    assert all(
        (one.profit, one.break_even_gmv, one.p_loss, one.p_accept) == (None,) * 4
        for one in told.options
    )
    notes = " ".join(told.notes)
    assert "margin of the product is not known (no product has a margin_rate)" in notes
    assert "P(yes) is not known" in notes
    assert "a dedicated session is not reckoned" in notes


def test_a_wrong_name_is_told_with_close_ones() -> None:
    matrix = deal_matrix()
    with pytest.raises(UnknownBrand, match="Close: 'lip'"):
        deal(matrix, "lipp", "anna")
    with pytest.raises(UnknownCreator, match="Close: 'anna' \\(Anna\\)") as wrong:
        deal(matrix, "lip", "anne")
    assert wrong.value.close == ("anna",)
    with pytest.raises(UnknownProduct, match="no product 'p3' among the 2 of 'lip'"):
        deal(matrix, "lip", "anna", product_id="p3")
    with pytest.raises(WrongInput, match="share of GMV"):
        deal(matrix, "lip", "anna", commission=20)
    with pytest.raises(WrongInput, match="0 or more"):
        deal(matrix, "lip", "anna", slot_fee=-1)


def test_a_matrix_of_a_source_that_lacks_almost_everything_is_answered_in_sentences() -> None:
    told = deal(small_matrix(), "acme", "c1")
    assert all(one.profit is None and one.p_loss is None for one in told.options)
    assert any("margin" in note for note in told.notes)
