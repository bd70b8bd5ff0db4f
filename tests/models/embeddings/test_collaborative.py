from collections.abc import Callable

import numpy as np
import pytest
from scipy import sparse

from models.embeddings.collaborative import als_vectors, bpr_vectors, largest_dots
from models.embeddings.settings import EmbeddingSettings

Learn = Callable[[sparse.csr_matrix, EmbeddingSettings, int], tuple[np.ndarray, np.ndarray]]
SETTINGS = EmbeddingSettings(size=3, als_regularization=0.1)
BLOCKS = sparse.csr_matrix(np.kron(np.eye(2), np.ones((4, 5))))


@pytest.mark.parametrize("learn", [als_vectors, bpr_vectors])
def test_two_blocks_of_trade_are_told_apart(learn: Learn) -> None:
    creators, items = learn(BLOCKS, SETTINGS, 3)
    scores = creators @ items.T
    assert scores[:4, :5].min() > scores[:4, 5:].max()
    assert scores[4:, 5:].min() > scores[4:, :5].max()


@pytest.mark.parametrize("learn", [als_vectors, bpr_vectors])
def test_the_same_seed_gives_the_same_vectors(learn: Learn) -> None:
    for one, two in zip(learn(BLOCKS, SETTINGS, 3), learn(BLOCKS, SETTINGS, 3), strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize(("learn", "width"), [(als_vectors, 3), (bpr_vectors, 4)])
def test_no_history_no_vectors(learn: Learn, width: int) -> None:
    nothing = sparse.csr_matrix(np.zeros((2, 5)))
    creators, items = learn(nothing, SETTINGS, 3)
    np.testing.assert_array_equal(creators, np.zeros((2, width)))
    np.testing.assert_array_equal(items, np.zeros((5, width)))


def test_entries_that_are_not_positive_are_no_history() -> None:
    weights = sparse.csr_matrix(np.array([[0.0, -1.0], [np.nan, 2.0]]))
    creators, _ = als_vectors(weights, SETTINGS, 3)
    np.testing.assert_array_equal(creators[0], 0)
    assert np.abs(creators[1]).sum() > 0


def test_the_largest_dots_come_first_and_ties_in_order() -> None:
    vectors = np.array([[1.0], [3.0], [3.0], [2.0]], np.float32)
    assert largest_dots(np.array([[1.0]], np.float32), vectors, 3).tolist() == [[1, 2, 3]]
    assert largest_dots(np.array([[-1.0]], np.float32), vectors, 2).tolist() == [[0, 3]]
    assert largest_dots(np.empty((0, 1), np.float32), vectors, 2).shape == (0, 2)
