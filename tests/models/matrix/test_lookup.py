"""Pairs and products are found by id; wrong ids are told with close ones."""

import pytest

from features.errors import UnknownBrand, UnknownCreator, UnknownProduct
from models.matrix.lookup import pair_row, product_position
from tests.matrices import offered_matrix, small_matrix


def test_a_pair_is_found_in_its_brand() -> None:
    matrix = small_matrix()
    assert [pair_row(matrix, "acme", creator) for creator in ("c1", "c4")] == [0, 3]
    assert pair_row(matrix, "lan", "c1") == 4


def test_an_unknown_creator_is_told_with_close_ones_by_id_and_by_chinese_name() -> None:
    with pytest.raises(UnknownCreator, match=r"no creator 'c11' among the 4 .* Close: 'c1' \(李佳"):
        pair_row(small_matrix(), "acme", "c11")
    with pytest.raises(UnknownCreator) as refused:
        pair_row(small_matrix(), "acme", "王芳")
    assert refused.value.close == ("c3",)


def test_a_creator_that_was_not_scored_for_the_brand_is_not_unknown_at_all() -> None:
    with pytest.raises(UnknownCreator, match="'c2' was not scored for 'lan'"):
        pair_row(small_matrix(), "lan", "c2")


def test_an_unknown_brand_is_told_first() -> None:
    with pytest.raises(UnknownBrand, match="no brand 'acm'"):
        pair_row(small_matrix(), "acm", "c1")


def test_a_product_is_found_or_told_with_close_ones() -> None:
    assert product_position(offered_matrix(), "acme", "p2") == 1
    with pytest.raises(UnknownProduct, match=r"no product 'mask' among the 2 .* 'p2' \(Mask\)"):
        product_position(offered_matrix(), "acme", "mask")


def test_without_offers_nothing_is_said_of_products() -> None:
    with pytest.raises(UnknownProduct, match="keeps only the best product"):
        product_position(small_matrix(), "acme", "p1")
