"""What would change a rank is tried by ranking again, inside what was observed."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.errors import UnknownCreator
from models.explanations.levers import at_commission, commission_range, fee_range, price_band
from models.explanations.rank_changes import standing_of
from models.explanations.standing import RankChange
from models.matrix.columns import OFFER_NUMBERS
from models.matrix.matrix import AllianceMatrix, build_matrix
from models.matrix.offers import OfferParts
from models.shortlists.brand_view import brand_view
from tests.matrices import manifest

CREATORS = [f"c{i}" for i in range(1, 8)]
PRICES = [200.0, 99.0, 60.0]


def matrix(**changes: Any) -> AllianceMatrix:
    """Seven creators of one tier; profit 1000 (margin - commission) - fee, so 7 x 100 apart."""
    commission = np.array([0.10, 0.12, 0.14, 0.16, 0.18, 0.20, 0.22])
    fee = np.array([0.0, 20.0, 40.0, 60.0, 80.0, 100.0, 120.0])
    frame = pd.DataFrame(
        {
            "brand_id": "acme",
            "creator_id": CREATORS,
            "conversion_rate": 0.05,
            "best_product_id": "p1",
            "gmv": 2_000.0,
            "return_rate": 0.5,
            "net_gmv": 1_000.0,
            "order_value": 50.0,
            "margin_rate": 0.5,
            "commission_rate": commission,
            "slot_fee": fee,
            "profit": 1_000 * (0.5 - commission) - fee,
        }
    ).assign(**changes)
    creators = pd.DataFrame({"creator_id": CREATORS, "name": CREATORS, "tier": "tail"})
    products = pd.DataFrame(
        {"product_id": ["p1", "p2", "p3"], "brand_id": "acme", "price": PRICES, "title": "t"}
    )
    columns = {name: np.ones(21) for name in OFFER_NUMBERS}
    profit = frame["profit"].to_numpy()[:, None] + [0.0, 250.0, 300.0]
    columns |= {"profit": profit.ravel(), "extrapolated": np.zeros(21, bool)}
    ids = pd.Categorical(["p1", "p2", "p3"] * 7)
    brands = pd.DataFrame({"brand_id": ["acme"], "name": ["Acme"]})
    offers = OfferParts(np.full(7, 3), ids, columns)
    return build_matrix(frame, brands, creators, manifest(null_columns={}), products, offers)


def change(told: tuple[RankChange, ...], lever: str) -> RankChange:
    return next(one for one in told if one.lever == lever)


def test_the_least_commission_that_brings_a_creator_in_is_found() -> None:
    told = standing_of(matrix(), "acme", "c3", k=2, objective="profit")
    # profits 400, 360, 320, ...: c3 needs more than 360, so a commission below 10 %
    assert (told.rank, told.within, told.candidates) == (3, False, 7)
    assert (told.score, told.bar) == pytest.approx((320, 360))
    assert told.tried["commission"].startswith("no commission from 10.6% to 21.4%")
    fifth = standing_of(
        matrix(slot_fee=0.0, profit=[400, 380, 360, 343, 320, 300, 280]),
        "acme",
        "c5",
        k=4,
        objective="profit",
    )
    found = change(fifth.changes, "commission")
    # c5 has 320 at 18 % and 10 more for each point less; c4 has 343, so 15.7 % or less
    assert (found.value, found.rank) == (0.155, 4)


def test_one_inside_is_told_what_would_drop_it_out() -> None:
    profit = [400, 360, 323, 280, 240, 200, 160]
    told = standing_of(matrix(profit=profit), "acme", "c2", k=2, objective="profit")
    assert told.within
    found = change(told.changes, "commission")
    # c2 has 360 at 12 % and 10 less for each point more; c3 has 323, so more than 15.7 %
    assert (found.value, found.rank) == (0.16, 3)
    # a slot fee of 20, and one of more than 57 drops it; the range is cut into steps of 2.7
    assert change(told.changes, "slot_fee").value == pytest.approx(58.4, abs=1.4)


def test_no_lever_leaves_the_observed_range() -> None:
    view = brand_view(matrix(), "acme")
    commission, fee = commission_range(view, 0), fee_range(view, 0)
    assert commission is not None
    assert fee is not None
    for creator in CREATORS:
        told = standing_of(matrix(), "acme", creator, k=3, objective="profit")
        for one in told.changes:
            assert one.rank <= 3 if not told.within else one.rank > 3
            if one.lever == "commission":
                assert one.value is not None
                assert commission.low - 1e-9 <= one.value <= commission.high + 1e-9
            if one.lever == "slot_fee":
                assert one.value is not None
                assert fee.low <= one.value <= fee.high


def test_profit_at_another_commission_is_that_of_the_formula() -> None:
    told = at_commission(brand_view(matrix(), "acme"), 0, 0.15)
    assert told == {"profit": pytest.approx(2_000 * (1 - 0.5) * (0.5 - 0.15))}


def test_other_products_bring_in_and_tell_the_price_where_it_tells_them_apart() -> None:
    told = standing_of(matrix(), "acme", "c6", k=2, objective="profit")
    product, price = change(told.changes, "product"), change(told.changes, "price")
    # 200 with p1; 450 with p2, 500 with p3: both rank 1, and p2 stands first
    assert (product.products, product.rank) == (("p2",), 1)
    assert (price.value, price.now, price.at_most) == (99.0, 200.0, True)
    assert price.products == ("p2", "p3")


def test_a_price_is_not_told_where_dearer_and_cheaper_products_do() -> None:
    prices, crosses = np.array([50.0, 99.0, 200.0]), np.array([True, False, True])
    assert price_band(prices, crosses, np.ones(3, bool), 99.0) is None


def test_terms_do_not_move_what_they_are_no_part_of() -> None:
    told = standing_of(matrix(), "acme", "c6", k=2, objective="gmv")
    assert told.tried["commission"] == "commission does not change gmv"


def test_of_a_tier_with_few_creators_no_range_is_told() -> None:
    few = matrix(commission_rate=[0.1, 0.2] + [np.nan] * 5)
    told = standing_of(few, "acme", "c2", k=1, objective="profit")
    assert told.tried["commission"].startswith("too few creators of its tier")


def test_without_so_many_others_nothing_is_told() -> None:
    told = standing_of(matrix(), "acme", "c6", k=7, objective="profit")
    assert (told.bar, told.changes) == (None, ())


def test_an_unknown_creator_is_named() -> None:
    with pytest.raises(UnknownCreator, match="c99"):
        standing_of(matrix(), "acme", "c99")
