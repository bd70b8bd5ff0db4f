"""Retrieval: for a grid too big to score in full, the creators worth scoring for each brand."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from models.embeddings.collaborative import largest_dots
from models.embeddings.products import VectorProduct

Vectors = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]

CHEAP_WEIGHTS: Mapping[str, float] = {
    "sold_fit": 0.03,
    "category_choice": 0.15,
    "given_fit": 0.1,
}
"""How much each similarity moves the cheap score, on the scale of the creator's level (logit).

Near what a regression of true conversion on them gives in simulated worlds; for sources whose
own effects are unknown.
"""


def plan_grid(n_pairs: int, max_pairs: int) -> Literal["exact", "retrieval"]:
    """Whether all pairs are scored, or only the best candidates of each brand."""
    return "exact" if n_pairs <= max_pairs else "retrieval"


def cheap_vectors(
    products: Mapping[str, VectorProduct],
    n_creators: int,
    brand_of_item: Positions,
    active: npt.NDArray[np.bool_],
    weights: Mapping[str, float] = CHEAP_WEIGHTS,
) -> tuple[Vectors, Vectors]:
    """Creators and brands as vectors whose dot product is a cheap score of the pair.

    The score is the weighted sum of the named similarities, each averaged over the brand's
    `active` items (all its items where none is active). Brands are 0..max(brand_of_item).
    Similarities that the data does not support are left out; unknown ones count 0.
    """
    n_brands = int(brand_of_item.max(initial=-1)) + 1
    left: list[Vectors] = [np.empty((n_creators, 0), np.float32)]
    right: list[Vectors] = [np.empty((n_brands, 0), np.float32)]
    share = _shares(brand_of_item, active, n_brands)
    for name, weight in weights.items():
        product = products.get(name)
        if product is None:
            continue
        left.append(np.nan_to_num(product.creators) * np.float32(weight))
        row = product.row_of_item if product.row_of_item.size else np.arange(len(brand_of_item))
        shape = (n_brands, len(product.items))
        means = sparse.csr_matrix((share, (brand_of_item, row)), shape=shape)
        right.append(np.asarray(means @ np.nan_to_num(product.items), np.float32))
    return np.hstack(left), np.hstack(right)


def candidates(
    creator_vectors: Vectors, brand_vectors: Vectors, k: int, creator_level: Floats | None = None
) -> Positions:
    """The k creators with the highest cheap score for each brand, best first: (brands, k).

    The score is the dot product plus the creator's level (e.g. the logit of its shrunken
    conversion), which rides along as one more dimension, so that one exact inner-product search
    ranks both. Fewer than k columns when there are fewer creators. Ties go to the lower position.
    """
    if creator_level is not None:
        level = np.nan_to_num(creator_level, nan=float(np.nanmin(creator_level, initial=0)))
        creator_vectors = np.hstack([creator_vectors, level[:, None].astype(np.float32)])
        ones = np.ones((len(brand_vectors), 1), np.float32)
        brand_vectors = np.hstack([brand_vectors, ones])
    return largest_dots(brand_vectors, creator_vectors, k)


def recall_at(k: int, exact_top: Positions, retrieved: Positions) -> float:
    """Share of the exact top k of each brand that was retrieved, averaged over brands.

    Rows are brands, columns creators with the best first; nan without brands.

    >>> recall_at(2, np.array([[4, 7, 1]]), np.array([[7, 3, 1]]))
    0.5
    """
    if not exact_top.size:
        return float("nan")
    found = [
        np.isin(exact[:k], row).mean() for exact, row in zip(exact_top, retrieved, strict=True)
    ]
    return float(np.mean(found))


def _shares(brand_of_item: Positions, active: npt.NDArray[np.bool_], n_brands: int) -> Floats:
    """The weight of each item in its brand's mean."""
    any_active = np.bincount(brand_of_item, active, n_brands) > 0
    counted = np.where(any_active[brand_of_item], active, True).astype(float)
    total = np.bincount(brand_of_item, counted, n_brands)
    return np.asarray(counted / total[brand_of_item])
