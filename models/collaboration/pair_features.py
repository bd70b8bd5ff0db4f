"""What past collaborations say of any pair, also of brands and creators without a past.

Everything is learned from the brands and creators of a history alone. Creators close to every
brand of the history (hubs) are taken down by how close they usually are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from scipy import sparse

from models.collaboration.bilinear import BilinearMap, learned_map, log_sum
from models.collaboration.partners import Floats, Positions, Side, Ties, Vectors
from models.collaboration.stand_ins import StandIns
from models.collaboration.views import Views

NEAREST = 10
"""Brands of the history that a creator is closest to: their mean closeness makes a hub."""
HUB = 0.5
"""Share of a hub's usual closeness that is taken off."""
SHARPNESS = 10.0
"""How fast a brand of the history counts less as it is less alike, per unit of cosine."""
LEARNED = ("learned", "learned_hub")
MATCH = (1 - 1 / HUB, 1 / HUB)
"""Of these two, makes the logit less all that is usual for the creator: the log odds of this
brand beside the brands of the history."""
CHUNK = 4096


@dataclass(frozen=True)
class SeenCreators:
    """Creators as the features see them; row order is the order of the side given."""

    known: Floats
    """1 where any vector was given, else nan: nothing can be said of the others."""
    looks: Mapping[str, Vectors]
    """By set: unit vectors; also '<set>.rare' for sets that brands have too."""
    inputs: Vectors
    hubs: Mapping[str, Floats]
    at: Positions
    """Position among the creators of the history; -1 if not there."""


@dataclass(frozen=True)
class SeenBrands:
    """Brands as the features see them: their own vectors and what partners of alike ones are."""

    looks: Mapping[str, Vectors]
    inputs: Vectors
    alike: Floats
    """Weight of each brand of the history, itself left out, (n, brands of the history)."""
    same_industry: Floats


