import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from models.embeddings import SIMILARITY_FEATURES, EmbeddingSettings, fit_embeddings
from models.embeddings.given import given_vectors, history_match

NAMES = [feature.name for feature in SIMILARITY_FEATURES]
SETTINGS = EmbeddingSettings(size=2)

CREATORS = pd.DataFrame(index=["anna", "bo", "cy"])
ITEMS = pd.DataFrame({"brand_id": ["lip", "lip", "nut"]}, index=["p1", "p2", "p3"])
HISTORY = pd.DataFrame(
    {"creator_id": ["anna", "bo"], "item_id": ["p1", "p3"], "lines": 1.0, "orders": 2.0}
)
CREATOR_SET = pd.DataFrame({"id": ["anna", "bo"], "e0": [3.0, 0.0], "e1": [0.0, 5.0]})
BRAND_SET = pd.DataFrame({"id": ["lip", "nut"], "e0": [1.0, 0.0], "e1": [1.0, 2.0]})


def similarity(name: str, given: dict[str, pd.DataFrame], creator: int, item: int) -> float:
    embeddings = fit_embeddings(HISTORY, CREATORS, ITEMS, given, SETTINGS, 1)
    row = embeddings.similarities(np.array([creator]), np.array([item]))[0]
    return float(row[NAMES.index(name)])


def test_a_set_on_both_sides_compares_creator_and_brand_by_their_angle() -> None:
    given = {"creator_embeddings.caption": CREATOR_SET, "brand_embeddings.caption": BRAND_SET}
    assert similarity("given_match", given, 0, 0) == pytest.approx(1 / np.sqrt(2))
    assert similarity("given_match", given, 0, 2) == pytest.approx(0)
    assert similarity("given_match", given, 1, 2) == pytest.approx(1)
    assert np.isnan(similarity("given_match", given, 2, 0))  # cy has no vector


def test_a_creator_close_to_every_brand_has_no_fit_to_show_for_it() -> None:
    """Cosines anna .71, 0; bo .71, 1. Double-centred: anna's .71 with lip is better than usual."""
    given = {"creator_embeddings.caption": CREATOR_SET, "brand_embeddings.caption": BRAND_SET}
    fits = [similarity("given_fit", given, c, p) for c in (0, 1) for p in (0, 2)]
    assert fits == pytest.approx([1, -1, -1, 1], abs=1e-5)
    assert np.isnan(similarity("given_fit", given, 2, 0))


def test_a_set_of_brands_alone_is_compared_with_the_brands_a_creator_has_sold() -> None:
    given = {"brand_embeddings.image": BRAND_SET}
    assert similarity("given_brand_match", given, 0, 1) == pytest.approx(1)  # anna sold lip
    assert similarity("given_brand_match", given, 0, 2) == pytest.approx(1 / np.sqrt(2))
    assert np.isnan(similarity("given_brand_match", given, 2, 0))  # cy sold nothing
    assert np.isnan(similarity("given_match", given, 0, 0))


def test_a_set_of_creators_alone_is_compared_with_those_who_sold_the_brand() -> None:
    given = {"creator_embeddings.tags": CREATOR_SET}
    assert similarity("given_creator_match", given, 0, 1) == pytest.approx(1)
    assert similarity("given_creator_match", given, 1, 0) == pytest.approx(0)


def test_turning_a_set_changes_no_number() -> None:
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    given = {"creator_embeddings.x": CREATOR_SET, "brand_embeddings.x": BRAND_SET}
    turned = {
        name: pd.concat(
            [
                table[["id"]],
                pd.DataFrame(table[["e0", "e1"]] @ turn).set_axis(["e0", "e1"], axis=1),
            ],
            axis=1,
        )
        for name, table in given.items()
    }
    for name in ("given_match", "given_fit", "given_brand_match", "given_creator_match"):
        for creator, item in ((0, 0), (0, 2), (1, 0)):
            before = similarity(name, given, creator, item)
            assert similarity(name, turned, creator, item) == pytest.approx(before, abs=1e-6)


def test_vectors_are_read_in_the_order_of_their_dimensions_and_of_the_ids() -> None:
    table = pd.DataFrame({"e10": [0.0], "e2": [4.0], "e0": [3.0]}, index=pd.Index(["b"], name="id"))
    found = given_vectors({"brand_embeddings.s": table}, [], ["a", "b"])
    assert found.brands["s"].ravel().tolist() == pytest.approx([0, 0, 0, 0.6, 0.8, 0])


def test_no_sets_no_match() -> None:
    assert history_match(sparse.csr_matrix((2, 2)), {}) is None
