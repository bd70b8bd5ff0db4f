"""Similarities that are one dot product: a row for each creator, a row for each item."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Positions = npt.NDArray[np.intp]
Known = npt.NDArray[np.bool_]

CHUNK = 8192
"""Pairs computed at a time: small enough to stay in the processor's cache."""


@dataclass(frozen=True)
class VectorProduct:
    """similarity(creator, item) = creators[creator] . items[row_of_item[item]].

    Rows of nan mean unknown. `row_of_item` is empty where every item has a row of its own.
    """

    creators: Vectors
    items: Vectors
    row_of_item: Positions = field(default_factory=lambda: np.empty(0, np.intp))

    def of(self, creator: Positions, item: Positions) -> Vectors:
        """One number per pair. A pair's number does not depend on which others are asked for."""
        if self.row_of_item.size:
            item = self.row_of_item[item]
        result = np.empty(len(creator), np.float32)
        for start in range(0, len(creator), CHUNK):
            part = slice(start, start + CHUNK)
            left, right = self.creators[creator[part]], self.items[item[part]]
            np.einsum("ij,ij->i", left, right, out=result[part])
        return result


def standardised(
    creators: Vectors, items: Vectors, creator_known: Known, item_known: Known
) -> VectorProduct:
    """Dot products with mean 0 and spread 1 over all pairs of known creators and items.

    So that numbers of different dates, whose vectors are learned apart, can be compared.
    Mean and spread come from the two tables' moments, without forming the pairs.
    """
    left, right = creators[creator_known].astype(float), items[item_known].astype(float)
    mean, spread = _moments(left, right)
    ones = np.ones((len(items), 1))
    shift = np.full((len(creators), 1), -mean)
    return VectorProduct(
        np.hstack([creators, shift]).astype(np.float32) / np.float32(spread),
        np.hstack([items, ones]).astype(np.float32),
    )


def centred(
    creators: Vectors, items: Vectors, creator_known: Known, item_known: Known
) -> VectorProduct:
    """Dot products less the creator's mean over known items and the item's over known creators.

    What is left is fit: neither big creators nor popular items score high by themselves.
    Spread 1 over the known pairs.
    """
    left, right = creators.astype(np.float64), items.astype(np.float64)
    if creator_known.any() and item_known.any():
        left -= left[creator_known].mean(0)
        right -= right[item_known].mean(0)
    _, spread = _moments(left[creator_known], right[item_known])
    return VectorProduct((left / spread).astype(np.float32), right.astype(np.float32))


def cosines(
    creators: Vectors, items: Vectors, row_of_item: Positions | None = None
) -> VectorProduct:
    """Cosines of the rows; nan where either row is zero or unknown."""
    rows = np.empty(0, np.intp) if row_of_item is None else row_of_item
    return VectorProduct(_directions(creators), _directions(items), rows)


def _moments(left: npt.NDArray[np.float64], right: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Mean and spread (1 where there is none) of the dots of all pairs of rows."""
    if not len(left) or not len(right):
        return 0.0, 1.0
    mean = float(left.mean(0) @ right.mean(0))
    squares = float(((left.T @ left) * (right.T @ right)).sum()) / (len(left) * len(right))
    variance = squares - mean**2
    return mean, float(np.sqrt(variance)) if variance > 1e-12 else 1.0


def _directions(vectors: Vectors) -> Vectors:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(length > 1e-9, length, np.nan), np.float32)
