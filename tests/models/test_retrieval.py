import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.embeddings import EmbeddingSettings, fit_embeddings
from models.embeddings.similarity import SIMILARITY_FEATURES
from models.retrieval import candidates, cheap_vectors, plan_grid, recall_at
from tests.models.embeddings.histories import two_clusters


def test_a_grid_is_scored_in_full_while_it_fits() -> None:
    assert plan_grid(60_000, max_pairs=60_000) == "exact"
    assert plan_grid(60_001, max_pairs=60_000) == "retrieval"


def test_the_best_creators_come_first_and_level_counts_as_much_as_fit() -> None:
    """Fits with the brand 1, 0, .5; levels 0, 2, .7: scores 1, 2, 1.2."""
    creators = np.array([[1, 0], [0, 1], [0.5, 0]], np.float32)
    brand = np.array([[1, 0]], np.float32)
    assert candidates(creators, brand, 3).tolist() == [[0, 2, 1]]
    assert candidates(creators, brand, 2, np.array([0.0, 2.0, 0.7])).tolist() == [[1, 2]]


def test_asking_for_more_than_there_are_gives_them_all() -> None:
    creators = np.array([[1.0], [2.0]], np.float32)
    assert candidates(creators, np.ones((1, 1), np.float32), 9).tolist() == [[1, 0]]
    assert candidates(creators[:0], np.ones((1, 1), np.float32), 9).shape == (1, 0)


def test_a_creator_of_unknown_level_is_taken_for_the_lowest() -> None:
    creators = np.zeros((3, 1), np.float32)
    level = np.array([-3.0, np.nan, -2.0])
    assert candidates(creators, np.ones((1, 1), np.float32), 3, level)[0].tolist() == [2, 0, 1]


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(1, 6), st.integers(1, 12), st.integers(0, 1000))
def test_retrieval_equals_sorting_the_whole_grid(n: int, brands: int, k: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    creators = random.integers(-3, 4, (n, 3)).astype(np.float32)
    wanted = random.integers(-3, 4, (brands, 3)).astype(np.float32)
    found = candidates(creators, wanted, k)
    scores = wanted @ creators.T
    best = -np.sort(-scores, axis=1)[:, :k]
    np.testing.assert_array_equal(np.take_along_axis(scores, found, axis=1), best)
    assert all(len(set(row)) == len(row) for row in found.tolist())


def test_recall_is_the_share_of_the_exact_top_that_was_retrieved() -> None:
    exact = np.array([[1, 2, 3], [4, 5, 6]])
    assert recall_at(2, exact, np.array([[2, 1], [5, 9]])) == (2 / 2 + 1 / 2) / 2
    assert np.isnan(recall_at(2, exact[:0], exact[:0]))


def test_the_cheap_score_is_the_mean_similarity_over_a_brands_active_items() -> None:
    history, creators, items = two_clusters()
    embeddings = fit_embeddings(history, creators, items, {}, EmbeddingSettings(size=4), 7)
    brand_of_item = np.arange(12) % 2
    active = np.arange(12) < 4
    left, right = cheap_vectors(embeddings.products, 12, brand_of_item, active, {"sold_fit": 2.0})
    column = [feature.name for feature in SIMILARITY_FEATURES].index("sold_fit")
    fit = embeddings.similarities(np.array([5, 5]), np.array([1, 3]))[:, column]
    assert left[5] @ right[1] == pytest.approx(2 * fit.mean(), rel=1e-4)
    top = candidates(*cheap_vectors(embeddings.products, 12, brand_of_item, active), k=6)
    assert set(top[0].tolist()) == {0, 2, 4, 6, 8, 10}
    assert set(top[1].tolist()) == {1, 3, 5, 7, 9, 11}


def test_a_brand_without_active_items_is_read_from_all_of_them() -> None:
    history, creators, items = two_clusters()
    embeddings = fit_embeddings(history, creators, items, {}, EmbeddingSettings(size=4), 7)
    brand_of_item = np.arange(12) % 2
    nothing, everything = np.zeros(12, bool), np.ones(12, bool)
    np.testing.assert_array_equal(
        cheap_vectors(embeddings.products, 12, brand_of_item, nothing)[1],
        cheap_vectors(embeddings.products, 12, brand_of_item, everything)[1],
    )
