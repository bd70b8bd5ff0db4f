"""A collaboration predictor's learned state as arrays and plain numbers, and back."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from models.collaboration.bilinear import BilinearMap
from models.collaboration.choice import ConditionalLogit
from models.collaboration.landmarks import Landmarks
from models.collaboration.pair_features import PairFeatures
from models.collaboration.partners import Side
from models.collaboration.views import View, Views

Arrays = dict[str, npt.NDArray[Any]]


def arrays_of(pairs: PairFeatures, choice: ConditionalLogit) -> tuple[Arrays, dict[str, Any]]:
    """Every array by name, and the words that say what they are."""
    arrays: Arrays = {
        "map.scales": pairs.map.scales,
        "map.weights": pairs.map.weights,
        "ties.indices": pairs.ties.indices,
        "ties.indptr": pairs.ties.indptr,
        "choice.mean": choice.mean,
        "choice.spread": choice.spread,
        "choice.slopes": choice.slopes,
    }
    views = pairs.views
    for side, of_side in (("brands", views.of_brands), ("creators", views.of_creators)):
        for name, view in of_side.items():
            arrays |= {f"{side}.{name}.mean": view.mean, f"{side}.{name}.rotation": view.rotation}
    for side, known in (("brands", views.known_brands), ("creators", views.known_creators)):
        if known is not None:
            arrays |= {f"{side}.known.{part}": array for part, array in vars(known).items()}
    arrays |= _side("brands", pairs.brands) | _side("creators", pairs.creators)
    words = {
        "shared": list(views.shared),
        "industries": list(views.industries),
        "categories": list(views.categories),
        "rooted": {
            "brands": {name: view.rooted for name, view in views.of_brands.items()},
            "creators": {name: view.rooted for name, view in views.of_creators.items()},
        },
    }
    return arrays, words


def pairs_and_choice(
    arrays: Mapping[str, npt.NDArray[Any]], words: Mapping[str, Any]
) -> tuple[PairFeatures, ConditionalLogit]:
    """What `arrays_of` was given."""

    def views(side: str) -> dict[str, View]:
        return {
            name: View(rooted, arrays[f"{side}.{name}.mean"], arrays[f"{side}.{name}.rotation"])
            for name, rooted in words["rooted"][side].items()
        }

    def known(side: str) -> Landmarks:
        return Landmarks(*(arrays[f"{side}.known.{part}"] for part in ("examples", "axes", "mean")))

    def side(which: str) -> Side:
        sets = words["rooted"][which]
        vectors = {name: arrays[f"{which}.{name}.vectors"] for name in sets}
        return Side(arrays[f"{which}.ids"], arrays[f"{which}.category"], vectors)

    brands, creators = side("brands"), side("creators")
    indices, indptr = arrays["ties.indices"], arrays["ties.indptr"]
    pairs = PairFeatures(
        Views(
            tuple(words["shared"]),
            views("brands"),
            views("creators"),
            tuple(words["industries"]),
            tuple(words["categories"]),
            known("brands") if "brands.known.axes" in arrays else None,
            known("creators"),
        ),
        BilinearMap(arrays["map.scales"], arrays["map.weights"]),
        brands,
        creators,
        sparse.csr_matrix(
            (np.ones(len(indices)), indices, indptr), shape=(len(brands), len(creators))
        ),
    )
    choice = ConditionalLogit(*(arrays[f"choice.{name}"] for name in ("mean", "spread", "slopes")))
    return pairs, choice


def _side(which: str, side: Side) -> Arrays:
    arrays: Arrays = {f"{which}.ids": side.ids, f"{which}.category": side.category}
    return arrays | {f"{which}.{name}.vectors": v for name, v in side.vectors.items()}
