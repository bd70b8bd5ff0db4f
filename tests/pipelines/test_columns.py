"""Reasons of a pair are held against the brand's other candidates."""

import numpy as np

from pipelines.columns import against_brand


def test_what_is_true_of_all_candidates_of_a_brand_is_no_reason() -> None:
    brand = np.array(["b1", "b2", "b1"], dtype=object)
    contributions = np.array(
        [
            [0.5, 1.0, -2.0],  # product, creator, base
            [0.7, 0.3, -2.0],
            [0.5, -1.0, -2.0],
        ]
    )
    held = against_brand(contributions, brand)
    assert held[:, 0].tolist() == [0.0, 0.0, 0.0]  # the product is the same for the brand
    assert held[:, 1].tolist() == [1.0, 0.0, -1.0]
    assert np.allclose(held.sum(axis=1), contributions.sum(axis=1))


def test_no_candidate_gives_no_reason() -> None:
    assert against_brand(np.empty((0, 3)), np.empty(0, dtype=object)).shape == (0, 3)
