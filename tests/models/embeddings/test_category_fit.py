import numpy as np
import pandas as pd
import pytest

from models.embeddings.category_fit import category_choice
from models.embeddings.history import history_matrices
from models.embeddings.settings import EmbeddingSettings

ITEMS = pd.DataFrame(
    {"category": ["beauty", "beauty", "food", "food", None, "gadgets"]}, index=list("abcdef")
)
SETTINGS = EmbeddingSettings()


def fits(lines: dict[tuple[str, str], float], content: np.ndarray) -> dict[str, np.ndarray]:
    """Each fit of each creator with each item; half of the lines' 10 clicks become orders."""
    history = pd.DataFrame(
        [
            (creator, item, n, 5 * n, 10.0 * n if creator != "cy" else 20.0 * n)
            for (creator, item), n in lines.items()
        ],
        columns=["creator_id", "item_id", "lines", "orders", "decayed_denominator"],
    )
    creators = pd.Index(["anna", "bo", "cy", "di"])
    past = history_matrices(history, creators, pd.Index(ITEMS.index))
    creator, item = np.indices((4, 6))
    return {
        name: product.of(creator.ravel(), item.ravel()).reshape(4, 6)
        for name, product in category_choice(past, ITEMS, content, SETTINGS).items()
    }


NO_CONTENT = np.zeros((4, 0), np.float32)
LINES = {("anna", "a"): 30.0, ("anna", "c"): 10.0, ("bo", "a"): 10.0, ("bo", "d"): 30.0}


def test_a_creator_fits_what_it_offers_beyond_its_share() -> None:
    """anna offers beauty 30 times where 20 were expected, bo 10 times."""
    choice = fits(LINES, NO_CONTENT)["category_choice"]
    assert 0 < choice[0, 0] < np.log(30 / 20)
    assert np.log(10 / 20) < choice[1, 0] < 0
    assert choice[0, 0] == choice[0, 1]  # the other product of the category


def test_a_creator_without_history_fits_what_creators_of_like_content_do() -> None:
    content = np.array([[1], [-1], [0], [1]], np.float32)
    choice = fits(LINES, content)["category_choice"]
    assert choice[3, 0] > 0.1 > -0.1 > choice[3, 2]
    assert abs(choice[2, 0]) < choice[3, 0]  # cy's content says neither


def test_without_content_a_creator_without_history_fits_nothing_in_particular() -> None:
    choice = fits({**LINES, ("cy", "a"): 1.0, ("cy", "c"): 1.0}, NO_CONTENT)["category_choice"]
    assert choice[3, 0] == pytest.approx(choice[3, 2], abs=0.1)


def test_items_of_no_category_or_one_never_offered_are_unknown() -> None:
    for fit in fits(LINES, NO_CONTENT).values():
        assert np.isnan(fit[:, 4:]).all()
        assert np.isfinite(fit[:, :4]).all()


def test_items_without_categories_have_no_fits() -> None:
    past = history_matrices(
        pd.DataFrame({"creator_id": ["anna"], "item_id": ["a"], "lines": [1], "orders": [1]}),
        pd.Index(["anna"]),
        pd.Index(["a"]),
    )
    assert category_choice(past, pd.DataFrame(index=["a"]), NO_CONTENT[:1], SETTINGS) == {}
    nameless = pd.DataFrame({"category": [None]}, index=["a"])
    assert category_choice(past, nameless, NO_CONTENT[:1], SETTINGS) == {}
