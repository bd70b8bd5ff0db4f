"""Rows of the matrix as a request sees them: of all products, or of some of them only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from models.matrix.matrix import AllianceMatrix

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class BrandView:
    """Rows of a brand (or all), (n,); `told` holds columns that differ from the matrix."""

    matrix: AllianceMatrix
    rows: slice
    told: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What the codes of `told` stand for, where that is not the matrix's own."""

    def __len__(self) -> int:
        return self.rows.stop - self.rows.start

    def column(self, name: str) -> npt.NDArray[Any]:
        """A column of the matrix as this request sees it, (n,)."""
        told = self.told.get(name)
        return self.matrix.columns[name][self.rows] if told is None else told

    def texts(self, name: str) -> tuple[str, ...]:
        """What the codes of a column of words stand for."""
        return self.words.get(name) or self.matrix.texts[name]

    def numbers(self, name: str) -> Floats:
        return self.column(name).astype(np.float64)

    @property
    def creators(self) -> npt.NDArray[Any]:
        """Positions in the matrix's creators, (n,)."""
        return self.column("creator_id")

    def of_creators(self, name: str) -> npt.NDArray[Any]:
        """A column of the creators for each row, (n,)."""
        values: npt.NDArray[Any] = self.matrix.creator_values[name][self.creators]
        return values


def brand_view(matrix: AllianceMatrix, brand_id: str) -> BrandView:
    """All products of the brand; raises UnknownBrand."""
    return BrandView(matrix, matrix.brand_rows(brand_id))


def whole_view(matrix: AllianceMatrix) -> BrandView:
    """Every row of the matrix."""
    return BrandView(matrix, slice(0, len(matrix)))
