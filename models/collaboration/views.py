"""Given vectors made comparable: what is common to all taken off, what is rare brought out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from models.collaboration.landmarks import Landmarks
from models.collaboration.partners import Floats, Side, Vectors, directions

RIDGE = 0.03
"""Of the mean variance, added to each direction before it is divided by its spread."""
SIZE = 20
"""Main directions kept of a set that brands alone have."""
FEWEST = 10
"""Vectors needed on a side to learn what is common."""


@dataclass(frozen=True)
class View:
    """One set on one side: learned from those who collaborated, applied to anybody.

    Rows that are shares of a whole (topics) enter by their square roots (`rooted`), so that
    cosines are Hellinger affinities; so do amounts that brands alone have.
    `plain` takes off the mean; `rare` divides by the spread of each direction too (over both
    sides), so that a rare hashtag in common counts more than a usual one. Both have length 1,
    or 0 where no vector was given.
    """

    rooted: bool
    mean: Floats
    rotation: Floats
    """(d, d) whitening of the set, or (d, SIZE) main directions where brands alone have it."""

    def plain(self, vectors: Vectors) -> Vectors:
        return directions(self._centred(vectors))

    def rare(self, vectors: Vectors) -> Vectors:
        return directions((self._centred(vectors) @ self.rotation).astype(np.float32))

    def main(self, vectors: Vectors) -> Vectors:
        """Main directions, lengths kept; zeros where no vector was given."""
        return np.nan_to_num(self._centred(vectors) @ self.rotation).astype(np.float32)

    def _centred(self, vectors: Vectors) -> Vectors:
        return np.asarray(_rooted(vectors, self.rooted) - self.mean, np.float32)


@dataclass(frozen=True)
class Views:
    """Every set as both sides see it: shared ones are compared, the others only learned from."""

    shared: tuple[str, ...]
    of_brands: Mapping[str, View]
    of_creators: Mapping[str, View]
    industries: tuple[str, ...]
    categories: tuple[str, ...]
    known_brands: Landmarks | None
    """None where brands have no shared set."""
    known_creators: Landmarks

    @classmethod
    def learned(cls, brands: Side, creators: Side) -> Self:
        """From the brands and creators that collaborated, and nobody else."""
        shared = tuple(
            name
            for name, vectors in creators.vectors.items()
            if name in brands.vectors and brands.vectors[name].shape[1] == vectors.shape[1]
        )
        of_brands: dict[str, View] = {}
        of_creators: dict[str, View] = {}
        for name, vectors in creators.vectors.items():
            sides = [vectors, brands.vectors[name]] if name in shared else [vectors]
            shares = all(_are_shares(side) for side in sides)
            whitening = _whitening([_rooted(side, shares) for side in sides])
            of_creators[name] = View(shares, _mean(_rooted(vectors, shares)), whitening)
            if name in shared:
                own = _mean(_rooted(brands.vectors[name], shares))
                of_brands[name] = View(shares, own, whitening)
        for name, vectors in brands.vectors.items():
            if name not in shared:
                of_brands[name] = _own_set(vectors)
        return cls(
            shared,
            of_brands,
            of_creators,
            tuple(sorted({*brands.category.tolist()} - {""})),
            tuple(sorted({*creators.category.tolist()} - {""})),
            Landmarks.learned(_all_looks(of_brands, brands, shared)) if shared else None,
            Landmarks.learned(_all_looks(of_creators, creators, tuple(of_creators))),
        )

    def brand_inputs(self, brands: Side, stand_ins: Side | None = None) -> Vectors:
        """What a learned map reads of brands: shared sets together, own sets, the industry.

        With `stand_ins`, creators row by row, the shared sets are theirs.
        """
        parts = [_one_hot(brands.category, self.industries)]
        if self.known_brands is not None:
            views, side = self.of_brands, brands
            if stand_ins is not None:
                views, side = self.of_creators, stand_ins
            together = _all_looks(views, side, self.shared)
            parts.append(self.known_brands.features(together))
        own = [name for name in self.of_brands if name not in self.shared]
        parts += [self.of_brands[name].main(brands.vectors[name]) for name in own]
        return np.hstack(parts)

    def creator_inputs(self, creators: Side) -> Vectors:
        """What a learned map reads of creators: every set together, and the main category."""
        together = _all_looks(self.of_creators, creators, tuple(self.of_creators))
        features = self.known_creators.features(together)
        return np.hstack([_one_hot(creators.category, self.categories), features])


def _all_looks(views: Mapping[str, View], side: Side, names: tuple[str, ...]) -> Vectors:
    """Plain and rare of the sets side by side, of length 1 where all were given."""
    looks = [look for name in names for look in _looks(views[name], side.vectors[name])]
    return np.hstack(looks) / np.float32(np.sqrt(len(looks)))


def _looks(view: View, vectors: Vectors) -> list[Vectors]:
    return [view.plain(vectors), view.rare(vectors)]


def _own_set(vectors: Vectors) -> View:
    """Main directions of a set that brands alone have, of mean squared length 1."""
    amounts = bool((np.nan_to_num(vectors) >= 0).all())
    rooted = _rooted(vectors, amounts)
    mean = _mean(rooted)
    known = np.nan_to_num(rooted - mean).astype(float)
    _, _, axes = np.linalg.svd(known, full_matrices=False)
    main = axes[:SIZE].T
    length = np.sqrt(((known @ main) ** 2).sum(axis=1).mean())
    return View(amounts, mean, main / max(float(length), 1e-9))


def _one_hot(category: np.ndarray, known: tuple[str, ...]) -> Vectors:
    hot = category[:, None] == np.array(known, dtype=np.str_)[None, :]
    said = hot.any(axis=1, keepdims=True)
    return np.where(said, hot - 1 / max(len(known), 1), 0).astype(np.float32)


def _are_shares(vectors: Vectors) -> bool:
    given = vectors[np.isfinite(vectors).all(axis=1)]
    return bool(len(given) and (given >= 0).all() and np.allclose(given.sum(axis=1), 1, atol=0.02))


def _rooted(vectors: Vectors, shares: bool) -> Vectors:
    return np.sqrt(np.maximum(vectors, 0)) if shares else vectors


def _mean(vectors: Vectors) -> Floats:
    given = vectors[np.isfinite(vectors).all(axis=1)].astype(float)
    return given.mean(axis=0) if len(given) >= FEWEST else np.zeros(vectors.shape[1])


def _whitening(sides: list[Vectors]) -> Floats:
    """Directions divided by their spread around each side's own mean, sides counting alike."""
    width = sides[0].shape[1]
    spread = np.zeros((width, width))
    for vectors in sides:
        given = vectors[np.isfinite(vectors).all(axis=1)].astype(float)
        if len(given) >= FEWEST:
            spread += np.cov(given.T).reshape(width, width)
    size, axes = np.linalg.eigh(spread)
    size = np.maximum(size, 0)
    if size.mean() <= 0:
        return np.eye(width)
    return axes / np.sqrt(size + RIDGE * size.mean())
