import numpy as np
import pandas as pd
import pytest

from models.embeddings.content import (
    creator_content,
    item_content,
    ridge,
    with_content_vectors,
)

ALL = np.ones(3, bool)


def test_content_of_items_is_category_brand_price_and_title() -> None:
    """Two categories, one brand, log prices standardised over known items, two of title."""
    items = pd.DataFrame(
        {"category": ["food", "beauty", "food"], "brand_id": "b", "price": [9.0, 99.0, None]}
    )
    titles = np.array([[1, 0], [np.nan, np.nan], [0, 1]], np.float32)
    content = item_content(items, titles, ALL)
    assert content.tolist() == [
        [1, 0, 1, -1, 1, 0],
        [0, 1, 1, 1, 0, 0],
        [1, 0, 1, 0, 0, 1],
    ]


def test_what_only_unknown_rows_have_is_no_content() -> None:
    items = pd.DataFrame({"category": ["food", "food", "gadgets"], "price": [1.0, 2.0, 1e9]})
    known = np.array([True, True, False])
    content = item_content(items, np.zeros((3, 0), np.float32), known)
    assert content.shape == (3, 2)
    assert content[2].tolist() == [0, 5]  # no such category; a price far off is held at 5 spreads


def test_content_of_creators_takes_whatever_columns_there_are() -> None:
    creators = pd.DataFrame({"audience_f": [0.2, 0.8, None], "other": 1}, index=list("abc"))
    content = creator_content(creators, {"caption": np.eye(3, dtype=np.float32)}, ALL)
    assert content.tolist() == [[-1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 1]]
    assert creator_content(creators[["other"]], {}, ALL).shape == (3, 0)


def test_ridge_finds_the_line_through_the_known_rows() -> None:
    content = np.array([[0], [1], [2], [3]], np.float32)
    outcome = np.array([[1.0], [3.0], [5.0], [0.0]])
    evidence = np.array([9.0, 9.0, 9.0, 0.0])
    assert ridge(outcome, content, evidence, 1e-9)[3, 0] == pytest.approx(7)
    flat = ridge(outcome, content, evidence, 1e9)
    assert flat.ravel().tolist() == pytest.approx([3, 3, 3, 3], abs=1e-6)


def test_a_vector_is_half_its_own_at_half_evidence_and_content_without() -> None:
    content = np.array([[1], [-1], [1]], np.float32)
    vectors = np.array([[2], [-4], [0]], np.float32)
    evidence = np.array([10.0, 10.0, 0.0])
    blended = with_content_vectors(vectors, content, evidence, 1e9, 10.0)
    assert blended.ravel().tolist() == pytest.approx([(2 - 1) / 2, (-4 - 1) / 2, -1], abs=1e-6)


def test_when_nobody_has_evidence_vectors_stay_as_they_are() -> None:
    vectors = np.zeros((2, 3), np.float32)
    content = np.ones((2, 1), np.float32)
    assert with_content_vectors(vectors, content, np.zeros(2), 1.0, 1.0) is vectors
