"""Given vectors: noisy views of what creators are about and what brands sell, made elsewhere."""

import numpy as np
import pandas as pd

from experiments.world.brands import Brands, Products
from experiments.world.categories import CATEGORIES
from experiments.world.creators import FIT_SPREAD, Creators
from experiments.world.randomness import Floats, stream
from experiments.world.settings import WorldSettings

SIZE = 16
_CREATOR_NOISE = 0.6
_BRAND_NOISE = 0.15


def vector_tables(
    settings: WorldSettings, creators: Creators, brands: Brands, products: Products
) -> dict[str, pd.DataFrame]:
    """The set `caption` on both sides: fit and category mix, rotated alike, with noise.

    The dot product of a creator and a brand is a noisy view of the creator's fit with it.
    """
    rng = stream(settings.seed, "vectors")
    many = len(CATEGORIES)
    rotation = np.linalg.qr(rng.normal(size=(SIZE, SIZE)))[0][:many]
    about = creators.fit / FIT_SPREAD + 1.5 * np.eye(many)[creators.main_category]
    mix = np.zeros((settings.brands, many))
    np.add.at(mix, (products.brand, products.category), 1.0)
    mix /= mix.sum(axis=1, keepdims=True)
    creator_vectors = about @ rotation + rng.normal(0, _CREATOR_NOISE, (settings.creators, SIZE))
    brand_vectors = mix @ rotation + rng.normal(0, _BRAND_NOISE, (settings.brands, SIZE))
    return {
        "creator_embeddings.caption": _table(creators.ids, creator_vectors),
        "brand_embeddings.caption": _table(brands.ids, brand_vectors),
    }


def _table(ids: np.ndarray, vectors: Floats) -> pd.DataFrame:
    table = pd.DataFrame(np.round(vectors, 4), columns=[f"e{i}" for i in range(SIZE)])
    table.insert(0, "id", ids)
    return table
