"""Past collaborations as a score: industry first, what all brands did second, itself left out."""

import numpy as np
import pytest
from scipy import sparse

from models.collaboration.partners import Side
from models.collaboration.past import PRIOR_BRANDS, past_scores

BRANDS = Side.of(["b0", "b1", "b2", "b3"], ["food", "food", "beauty", ""], {})
TIES = sparse.csr_matrix(
    np.array(
        [
            [1.0, 0, 0, 0],
            [1, 1, 0, 0],
            [0, 0, 1, 0],
            [0, 1, 0, 0],
        ]
    )
)


def test_a_creator_of_the_industry_comes_before_one_of_another() -> None:
    scores = past_scores(BRANDS, TIES)
    # of b0: one other food brand (b1), three other brands in all
    expected = (1 + PRIOR_BRANDS * 2 / 3) / (1 + PRIOR_BRANDS)
    assert scores[0, 1] == pytest.approx(expected)
    assert scores[0, 2] == pytest.approx(PRIOR_BRANDS / 3 / (1 + PRIOR_BRANDS))
    assert scores[0, 1] > scores[0, 0] > scores[0, 2]


def test_a_brand_does_not_count_for_itself() -> None:
    assert past_scores(BRANDS, TIES)[0, 0] == pytest.approx(
        (1 + PRIOR_BRANDS / 3) / (1 + PRIOR_BRANDS)
    )
    assert np.isnan(past_scores(BRANDS, TIES)[2, 2]), "nobody else worked with the creator"


def test_a_brand_without_an_industry_has_what_all_brands_did() -> None:
    assert past_scores(BRANDS, TIES)[3, 0] == pytest.approx(2 / 3)


def test_a_creator_without_a_past_is_not_ranked_by_it() -> None:
    assert np.isnan(past_scores(BRANDS, TIES)[:, 3]).all()
