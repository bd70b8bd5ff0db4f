"""Objectives: single forecasts, weighted mixes, and what cannot be read."""

import numpy as np
import pytest

from features.errors import UnsupportedObjective, WrongInput
from models.shortlists.objectives import objective_of, standing, weights_of
from models.shortlists.shortlist import shortlist
from tests.matrices import small_matrix


def test_a_mix_ranks_by_the_weighted_standing_of_each() -> None:
    told = shortlist(small_matrix(), "acme", objective="conversion=1,gpm=3")
    conversion = standing([0.06, 0.05, 0.02, 0.03])
    gpm = standing([900.0, 8_000.0, 625.0, 2_222.0])
    scores = 0.25 * conversion + 0.75 * gpm
    order = [f"c{i + 1}" for i in np.argsort(-scores, kind="stable")]
    assert [row.creator_id for row in told.rows] == order
    assert told.objective == "conversion=0.25,gpm=0.75"
    assert [row.score for row in told.rows] == pytest.approx(sorted(scores, reverse=True))


def test_one_objective_has_no_score_beside_itself() -> None:
    assert {row.score for row in shortlist(small_matrix(), "acme").rows} == {None}


def test_the_weightiest_objective_comes_first() -> None:
    assert objective_of(small_matrix(), "conversion=1,gmv=2").columns == ("gmv", "conversion_rate")


@pytest.mark.parametrize(
    "text", ["", "profit=", "profit=x", "profit=-1", "gmv=1,gmv=2", "=1", "gmv=0", "gmv=inf"]
)
def test_weights_that_cannot_be_read_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(WrongInput, match=r"profit=0\.7,conversion=0\.3"):
        weights_of(text)


def test_a_mix_with_a_forecast_that_is_missing_is_refused_with_the_reason() -> None:
    with pytest.raises(UnsupportedObjective, match="by profit: no product has a margin_rate"):
        objective_of(small_matrix(), "conversion=1,profit=1")


def test_standing_of_nobody_is_unknown() -> None:
    assert np.isnan(standing([np.nan, np.nan])).all()
