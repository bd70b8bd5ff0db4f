"""What is said of each question's candidates by what could be learned from its history."""

from collections.abc import Iterator, Sequence

import numpy as np

from models.collaboration.choice import Mask
from models.collaboration.occasions import Occasion
from models.collaboration.pair_features import PairFeatures, SeenBrands, SeenCreators
from models.collaboration.partners import Side, Vectors


def answered_in(
    brands: Side, creators: Side, occasions: Sequence[Occasion], stand_ins: bool
) -> list[tuple[Vectors, Mask]]:
    """All questions of the occasions, each from what could be learned from its history."""
    made: list[tuple[Vectors, Mask]] = []
    for occasion in occasions:
        known = PairFeatures.learned(brands, creators, occasion.history, stand_ins)
        made += _answers(known, brands, creators, occasion)
    return made


def _answers(
    known: PairFeatures, brands: Side, creators: Side, occasion: Occasion
) -> Iterator[tuple[Vectors, Mask]]:
    """Features of each question's candidates and which were chosen; unknown ones left out."""
    seen_brands: SeenBrands = known.seen_brands(brands)
    seen_creators: SeenCreators = known.seen_creators(creators)
    for question in occasion.questions:
        made = known.features(
            seen_brands, question.brand, seen_creators, question.candidates, question.own
        )
        there = np.isfinite(made[:, known.names.index("learned")])
        chosen = question.chosen[there]
        if chosen.any() and not chosen.all():
            yield made[there], chosen