@dataclass(frozen=True)
class PairFeatures:
    """Features of a pair, learned from a history of brands, creators and their ties."""

    views: Views
    map: BilinearMap
    brands: Side
    creators: Side
    ties: Ties

    @classmethod
    def learned(cls, brands: Side, creators: Side, ties: Ties, stand_ins: bool) -> Self:
        """From the brands and creators that have a tie; the others are left out.

        With `stand_ins`, partners ask in their brands' place too, where sets are shared.
        """
        row, column = (np.flatnonzero(np.diff(m.indptr)) for m in (ties, ties.tocsc()))
        brands, creators = brands.take(row), creators.take(column)
        ties = sparse.csr_matrix(ties[row][:, column])
        views = Views.learned(brands, creators)
        instead = StandIns.of(ties if stand_ins and views.shared else ties[:0])
        close = [
            np.vstack([brand_looks, creator_looks[instead.creator]]) @ creator_looks.T
            for brand_looks, creator_looks in _compared(views, brands, creators)
        ]
        asking = np.vstack(
            [views.brand_inputs(brands), _in_place(views, brands, creators, instead)]
        )
        told = np.vstack([ties.toarray(), instead.wanted(ties)])
        learned = learned_map(asking, views.creator_inputs(creators), close, told)
        return cls(views, learned, brands, creators, ties)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features, in order."""
        compared = [f"{name}{end}" for name in self.views.shared for end in ("", ".rare")]
        return (
            *(f"{name}.close" for name in compared),
            *(f"{name}.close_hub" for name in compared),
            *(
                f"{name}.{what}"
                for name in self.views.of_creators
                for what in ("alike_partners", "industry_partners", "own_partners")
            ),
            *LEARNED,
        )

    def seen_brands(self, brands: Side) -> SeenBrands:
        looks = _looks(self.views, brands, self.views.of_brands)
        history = _looks(self.views, self.brands, self.views.of_brands)
        alike = np.zeros((len(brands), len(self.brands)))
        sets = [name for name in looks if not name.endswith(".rare")]
        for name in sets:
            alike += looks[name] @ history[name].T / len(sets)
        self_or_not = np.where(brands.ids[:, None] == self.brands.ids[None, :], 0.0, 1.0)
        weights = np.exp(SHARPNESS * alike) * self_or_not
        industry = brands.category[:, None] == self.brands.category[None, :]
        same = (industry & (brands.category != "")[:, None]) * self_or_not
        return SeenBrands(
            looks, self.views.brand_inputs(brands), _shares(weights), _shares(same.astype(float))
        )

    def seen_creators(self, creators: Side) -> SeenCreators:
        looks = _looks(self.views, creators, self.views.of_creators)
        known = np.zeros(len(creators), bool)
        for name in self.views.of_creators:
            known |= np.isfinite(creators.vectors[name]).all(axis=1)
        at = {creator: i for i, creator in enumerate(self.creators.ids.tolist())}
        inputs = self.views.creator_inputs(creators)
        return SeenCreators(
            np.where(known, 1.0, np.nan),
            looks,
            inputs,
            self._hubs(looks, inputs),
            np.array([at.get(creator, -1) for creator in creators.ids.tolist()], np.intp),
        )

    def _hubs(self, looks: Mapping[str, Vectors], inputs: Vectors) -> dict[str, Floats]:
        """How close each creator usually is to brands of the history, (n,) by closeness."""
        history = _looks(self.views, self.brands, self.views.of_brands)
        brand_inputs = self.views.brand_inputs(self.brands)
        names = self._compared_names
        hubs: dict[str, list[Floats]] = {name: [] for name in (*names, "learned")}
        for start in range(0, len(inputs), CHUNK):
            part = slice(start, start + CHUNK)
            close = {name: history[name] @ looks[name][part].T for name in names}
            for name in names:
                nearest = np.sort(close[name], axis=0)[-NEAREST:]
                hubs[name].append(nearest.mean(axis=0).astype(float))
            logits = self.map.logits(brand_inputs, inputs[part], list(close.values()))
            hubs["learned"].append(log_sum(logits, 0)[0].astype(float))
        return {name: np.concatenate([*parts, np.zeros(0)]) for name, parts in hubs.items()}

    @property
    def _compared_names(self) -> list[str]:
        return [f"{name}{end}" for name in self.views.shared for end in ("", ".rare")]

    def features(
        self,
        brands: SeenBrands,
        brand: int,
        creators: SeenCreators,
        chosen: Positions,
        own: Positions,
    ) -> Vectors:
        """Features (len(chosen), len(names)) of one brand with the creators chosen.

        `brand` and `chosen` are positions in what was seen; `own` are the positions of creators
        the brand has already collaborated with, who tell of the others and not of themselves.
        """
        names = self._compared_names
        close = [creators.looks[name][chosen] @ brands.looks[name][brand] for name in names]
        hubbed = [
            c - HUB * creators.hubs[name][chosen] for c, name in zip(close, names, strict=True)
        ]
        columns: list[Floats] = [*close, *hubbed]
        for name in self.views.of_creators:
            columns += self._partners(brands, brand, creators, chosen, own, name)
        logits = self.map.logits(
            brands.inputs[[brand]], creators.inputs[chosen], [c[None, :] for c in close]
        )[0]
        columns += [logits, logits - HUB * creators.hubs["learned"][chosen]]
        made = np.column_stack(columns).astype(np.float32)
        return np.asarray(made * creators.known[chosen, None].astype(np.float32))

    def _partners(
        self,
        brands: SeenBrands,
        brand: int,
        creators: SeenCreators,
        chosen: Positions,
        own: Positions,
        name: str,
    ) -> Iterator[Floats]:
        """Mean cosine with partners of brands alike, of the industry, and of the brand itself."""
        vectors = creators.looks[name]
        candidates, at = vectors[chosen], creators.at[chosen]
        for weights in (brands.alike[brand], brands.same_industry[brand]):
            if weights.sum() <= 0:
                yield np.full(len(chosen), np.nan)
                continue
            of_creator = np.asarray(weights @ self._partners_of_each).ravel()
            itself = np.where(at >= 0, of_creator[at], 0.0)
            yield candidates @ (weights @ self._mean_partner[name]) - itself
        if not len(own):
            yield np.full(len(chosen), np.nan)
            return
        itself = np.isin(chosen, own)
        others = len(own) - itself
        sums = candidates @ vectors[own].sum(axis=0) - itself
        yield np.where(others > 0, sums / np.maximum(others, 1), np.nan)

    @cached_property
    def _partners_of_each(self) -> Ties:
        """Each brand's partners in the history, weights of a brand summing to 1."""
        return sparse.csr_matrix(sparse.diags(1 / np.diff(self.ties.indptr)) @ self.ties)

    @cached_property
    def _mean_partner(self) -> dict[str, Floats]:
        """By set: each brand's mean partner beyond the mean of all, (brands, d)."""
        looks = _looks(self.views, self.creators, self.views.of_creators)
        means = {name: self._partners_of_each @ looks[name] for name in self.views.of_creators}
        return {name: mean - looks[name].mean(axis=0) for name, mean in means.items()}


def _in_place(views: Views, brands: Side, creators: Side, instead: StandIns) -> Vectors:
    """Inputs of the brands with their stand-ins' vectors."""
    return views.brand_inputs(brands.take(instead.brand), creators.take(instead.creator))


def _looks(views: Views, side: Side, sets: Mapping[str, object]) -> dict[str, Vectors]:
    """Unit vectors by set, and '<set>.rare' of sets that both sides have."""
    of_side = views.of_brands if sets is views.of_brands else views.of_creators
    looks: dict[str, Vectors] = {}
    for name, view in of_side.items():
        looks[name] = view.plain(side.vectors[name])
        if name in views.shared:
            looks[f"{name}.rare"] = view.rare(side.vectors[name])
    return looks


def _compared(views: Views, brands: Side, creators: Side) -> Iterator[tuple[Vectors, Vectors]]:
    """Brands' and creators' unit vectors of each shared set, plain and rare."""
    of_brands = _looks(views, brands, views.of_brands)
    of_creators = _looks(views, creators, views.of_creators)
    for name in views.shared:
        for look in (name, f"{name}.rare"):
            yield of_brands[look], of_creators[look]


def _shares(weights: Floats) -> Floats:
    total = weights.sum(axis=1, keepdims=True)
    return np.asarray(weights / np.where(total > 0, total, 1))
