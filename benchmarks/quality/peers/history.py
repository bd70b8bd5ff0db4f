"""What a peer may know: counts of the weeks up to a date, and nothing after it."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from benchmarks.quality.journey import Counts, Journey
from models.prediction import Floats

Names = npt.NDArray[np.str_]

AS_OF: Final = (16, 22, 28)
WINDOW: Final = 12
FEWEST_WEEKS: Final = 6


@dataclass(frozen=True)
class History:
    """Weekly counts cut off at the end of week `as_of`."""

    category: Names  # (brands,)
    k: Counts  # (as_of + 1, brands, stores): baskets with the brand; index 0 is empty
    n: Counts  # (as_of + 1, stores): all baskets

    @classmethod
    def of(cls, journey: Journey, as_of: int) -> Self:
        return cls(journey.category, journey.k[: as_of + 1], journey.n[: as_of + 1])

    @property
    def as_of(self) -> int:
        return len(self.n) - 1

    def before(self, as_of: int) -> Self:
        """The same as it was known at the end of an earlier week."""
        return type(self)(self.category, self.k[: as_of + 1], self.n[: as_of + 1])

    def counts(self, half_life: float | None = None) -> tuple[Floats, Floats]:
        """Baskets with the brand (brands, stores) and baskets (stores,) so far.

        With a half-life in weeks, older weeks count for less.
        """
        age = np.arange(self.as_of, -1, -1)
        weight = np.ones(len(age)) if half_life is None else 0.5 ** (age / half_life)
        return np.tensordot(weight, self.k, axes=1), weight @ self.n

    def after(self, first_week: int, last_week: int) -> tuple[Floats, Floats]:
        """Counts of the weeks after `first_week` up to `last_week`."""
        assert first_week < last_week <= self.as_of, "these weeks are not known yet"
        weeks = slice(first_week + 1, last_week + 1)
        return self.k[weeks].sum(axis=0, dtype=float), self.n[weeks].sum(axis=0, dtype=float)

    def windows(self) -> list[tuple[int, int]]:
        """(as-of week, last week of the outcome) to learn from: twelve weeks, or what is known."""
        return [
            (week, min(week + WINDOW, self.as_of))
            for week in AS_OF
            if week + FEWEST_WEEKS <= self.as_of
        ]

    def brand_rate(self) -> Floats:
        """Of each brand: baskets with it per basket, all stores together, (brands, 1)."""
        k, n = self.counts()
        return np.asarray((k.sum(axis=1, keepdims=True) + 0.5) / (n.sum() + 1))

    def of_category(self, per_brand: Floats) -> Floats:
        """Sums over the brands of each brand's category, (brands, stores)."""
        _, index = np.unique(self.category, return_inverse=True)
        sums = np.zeros((int(index.max()) + 1, per_brand.shape[1]))
        np.add.at(sums, index, per_brand)
        return sums[index]
