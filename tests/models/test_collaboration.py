import numpy as np
import pandas as pd
import pytest

from models.collaboration import collaboration_scores

CREATORS = ["anna", "bo", "cy", "di"]
VECTORS = np.array([[1, 0], [0.8, 0.6], [0, 1], [0, 0]], np.float32)


def history(*ties: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [(creator, brand, "aired") for creator, brand in ties],
        columns=["creator_id", "brand_id", "status"],
    )


def test_creators_like_a_brands_past_collaborators_come_first() -> None:
    """anna worked with lip, cy with nut: bo (cosines .8 and .6) leans to lip by .1 each way."""
    scores = collaboration_scores(
        history(("anna", "lip"), ("cy", "nut")), CREATORS, VECTORS, ["lip", "nut"]
    )
    assert scores[1].tolist() == pytest.approx([0.8 - 0.7, 0.6 - 0.7], abs=1e-6)


def test_a_past_collaborator_does_not_vouch_for_itself() -> None:
    scores = collaboration_scores(
        history(("anna", "lip"), ("bo", "lip"), ("cy", "nut"), ("bo", "nut")),
        CREATORS,
        VECTORS,
        ["lip", "nut"],
    )
    lip = 0.8  # anna's cosine with bo, the only other one at lip
    nut = np.dot([1, 0], np.array([0.8, 1.6])) / np.hypot(0.8, 1.6)
    assert scores[0].tolist() == pytest.approx([lip - (lip + nut) / 2, nut - (lip + nut) / 2])


def test_invitations_that_came_to_nothing_are_no_ties() -> None:
    past = history(("anna", "lip")).assign(status="declined")
    assert np.isnan(collaboration_scores(past, CREATORS, VECTORS, ["lip"])).all()


def test_a_brand_without_a_past_goes_by_its_own_vector() -> None:
    brands = np.array([[1, 0], [0, 2]], np.float32)
    scores = collaboration_scores(history(), CREATORS, VECTORS, ["lip", "nut"], brands)
    assert scores[0, 0] > scores[1, 0] > scores[2, 0]
    assert scores[2, 1] > scores[1, 1] > scores[0, 1]
    assert np.isnan(scores[3]).all()  # di has no vector
