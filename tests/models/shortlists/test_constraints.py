"""Constraints: which creators meet each, hard or soft, and what to relax."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.errors import WrongInput
from models.matrix.matrix import AllianceMatrix, build_matrix
from models.shortlists.filters import ShortlistFilters
from models.shortlists.shortlist import Shortlist, shortlist
from tests.matrices import BRANDS, CREATORS, manifest, rows

MORE = CREATORS.assign(
    level=pd.Series(["S", "A", None, "A"], dtype="str"),
    flags=pd.Series(["late fulfilment; complaint", None, "complaint", None], dtype="str"),
    last_live_days=[1.0, 40.0, 3.0, np.nan],
    dedicated_share=[0.5, 0.0, 1.0, np.nan],
    audience_female_young=[0.7, 0.1, 0.3, np.nan],
    audience_female_old=[0.2, 0.1, 0.3, np.nan],
)


def wide_matrix() -> AllianceMatrix:
    pairs = rows().assign(
        p_accept=[0.2, 0.9, 0.6, np.nan, 0.5], invited_days=[10.0, 100.0, np.nan, np.nan, 1.0]
    )
    return build_matrix(pairs, BRANDS, MORE, manifest(null_columns={}))


def told(k: int = 20, **filters: Any) -> Shortlist:
    return shortlist(wide_matrix(), "acme", k, filters=ShortlistFilters(**filters))


def ids(listed: Shortlist) -> list[str]:
    return [row.creator_id for row in listed.rows]


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({"level": ["a"]}, ["c2", "c4"]),
        ({"audience": ["female=0.6"]}, ["c1", "c3"]),
        ({"audience": ["female_young=0.6"]}, ["c1"]),
        ({"format": ["dedicated"]}, ["c1", "c3"]),
        ({"format": ["mixed"]}, ["c1", "c2"]),
        ({"format": ["mixed", "dedicated"]}, ["c1", "c2", "c3"]),
        ({"max_return_rate": 0.28}, ["c2", "c3", "c4"]),
        ({"min_acceptance": 0.6}, ["c2", "c3"]),
        ({"live_within": 3}, ["c1", "c3"]),
        ({"not_invited_within": 30}, ["c2", "c3", "c4"]),
        ({"without_flag": ["Late fulfilment"]}, ["c2", "c3", "c4"]),
        ({"no_flags": True}, ["c2", "c4"]),
        ({"existing_only": True}, ["c1", "c3"]),
    ],
)
def test_each_condition_keeps_whom_it_should(filters: dict[str, Any], left: list[str]) -> None:
    assert ids(told(**filters)) == left


def test_a_preference_moves_down_and_removes_nobody() -> None:
    listed = told(tier=["tail"], soft=["tier"])
    assert listed.remaining == 4
    assert listed.removed == {}
    by_id = {row.creator_id: row for row in listed.rows}
    assert by_id["c1"].unmet == ("tier tail",)
    assert by_id["c2"].unmet == ()
    assert by_id["c1"].score == pytest.approx(1.0 - 0.1)
    assert by_id["c4"].score == pytest.approx(0.0)
    assert ids(listed) == ["c1", "c2", "c3", "c4"]  # .9, .5, .4, 0


def test_preferences_add_up_until_they_change_the_order() -> None:
    soft: dict[str, Any] = {
        "no_flags": True,
        "max_commission": 0.1,
        "tier": ["tail"],
        "max_slot_fee": 10.0,
    }
    wishes = {**soft, "max_followers": 1_000_000, "not_invited_within": 30}
    listed = told(**wishes, soft=list(wishes))
    assert ids(listed)[0] == "c2"  # c1 meets none of six: 1.0 - 0.6 < 0.5
    assert len(next(row for row in listed.rows if row.creator_id == "c1").unmet) == 6


@pytest.mark.parametrize(
    ("soft", "sentence"),
    [
        (["tiers"], "'tiers' cannot be a preference. These can: category, tier"),
        (["product"], "'product' cannot be a preference"),
        (["tier"], "'tier' is named as a preference but not set"),
    ],
)
def test_a_preference_that_makes_no_sense_is_refused(soft: list[str], sentence: str) -> None:
    with pytest.raises(WrongInput, match=sentence):
        ShortlistFilters(soft=soft)


def test_what_to_relax_is_told_with_the_value_that_would_do() -> None:
    listed = told(k=2, min_followers=5_000_000, max_slot_fee=200_000)
    assert ids(listed) == ["c1"]
    (relaxed,) = listed.relaxations
    assert relaxed.constraint == "at least 5,000,000 followers"
    assert (relaxed.remaining, relaxed.enough_at) == (3, 1_500_000)
    assert listed.message is not None
    assert "give way to 1.5e+06" not in listed.message
    assert "1,500,000" in listed.message


def test_nothing_to_relax_is_told_where_the_list_is_long_enough() -> None:
    assert told(k=2, max_slot_fee=200_000).relaxations == ()


@pytest.mark.parametrize("text", ["female", "female=2", "female=x", "=0.5"])
def test_an_audience_limit_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(WrongInput, match=r"female=0\.6"):
        told(audience=[text])


def test_an_audience_group_that_nobody_told_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        WrongInput,
        match=r"group is called .male.\. There are: female_old, female_young",
    ):
        told(audience=["male=0.5"])


def test_of_many_audience_groups_a_refusal_names_the_first() -> None:
    names = [f"audience_store_{number:03}" for number in range(100)]
    stores = pd.DataFrame(0.01, index=CREATORS.index, columns=names)
    creators = pd.concat([CREATORS, stores], axis=1)
    matrix = build_matrix(rows(), BRANDS, creators, manifest(null_columns={}))
    with pytest.raises(WrongInput, match=r"store_000, .*, store_011 and 88 more\.$"):
        shortlist(matrix, "acme", 3, filters=ShortlistFilters(audience=["male=0.5"]))


def test_the_same_request_gives_the_same_list() -> None:
    wishes: dict[str, Any] = {"tier": ["tail"], "soft": ["tier"], "max_return_rate": 0.5}
    assert told(**wishes) == told(**wishes)


@pytest.mark.parametrize("name", ["price", "followers"])
def test_a_band_that_ends_before_it_begins_is_refused(name: str) -> None:
    band: dict[str, Any] = {f"min_{name}": 100, f"max_{name}": 50}
    with pytest.raises(WrongInput, match=f"{name} from 100 to 50 is no range"):
        ShortlistFilters(**band)
