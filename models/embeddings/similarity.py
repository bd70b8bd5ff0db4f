"""Embeddings: how well each creator and each item go together, in a few comparable numbers.

Every number is a dot product, a cosine or what neighbours did: none of them changes when vectors
are rotated, so numbers learned at different dates mean the same.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from features.registry import Feature, Unit
from models.embeddings.alike import Alike
from models.embeddings.neighbours import Neighbours
from models.embeddings.products import VectorProduct

Vectors = npt.NDArray[np.float32]
Positions = npt.NDArray[np.intp]


def _feature(name: str, words: str, unit: Unit = "score") -> Feature:
    return Feature(name, "similarity", words, unit)


PRODUCT_FEATURES = (
    _feature("sold_affinity", "past sales of creators and products like these: {value}, usual 0"),
    _feature("sold_fit", "fit with what the creator has sold: {value}, usual 0"),
    _feature("chosen_affinity", "choices of creators who choose alike: {value}, usual 0"),
    _feature("chosen_fit", "fit with what the creator chooses to sell: {value}, usual 0"),
    _feature("ranked_fit", "place among what the creator would sell: {value}, usual 0"),
    _feature("category_choice", "chooses this category {value} times as often as is usual", "log"),
    _feature("title_match", "likeness of the title to what the creator sells: {value} of 1"),
    _feature("given_match", "likeness of creator's and brand's content: {value} of 1"),
    _feature("given_fit", "likeness beyond what both usually have: {value}, usual 0"),
    _feature("given_brand_match", "likeness to brands the creator has sold: {value} of 1"),
    _feature("given_creator_match", "likeness to creators who sold the brand: {value} of 1"),
)
"""Similarities that are dot products, in the order of the columns."""

NEIGHBOUR_FEATURES = (
    _feature("neighbour_orders", "its sales by similar creators: {value}"),
    _feature("neighbour_lift", "its sales by similar creators beyond expected: {value}, usual 0"),
)

ALIKE_FEATURES = (
    _feature(
        "alike_creators_lift",
        "creators who sell alike sold it {value} times as often as is usual",
        "log",
    ),
    _feature(
        "alike_items_lift",
        "this creator sells what sells alike {value} times as often as is usual",
        "log",
    ),
    _feature(
        "told_by_creators",
        "beyond its usual sales, as other creators' sales tell: {value}, usual 0",
    ),
    _feature(
        "told_by_items",
        "beyond its usual sales, as the creator's other sales tell: {value}, usual 0",
    ),
)
"""What those tell who sell alike, where a pair without a line sold nothing; see `alike`."""

SIMILARITY_FEATURES: tuple[Feature, ...] = PRODUCT_FEATURES + NEIGHBOUR_FEATURES + ALIKE_FEATURES
"""The columns of `Embeddings.similarities`, in order."""


@dataclass(frozen=True)
class Embeddings:
    """What was learned as of one date, for creators and items in the order of their tables.

    `products` has those of PRODUCT_FEATURES that the data supports; the others are nan.
    """

    n_creators: int
    n_items: int
    products: Mapping[str, VectorProduct]
    neighbours: Neighbours | None
    alike: Alike | None = None

    def similarities(self, creator_positions: Positions, item_positions: Positions) -> Vectors:
        """(n, len(SIMILARITY_FEATURES)) for n pairs of positions; nan where nothing is known.

        The row of a pair is the same to the bit whatever block it is asked in.
        """
        creator = np.asarray(creator_positions, np.intp)
        item = np.asarray(item_positions, np.intp)
        result = np.full((len(creator), len(SIMILARITY_FEATURES)), np.nan, np.float32)
        if not len(creator):
            return result
        for column, feature in enumerate(PRODUCT_FEATURES):
            if feature.name in self.products:
                result[:, column] = self.products[feature.name].of(creator, item)
        if self.neighbours is not None:
            place = len(PRODUCT_FEATURES)
            result[:, place], result[:, place + 1] = self.neighbours.of(creator, item)
        if self.alike is not None:
            result[:, -len(ALIKE_FEATURES) :] = self.alike.of(creator, item)
        return result

    def save(self, folder: Path) -> None:
        """Write vectors.npz and embeddings.json into the folder, made where missing."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, npt.NDArray[np.generic]] = {}
        for name, product in self.products.items():
            arrays[f"{name}.creators"] = product.creators
            arrays[f"{name}.items"] = product.items
            arrays[f"{name}.row_of_item"] = product.row_of_item
        if self.alike is not None:
            arrays |= {f"alike.{name}": array for name, array in vars(self.alike).items()}
        manifest = {
            "n_creators": self.n_creators,
            "n_items": self.n_items,
            "products": list(self.products),
            "neighbours": None,
            "alike": self.alike is not None,
        }
        if self.neighbours is not None:
            tables = _neighbour_tables(self.neighbours)
            manifest["neighbours"] = {"doubt": self.neighbours.doubt, "tables": list(tables)}
            for name, table in tables.items():
                for part in ("data", "indices", "indptr"):
                    arrays[f"{name}.{part}"] = getattr(table, part)
        np.savez(folder / "vectors.npz", **arrays)  # type: ignore[arg-type]  # names are free
        text = json.dumps(manifest, indent=2, sort_keys=True)
        (folder / "embeddings.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; answers are the same to the bit."""
        manifest = json.loads((folder / "embeddings.json").read_text(encoding="utf-8"))
        n_creators, n_items = manifest["n_creators"], manifest["n_items"]
        with np.load(folder / "vectors.npz", allow_pickle=False) as arrays:
            products = {
                name: VectorProduct(
                    arrays[f"{name}.creators"],
                    arrays[f"{name}.items"],
                    arrays[f"{name}.row_of_item"],
                )
                for name in manifest["products"]
            }
            neighbours = None
            if manifest["neighbours"] is not None:
                parts = {
                    name: tuple(arrays[f"{name}.{part}"] for part in ("data", "indices", "indptr"))
                    for name in manifest["neighbours"]["tables"]
                }
                grid = (n_creators, n_items)
                neighbours = Neighbours(
                    sparse.csr_matrix(parts["similar"], shape=(n_creators, n_creators)),
                    sparse.csc_matrix(parts["orders"], shape=grid),
                    sparse.csc_matrix(parts["expected"], shape=grid)
                    if "expected" in parts
                    else None,
                    manifest["neighbours"]["doubt"],
                )
            alike = None
            if manifest["alike"]:
                alike = Alike(*(arrays[f"alike.{part.name}"] for part in fields(Alike)))
        return cls(n_creators, n_items, products, neighbours, alike)


def _neighbour_tables(neighbours: Neighbours) -> dict[str, sparse.spmatrix]:
    tables = {"similar": neighbours.similar, "orders": neighbours.orders}
    if neighbours.expected is not None:
        tables["expected"] = neighbours.expected
    return tables
