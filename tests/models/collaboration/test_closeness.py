from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest

from models.collaboration.closeness import closeness, cosine, popularity
from models.collaboration.partners import Floats, Side, first_collaborations, tied

Vectors = Mapping[str, Sequence[float]]

VECTORS: Vectors = {"anna": [1, 0], "bo": [0.8, 0.6], "cy": [0, 1], "di": [0, 0]}
BRANDS: Vectors = {"lip": [1, 0], "nut": [0, 2]}


def side(vectors: Vectors, given: bool = True) -> Side:
    frame = pd.DataFrame(list(vectors.values()), index=list(vectors))
    return Side.of(list(vectors), None, {"caption": frame} if given else {})


def scores(*pairs: tuple[str, str], own_vectors: bool = False, status: str = "aired") -> Floats:
    """(creators, brands) after these collaborations."""
    history = pd.DataFrame(
        [(creator, brand, status, pd.Timestamp("2024-01-01")) for creator, brand in pairs],
        columns=["creator_id", "brand_id", "status", "at"],
    )
    ties = tied(list(BRANDS), list(VECTORS), first_collaborations(history))
    return closeness(side(BRANDS, own_vectors), side(VECTORS), ties).T


def test_creators_like_a_brands_past_collaborators_come_first() -> None:
    """anna worked with lip, cy with nut: bo (cosines .8 and .6) leans to lip by .1 each way."""
    found = scores(("anna", "lip"), ("cy", "nut"))
    assert found[1].tolist() == pytest.approx([0.8 - 0.7, 0.6 - 0.7], abs=1e-6)


def test_a_past_collaborator_does_not_vouch_for_itself() -> None:
    found = scores(("anna", "lip"), ("bo", "lip"), ("cy", "nut"), ("bo", "nut"))
    lip = 0.8  # anna's cosine with bo, the only other one at lip
    nut = np.dot([1, 0], np.array([0.8, 1.6])) / np.hypot(0.8, 1.6)
    assert found[0].tolist() == pytest.approx([lip - (lip + nut) / 2, nut - (lip + nut) / 2])


def test_invitations_that_came_to_nothing_are_no_ties() -> None:
    assert np.isnan(scores(("anna", "lip"), status="declined")).all()


def test_a_brand_without_a_past_goes_by_its_own_vector() -> None:
    found = scores(own_vectors=True)
    assert found[0, 0] > found[1, 0] > found[2, 0]
    assert found[2, 1] > found[1, 1] > found[0, 1]
    assert np.isnan(found[3]).all()  # di has no vector


def test_the_plain_cosine_needs_vectors_on_both_sides() -> None:
    assert cosine(side(BRANDS), side(VECTORS))[0, :3].tolist() == pytest.approx([1, 0.8, 0])
    assert np.isnan(cosine(side(BRANDS, given=False), side(VECTORS))).all()


def test_the_popular_creator_is_the_same_for_every_brand() -> None:
    pairs = pd.DataFrame({"brand_id": ["lip", "nut", "nut"], "creator_id": ["bo", "bo", "cy"]})
    ties = tied(list(BRANDS), list(VECTORS), pairs)
    assert popularity(side(BRANDS), ties).tolist() == [[0, 2, 1, 0]] * 2
