import numpy as np
import pytest
from scipy import sparse

from models.embeddings.history import History
from models.embeddings.neighbours import neighbours_of

ORDERS = sparse.csr_matrix(np.array([[4.0, 0.0], [8.0, 2.0], [0.0, 6.0]]))
LINES = sparse.csr_matrix(np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]))
EXPECTED = sparse.csr_matrix(np.array([[4.0, 0.0], [4.0, 4.0], [0.0, 3.0]]))
VECTORS = np.array([[1, 0], [1, 0], [0.6, 0.8]], np.float32)


def test_neighbours_are_weighed_by_closeness_and_never_oneself() -> None:
    found = neighbours_of(VECTORS, History(ORDERS, LINES, EXPECTED), 2, 10, doubt=2)
    np.testing.assert_allclose(
        found.similar.toarray(), [[0, 1, 0.6], [1, 0, 0.6], [0.6, 0.6, 0]], atol=1e-6
    )


def test_neighbour_orders_and_lift_by_hand() -> None:
    """For creator 0, item 0: creator 1 (closeness 1) sold 8 of 4 expected, creator 2 nothing."""
    found = neighbours_of(VECTORS, History(ORDERS, LINES, EXPECTED), 2, 10, doubt=2)
    sold, lift = found.of(np.array([0]), np.array([0]))
    assert sold[0] == pytest.approx(np.log(9) / (1 + 0.6))
    assert lift[0] == pytest.approx(np.log((8 + 2) / (4 + 2)))


def test_without_exposure_expected_orders_are_creator_by_item_over_all() -> None:
    """Creators 0, 1 sold 4 and 10 of 20 orders; item 0 has 12. For creator 2, item 0."""
    found = neighbours_of(VECTORS, History(ORDERS, LINES, None), 2, 10, doubt=2)
    _, lift = found.of(np.array([2]), np.array([0]))
    seen, expected = 0.6 * 4 + 0.6 * 8, (0.6 * 4 + 0.6 * 10) * 12 / 20
    assert lift[0] == pytest.approx(np.log((seen + 2) / (expected + 2)))


def test_only_the_nearest_k_count() -> None:
    found = neighbours_of(VECTORS, History(ORDERS, LINES, EXPECTED), 1, 10, doubt=2)
    assert found.similar[0].nnz == 1
    assert found.similar[0, 1] == pytest.approx(1)


def test_neighbours_come_from_those_with_the_most_history() -> None:
    found = neighbours_of(VECTORS, History(ORDERS, LINES, EXPECTED), 2, pool=1, doubt=2)
    assert set(found.similar.indices) == {1}  # creator 1 has two lines, the others one


def test_a_creator_with_nobody_alike_has_unknown_neighbours() -> None:
    vectors = np.array([[1, 0], [-1, 0], [0, 0]], np.float32)
    found = neighbours_of(vectors, History(ORDERS, LINES, EXPECTED), 2, 10, doubt=2)
    sold, lift = found.of(np.array([0, 2]), np.array([0, 0]))
    assert np.isnan(sold).all()
    assert np.isnan(lift).all()
