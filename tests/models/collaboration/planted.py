"""A small market in which brands look for creators by a rule that plain cosines do not show."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from models.collaboration.partners import Floats, Side, Ties

SIZE = 6


@dataclass(frozen=True)
class Market:
    brands: Side
    creators: Side
    ties: Ties
    affinity: Floats


def market(seed: int = 0, brands: int = 40, creators: int = 120, partners: int = 6) -> Market:
    """Brands want creators whose tastes are the brand's, turned by a rotation."""
    random = np.random.default_rng(seed)
    of_brand, of_creator = (random.normal(size=(n, SIZE)) for n in (brands, creators))
    rotation = np.linalg.qr(random.normal(size=(SIZE, SIZE)))[0]
    affinity = of_brand @ rotation @ of_creator.T
    wanted = affinity + random.normal(size=affinity.shape)
    best = np.argsort(-wanted, axis=1)[:, :partners]
    ties = np.zeros_like(affinity)
    np.put_along_axis(ties, best, 1, axis=1)
    return Market(
        side("b", of_brand, ["beauty", "food"]),
        side("c", of_creator, ["", "dance"]),
        sparse.csr_matrix(ties),
        affinity,
    )


def side(letter: str, vectors: Floats, categories: list[str]) -> Side:
    ids = [f"{letter}{i:03d}" for i in range(len(vectors))]
    frame = pd.DataFrame(vectors.astype(np.float32), index=ids)
    return Side.of(ids, [categories[i % 2] for i in range(len(ids))], {"caption": frame})
