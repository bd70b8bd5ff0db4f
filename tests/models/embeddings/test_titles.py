import numpy as np
import pandas as pd

from models.embeddings.settings import EmbeddingSettings
from models.embeddings.titles import title_vectors

SETTINGS = EmbeddingSettings(title_size=3)
TITLES = pd.Series(["丝绒哑光口红", "丝绒滋润口红", "每日坚果零食", "坚果礼盒", None, "  "])


def test_titles_that_share_characters_are_alike() -> None:
    known = np.array([True] * 4 + [False] * 2)
    vectors = title_vectors(TITLES, known, SETTINGS, 0)
    alike = vectors[:4] @ vectors[:4].T
    assert alike[0, 1] > 0.5 > alike[0, 2]
    assert alike[2, 3] > alike[1, 3] + 0.1
    np.testing.assert_allclose(np.diag(alike), 1, atol=1e-5)


def test_no_title_no_vector() -> None:
    vectors = title_vectors(TITLES, np.ones(6, bool), SETTINGS, 0)
    assert np.isnan(vectors[4:]).all()
    assert np.isfinite(vectors[:4]).all()


def test_words_are_learned_from_known_titles_only() -> None:
    known = np.array([True, True, False, False, False, False])
    vectors = title_vectors(TITLES, known, SETTINGS, 0)
    assert np.isnan(vectors[2:4]).all()  # nuts share no character with lipsticks
    more = title_vectors(
        pd.concat([TITLES, pd.Series(["丝绒坚果"])], ignore_index=True),
        np.append(known, False),
        SETTINGS,
        0,
    )
    np.testing.assert_array_equal(more[:6], vectors)


def test_one_known_title_is_enough() -> None:
    vectors = title_vectors(TITLES.iloc[:2], np.array([True, False]), SETTINGS, 0)
    assert vectors[0] @ vectors[1] > 0.4


def test_without_a_known_title_all_are_unknown() -> None:
    assert np.isnan(title_vectors(TITLES, np.zeros(6, bool), SETTINGS, 0)).all()
