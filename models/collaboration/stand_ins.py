"""A brand's partners in its place: each is asked for the others, as if it were the brand.

Brands are few and each is one example of who fits whom; what its partners have in common says the
same once more, where brands and creators have vectors of the same space.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from models.collaboration.partners import Floats, Positions, Ties

MOST = 4
"""Of a brand's partners, evenly from their order."""
MOST_IN_ALL = 1_200
"""Of all brands' partners: the map's cost grows with them; a brand keeps one at least."""


@dataclass(frozen=True)
class StandIns:
    """Which creator stands in for which brand: positions in a table of ties."""

    brand: Positions
    creator: Positions

    @classmethod
    def of(cls, ties: Ties) -> Self:
        """Some partners of each brand that has another one to be found."""
        brand, creator = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)]
        asked = np.flatnonzero(np.diff(ties.indptr) > 1)
        most = int(np.clip(MOST_IN_ALL // max(len(asked), 1), 1, MOST))
        for row in asked:
            partners = np.sort(ties[row].indices)
            at = np.unique(np.linspace(0, len(partners) - 1, most).astype(int))
            brand.append(np.full(len(at), row, np.intp))
            creator.append(partners[at].astype(np.intp))
        return cls(np.concatenate(brand), np.concatenate(creator))

    def wanted(self, ties: Ties) -> Floats:
        """Of each, how much finding a creator counts, (n, creators); nan for itself.

        The stand-ins of a brand count together as much as the brand, each the same.
        """
        told = ties.toarray().astype(float)[self.brand]
        all_ = told.sum(axis=1)
        told[np.arange(len(told)), self.creator] = 0
        of_brand = np.bincount(self.brand, minlength=1)[self.brand]
        told *= (all_ / told.sum(axis=1) / of_brand)[:, None]
        told[np.arange(len(told)), self.creator] = np.nan
        return told
