"""Directions of a side multiplied with each other: what likeness to known examples says together.

exp(x'y) of unit vectors is the sum of all products of their directions, so a map that is linear
in features of this kernel also learns "this hashtag together with that topic".
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from models.collaboration.partners import Floats, Vectors

MOST = 600
"""Examples that anybody is compared with."""
SIZE = 300
"""Directions kept of what the comparison says."""
ROWS_AT_ONCE = 4096
LENGTH = 2.0
"""Of the features, in the root mean square: how much a penalty on weights lets them say."""


@dataclass(frozen=True)
class Landmarks:
    """Nyström features of exp(x'y), learned from the examples (m, d) of one side.

    Seeger & Williams (2001): kernel with the examples, times their main axes over root sizes.
    """

    examples: Vectors
    axes: Floats
    """(m, SIZE at most)"""
    mean: Floats

    @classmethod
    def learned(cls, vectors: Vectors) -> Self:
        """From rows of length 1 at most; where there are too many, evenly from their order."""
        at = np.unique(np.linspace(0, len(vectors) - 1, MOST).astype(int))
        examples = vectors[at]
        size, axes = np.linalg.eigh(_kernel(examples, examples))
        kept = np.argsort(-size)[:SIZE]
        kept = kept[size[kept] > 1e-6 * size.max()]
        plain = cls(examples, axes[:, kept] / np.sqrt(size[kept]), np.zeros(len(kept)))
        made = plain.features(vectors).astype(float)
        mean = made.mean(axis=0)
        length = np.sqrt(((made - mean) ** 2).sum(axis=1).mean())
        share = LENGTH / length if length > 1e-6 else 1.0
        return cls(examples, plain.axes * share, mean * share)

    def features(self, vectors: Vectors) -> Vectors:
        """(n, axes) of rows as long as the examples."""
        made = np.empty((len(vectors), len(self.mean)), np.float32)
        for start in range(0, len(vectors), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            made[part] = _kernel(vectors[part], self.examples) @ self.axes - self.mean
        return made


def _kernel(rows: Vectors, columns: Vectors) -> Floats:
    return np.exp(rows.astype(float) @ columns.T - 1)
