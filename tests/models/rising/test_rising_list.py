"""Who is listed as rising, and who as a cold start."""

import numpy as np
import pytest

from features.errors import UnknownBrand, WrongInput
from models.matrix.matrix import AllianceMatrix, build_matrix
from models.rising.rising_list import rising_list
from tests.matrices import BRANDS, CREATORS, PRODUCTS, manifest, rows

NAN = float("nan")


def growing_matrix(**changes: object) -> AllianceMatrix:
    """c1 and c3 have grown, c2 was tested in vain, c4 never went live."""
    creators = CREATORS.assign(
        last_live_days=[3.0, 5.0, 1.0, NAN],
        growth=[1.8, 1.0, 3.2, NAN],
        growth_lo80=[1.3, 0.9, 2.1, NAN],
        growth_hi80=[2.5, 1.1, 4.8, NAN],
        growth_probability=[0.95, 0.1, 0.99, NAN],
        growth_p=[0.03, 0.9, 0.001, NAN],
        growth_days=[90.0, 30.0, 60.0, NAN],
        growth_sessions=[5.0, 3.0, 8.0, NAN],
        growth_sessions_before=[10.0, 6.0, 20.0, NAN],
        rising=[1.0, 0.0, 1.0, NAN],
        audience_young=[0.5, 0.5, 0.5, 0.5],
    )
    told = manifest(**{"discovery_rate": 0.1, **changes})
    return build_matrix(rows(), BRANDS, creators, told, PRODUCTS)


def test_the_named_are_listed_by_expected_growth_with_what_it_rests_on() -> None:
    told = rising_list(growing_matrix())
    assert (told.tested, told.untested, told.named, told.message) == (3, 0, 2, None)
    assert [row.creator_id for row in told.rows] == ["c3", "c1"]
    first = told.rows[0]
    assert (first.growth.mean, first.growth.lo80, first.growth.hi80) == (3.2, 2.1, 4.8)
    assert (first.sessions, first.growth_days, first.sessions_before) == (8, 60, 20)
    assert first.creator_name == "王芳芳"


def test_a_stricter_rate_names_fewer() -> None:
    told = rising_list(growing_matrix(), q=0.02)
    assert [row.creator_id for row in told.rows] == ["c3"]
    assert rising_list(growing_matrix(), q=0.1, k=1).named == 2


def test_for_a_brand_the_forecast_is_of_that_brand_else_of_the_best() -> None:
    everywhere, lan = rising_list(growing_matrix()), rising_list(growing_matrix(), "lan")
    best = {row.creator_id: row.brand_id for row in everywhere.rows}
    assert best == {"c1": "lan", "c3": "acme"}  # net GMV of c1: 7,000 for lan, 4,500 for acme
    of_lan = {row.creator_id: row.pair for row in lan.rows}
    assert of_lan["c3"] is None  # not scored for it
    assert of_lan["c1"] is not None
    assert of_lan["c1"].p_above_benchmark == 0.5


def test_who_never_went_live_is_listed_apart_with_an_honest_width() -> None:
    told = rising_list(growing_matrix())
    (cold,) = told.cold_start
    assert (cold.creator_id, cold.brand_id, told.objective) == ("c4", "acme", "net_gmv")
    assert cold.rests_on == "audience shares; no session"
    assert cold.width == told.usual_width == 4  # half to double
    assert rising_list(growing_matrix(), "lan").cold_creators == 0


def test_when_nobody_is_named_the_reason_is_given() -> None:
    told = rising_list(growing_matrix(), q=0.0005)
    assert told.rows == ()
    assert told.message == (
        "Nobody is named at q = 0.0005: the smallest p-value of 3 tested creators is 0.001, "
        "and one alone would have to be at most 0.00017."
    )
    blind = rising_list(growing_matrix(discovery_rate=None), q=0.0005)
    assert "does not tell how many came" in (blind.message or "")


def test_a_wrong_rate_or_brand_is_refused() -> None:
    matrix = growing_matrix()
    with pytest.raises(WrongInput, match="between 0 and 1, not 2"):
        rising_list(matrix, q=2)
    with pytest.raises(WrongInput, match="at least 1"):
        rising_list(matrix, k=0)
    with pytest.raises(UnknownBrand):
        rising_list(matrix, "acme-eu")


def test_a_matrix_without_growth_or_forecasts_is_no_error() -> None:
    frame = rows()[["brand_id", "creator_id"]]
    bare = build_matrix(frame, BRANDS, CREATORS, manifest(), PRODUCTS)
    told = rising_list(bare)
    assert (told.named, told.objective, told.usual_width) == (0, None, None)
    assert told.cold_creators == 4
    assert all(np.isnan(v) for v in bare.creator_values["growth"])
