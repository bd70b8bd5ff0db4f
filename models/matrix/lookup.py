"""A creator, a pair or a product of the matrix by ids; close ones where there is none."""

import numpy as np

from features.errors import UnknownCreator, UnknownProduct
from models.close_names import close_ids
from models.matrix.matrix import AllianceMatrix


def pair_row(matrix: AllianceMatrix, brand_id: str, creator_id: str) -> int:
    """The pair's row; raises UnknownBrand, and UnknownCreator with close ids among its pairs."""
    rows = matrix.brand_rows(brand_id)
    within = matrix.columns["creator_id"][rows]
    ids = matrix.creators["creator_id"]
    if known := np.flatnonzero((ids == creator_id).to_numpy()).tolist():
        place = int(np.searchsorted(within, known[0]))
        if place < len(within) and within[place] == known[0]:
            return rows.start + place
    candidates = matrix.creators.iloc[within]
    names = dict(zip(candidates["creator_id"], candidates["name"], strict=True))
    close = close_ids(creator_id, names)
    sentence = (
        f"no creator '{creator_id}' among the {len(within):,} scored for '{brand_id}' in the "
        f"matrix of {matrix.manifest.as_of}."
    )
    if known:
        sentence = (
            f"'{creator_id}' was not scored for '{brand_id}': the matrix of "
            f"{matrix.manifest.as_of} holds the {len(within):,} best candidates of each brand."
        )
    raise UnknownCreator(sentence + _close(close, names), close)


def product_position(matrix: AllianceMatrix, brand_id: str, product_id: str) -> int:
    """Where the product stands in `products`; UnknownProduct where the brand has no such offer."""
    rows = matrix.brand_rows(brand_id)
    if matrix.offers is None:
        raise UnknownProduct(
            "this matrix keeps only the best product of each pair, so there is nothing to say of "
            "single products (its notes say why)."
        )
    first, last = int(matrix.offers.start[rows.start]), int(matrix.offers.start[rows.stop])
    of_brand = np.unique(matrix.offers.product[first:last])
    products = matrix.products.iloc[of_brand]
    found = np.flatnonzero((products["product_id"] == product_id).to_numpy())
    if len(found):
        return int(of_brand[found[0]])
    names = dict(zip(products["product_id"], products["title"], strict=True))
    close = close_ids(product_id, names)
    raise UnknownProduct(
        f"no product '{product_id}' among the {len(of_brand):,} of '{brand_id}' in the matrix of "
        f"{matrix.manifest.as_of}." + _close(close, names),
        close,
    )


def creator_position(matrix: AllianceMatrix, creator_id: str) -> int:
    """Where the creator stands in `creators`; raises UnknownCreator with close ids."""
    ids, names = matrix.creator_values["creator_id"], matrix.creator_values["name"]
    if known := np.flatnonzero(ids == creator_id).tolist():
        return int(known[0])
    named = dict(zip(ids, names, strict=True))
    close = close_ids(creator_id, named)
    raise UnknownCreator(
        f"no creator '{creator_id}' in the matrix of {matrix.manifest.as_of} ({len(ids):,} "
        f"creators).{_close(close, named)} Run 'alliance score' after adding a creator.",
        close,
    )


def _close(close: list[str], names: dict[str, str | float | None]) -> str:
    shown = [f"'{i}' ({names[i]})" if isinstance(names[i], str) else f"'{i}'" for i in close]
    return f" Close: {', '.join(shown)}." if shown else ""
