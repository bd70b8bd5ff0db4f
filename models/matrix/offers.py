"""Offers: each product of a brand with each creator scored for it, below the rows of the matrix."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.matrix.columns import OFFER_COLUMNS, OFFER_NUMBERS
from models.matrix.encoding import flags, positions

Positions = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Offers:
    """Creator x product of every brand, in the order of the matrix's rows.

    The offers of row r of the matrix are `start[r]` to `start[r + 1]`, one for each product that
    its brand was scored with, the same products in the same order for every creator of the brand.
    `product` holds positions into the matrix's products, `columns` the numbers of
    `OFFER_NUMBERS` (float32) and `extrapolated` (bool).
    """

    start: npt.NDArray[np.int64]  # (rows of the matrix + 1,)
    product: npt.NDArray[np.int32]
    columns: Mapping[str, npt.NDArray[Any]]

    def __len__(self) -> int:
        return len(self.product)

    def of(self, row: int) -> slice:
        """The offers of this row of the matrix."""
        return slice(int(self.start[row]), int(self.start[row + 1]))

    def for_product(self, rows: slice, product: int) -> Positions:
        """The offers of one product (its position) among these rows, in their order."""
        first, last = int(self.start[rows.start]), int(self.start[rows.stop])
        return first + np.flatnonzero(self.product[first:last] == product)


@dataclass(frozen=True)
class OfferParts:
    """Offers as they were scored: pair by pair, in the order of the pairs' own columns."""

    counts: npt.NDArray[np.int64]
    """How many offers each pair has."""
    product_id: Any
    """Ids, best as a categorical."""
    columns: dict[str, npt.NDArray[Any]]

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """All parts, one after the other, which are used up; they share their categories."""
        return cls(
            np.concatenate([part.counts for part in parts]),
            pd.api.types.union_categoricals([part.product_id for part in parts]),
            {
                name: np.concatenate([part.columns[name] for part in parts])
                for name in OFFER_COLUMNS
            },
        )

    def placed(self, order: Positions, product_ids: "pd.Series[str]") -> Offers:
        """The offers with the pairs put into this order; ValueError when they do not fit."""
        product = positions(self.product_id, product_ids)
        lengths = {len(product), *(len(self.columns[name]) for name in OFFER_COLUMNS)}
        if len(self.counts) != len(order) or lengths != {int(self.counts.sum())}:
            raise ValueError(
                f"offers of {len(self.counts)} pairs and {sorted(lengths)} rows do not fit "
                f"{len(order)} pairs of {int(self.counts.sum())} offers"
            )
        if (product < 0).any():
            raise ValueError("an offer has no product_id")
        rows: Any = slice(None)
        if (np.diff(order) != 1).any():
            begins = np.cumsum(self.counts) - self.counts
            moved = self.counts[order]
            within = np.arange(len(product)) - np.repeat(np.cumsum(moved) - moved, moved)
            rows = np.repeat(begins[order], moved) + within
        start = np.concatenate([[0], np.cumsum(self.counts[order])]).astype(np.int64)
        kept = {name: compact(_finite(self.columns[name][rows])) for name in OFFER_NUMBERS}
        kept["extrapolated"] = flags(self.columns["extrapolated"][rows])
        return Offers(start, product[rows], kept)


def compact(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same values; those of a column of which nothing is known share one place in memory."""
    if values.dtype.kind != "f" or not len(values) or not np.isnan(values).all():
        return values
    return np.broadcast_to(values[:1].copy(), values.shape)


def _finite(values: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """As float32, nan where not finite; without a copy where nothing is to be changed."""
    stored = np.asarray(values, dtype=np.float32)
    endless = np.isinf(stored)
    return np.where(endless, np.float32(np.nan), stored) if endless.any() else stored
