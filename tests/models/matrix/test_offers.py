"""Offers: products with creators in the order of the matrix's rows, and whole on the disk."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features.errors import BrokenMatrix
from models.matrix.columns import OFFER_COLUMNS, OFFER_NUMBERS
from models.matrix.files import OFFER_FILES, load, save
from models.matrix.matrix import AllianceMatrix, build_matrix
from models.matrix.offers import OfferParts
from tests.matrices import BRANDS, CREATORS, PRODUCTS, manifest, rows

OF_ACME = ["p1", "p2"]
"""Each of Acme's four creators with both products, 雅诗兰黛's one with p2."""


def parts(gmv: list[float] | None = None) -> OfferParts:
    told = np.arange(9.0) if gmv is None else np.array(gmv)
    columns = {name: np.full(9, np.nan) for name in OFFER_NUMBERS} | {"gmv": told}
    return OfferParts(
        np.array([2, 2, 2, 2, 1]),
        pd.Categorical([*OF_ACME * 4, "p2"]),
        columns | {"extrapolated": told == 3},
    )


def matrix(offers: OfferParts | None, frame: pd.DataFrame | None = None) -> AllianceMatrix:
    told = rows() if frame is None else frame
    return build_matrix(told, BRANDS, CREATORS, manifest(), PRODUCTS, offers=offers)


def test_a_row_has_its_products_in_the_order_of_its_brand() -> None:
    built = matrix(parts())
    offers = built.offers
    assert offers is not None
    assert offers.of(2) == slice(4, 6)
    assert built.products["product_id"].iloc[offers.product[offers.of(2)]].tolist() == OF_ACME
    assert offers.columns["gmv"][offers.of(2)].tolist() == [4.0, 5.0]
    assert offers.of(4) == slice(8, 9)
    assert np.flatnonzero(offers.columns["extrapolated"]).tolist() == [3]


def test_one_product_of_a_brand_is_one_offer_a_creator() -> None:
    built = matrix(parts())
    assert built.offers is not None
    p2 = built.products["product_id"].tolist().index("p2")
    found = built.offers.for_product(built.brand_rows("acme"), p2)
    assert found.tolist() == [1, 3, 5, 7]
    assert built.offers.for_product(built.brand_rows("lan"), p2).tolist() == [8]
    assert built.offers.for_product(built.brand_rows("quiet"), p2).tolist() == []


def test_offers_follow_their_pairs_whatever_the_order_of_the_rows(tmp_path: Path) -> None:
    turned = parts()
    backwards = OfferParts(
        turned.counts[::-1],
        pd.Categorical(["p2", *OF_ACME * 4]),
        {name: values[[8, 6, 7, 4, 5, 2, 3, 0, 1]] for name, values in turned.columns.items()},
    )
    one = save(matrix(parts()), tmp_path / "a")
    other = save(matrix(backwards, rows()[::-1]), tmp_path / "b")
    assert one == other


def test_blocks_of_offers_are_joined_one_after_the_other() -> None:
    index = pd.Index(["p1", "p2"])

    def block() -> OfferParts:
        nothing = {name: np.full(2, np.nan) for name in OFFER_COLUMNS}
        return OfferParts(np.array([2]), pd.Categorical.from_codes([0, 1], index), nothing)

    joined = OfferParts.joined([block(), block()])
    assert joined.counts.tolist() == [2, 2]
    assert list(joined.product_id) == ["p1", "p2", "p1", "p2"]
    assert len(joined.columns["gmv"]) == 4


def test_offers_that_do_not_fit_the_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match="offers of 5 pairs"):
        matrix(parts(), rows()[:4])


def test_what_is_saved_is_what_is_read(tmp_path: Path) -> None:
    told = save(matrix(parts()), tmp_path / "m")
    read = load(tmp_path / "m")
    assert told.offers == 9
    assert read.offers is not None
    assert len(read.offers) == 9
    assert read.offers.columns["gmv"].tolist() == list(range(9))
    assert isinstance(read.offers.columns["gmv"].base, np.memmap)


def test_a_column_of_which_nothing_is_known_takes_one_number(tmp_path: Path) -> None:
    save(matrix(parts()), tmp_path / "m")
    assert np.load(tmp_path / "m" / "offers.profit.npy").shape == (1,)
    read = load(tmp_path / "m").offers
    assert read is not None
    assert read.columns["profit"].shape == (9,)
    assert np.isnan(read.columns["profit"]).all()


def test_what_is_not_finite_is_not_known() -> None:
    offers = matrix(parts([np.inf, *range(1, 9)])).offers
    assert offers is not None
    assert np.isnan(offers.columns["gmv"]).tolist() == [True, *[False] * 8]


def test_a_matrix_without_offers_has_none_and_no_files_of_them(tmp_path: Path) -> None:
    save(matrix(None), tmp_path / "m")
    assert load(tmp_path / "m").offers is None
    assert not list((tmp_path / "m").glob("offers.*"))


def test_another_number_of_an_offer_is_another_version(tmp_path: Path) -> None:
    one = save(matrix(parts()), tmp_path / "a")
    other = save(matrix(parts([*range(8), 99.0])), tmp_path / "b")
    assert one.version != other.version


def test_whichever_file_of_the_offers_is_missing_or_changed_it_is_named(tmp_path: Path) -> None:
    save(matrix(parts()), tmp_path / "m")
    for name in OFFER_FILES:
        path = tmp_path / "m" / name
        sound = path.read_bytes()
        path.unlink()
        with pytest.raises(BrokenMatrix, match=f"{name} is missing. Run 'alliance score' again"):
            load(tmp_path / "m", verify=False)
        path.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
        with pytest.raises(BrokenMatrix, match=f"{name} does not match its checksum"):
            load(tmp_path / "m")
        path.write_bytes(sound)


def test_offers_of_another_length_are_refused_even_without_checksums(tmp_path: Path) -> None:
    save(matrix(parts()), tmp_path / "m")
    np.save(tmp_path / "m" / "offers.start.npy", np.zeros(6, np.int64))
    with pytest.raises(BrokenMatrix, match=r"offers.start.npy does not span the 9 offers"):
        load(tmp_path / "m", verify=False)
