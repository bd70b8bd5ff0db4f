"""Shortlists for some products of a brand: which is named, and what is told of it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.errors import WrongInput
from models.matrix.columns import OFFER_COLUMNS
from models.matrix.matrix import AllianceMatrix, build_matrix
from models.matrix.offers import OfferParts
from models.shortlists.filters import ShortlistFilters
from models.shortlists.shortlist import Shortlist, shortlist
from tests.matrices import BRANDS, CREATORS, manifest, rows, small_matrix

PRODUCTS = pd.DataFrame(
    {
        "product_id": ["p1", "p2", "p3"],
        "brand_id": ["acme"] * 3,
        "title": ["玻尿酸面膜", "Mask", "Serum"],
        "category": ["beauty"] * 3,
        "price": [50.0, 100.0, 400.0],
    }
)
NET = np.array([[4_500.0, 900.0, 800.0], [3_000.0, 3_600.0, 10.0], [3_600.0, 1.0, 2.0]])
CONVERSION = np.array([[0.06, 0.02, 0.01], [0.05, 0.03, 0.01], [0.02, 0.01, 0.04]])


def matrix_of_products() -> AllianceMatrix:
    """Acme with three creators and three products each."""
    pairs = rows().iloc[:3].reset_index(drop=True)
    known: Mapping[str, Any] = {
        "net_gmv": NET.ravel(),
        "conversion_rate": CONVERSION.ravel(),
        "p_above_benchmark": np.tile([0.9, 0.1, 0.5], 3),
        "p_impressions_above_benchmark": np.tile([0.9, 0.9, 0.5], 3),
        "evidence_sessions": np.zeros(9),
    }
    columns = {name: known.get(name, np.full(9, np.nan)) for name in OFFER_COLUMNS}
    columns["extrapolated"] = np.zeros(9, bool)
    offers = OfferParts(np.full(3, 3), pd.Categorical(["p1", "p2", "p3"] * 3), columns)
    return build_matrix(pairs, BRANDS, CREATORS, manifest(), PRODUCTS, offers)


def told(**filters: Any) -> Shortlist:
    return shortlist(matrix_of_products(), "acme", filters=ShortlistFilters(**filters))


def ids(listed: Shortlist) -> list[str]:
    return [row.creator_id for row in listed.rows]


def test_one_product_is_ranked_by_its_own_forecasts() -> None:
    listed = told(product=["p2"])
    assert ids(listed) == ["c2", "c1", "c3"]
    assert [row.best_product_id for row in listed.rows] == ["p2"] * 3
    assert [row.net_gmv.mean for row in listed.rows if row.net_gmv] == [3_600, 900, 1]
    assert listed.products == ("p2",)


def test_what_holds_for_another_product_is_not_told_of_this_one() -> None:
    second = told(product=["p2"]).rows[1]  # the matrix names p1 for c1
    assert second.creator_id == "c1"
    assert second.gpm is None
    assert second.reasons == ()
    assert (second.quadrant, second.action) == (
        "mend",
        "new: others come first, conversion is forecast below the benchmark",
    )


def test_of_several_products_the_best_is_named_and_conversion_is_their_mean() -> None:
    listed = told(product=["p2", "p3"])
    assert [row.best_product_id for row in listed.rows] == ["p2", "p2", "p3"]
    conversion = {row.creator_id: row.conversion.mean for row in listed.rows if row.conversion}
    assert conversion == pytest.approx({"c1": 0.015, "c2": 0.02, "c3": 0.025}, rel=1e-5)


def test_a_band_of_prices_chooses_products() -> None:
    listed = told(min_price=60, max_price=200)
    assert {row.best_product_id for row in listed.rows} == {"p2"}
    assert listed.removed == {"price from 60 to 200": 0}


def test_a_band_without_a_product_leaves_nobody_and_says_so() -> None:
    listed = told(min_price=1_000)
    assert listed.rows == ()
    assert listed.message == "None of 3 creators passes the filters. Drop or widen it."


def test_a_product_that_the_brand_does_not_sell_is_refused_with_close_ones() -> None:
    with pytest.raises(WrongInput, match=r"no product 'p4' \(3 active products\).*p1"):
        told(product=["p4"])


def test_without_forecasts_by_product_a_product_is_refused_and_a_band_reads_the_named_one() -> None:
    with pytest.raises(WrongInput, match="no forecasts by product"):
        shortlist(small_matrix(), "acme", filters=ShortlistFilters(product=["p1"]))
