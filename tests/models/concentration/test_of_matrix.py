"""Concentration of the small matrix, worked by hand."""

import numpy as np
import pytest

from features.errors import UnsupportedObjective, WrongInput
from models.concentration import concentration, floors_named
from models.matrix.matrix import AllianceMatrix, build_matrix
from tests.matrices import BRANDS, CREATORS, PRODUCTS, manifest, rows


def shown_matrix() -> AllianceMatrix:
    creators = CREATORS.assign(
        exposure_90=[600.0, 100.0, 300.0, np.nan], invitations_90=[1.0, 1.0, 0.0, 2.0]
    )
    return build_matrix(rows(), BRANDS, creators, manifest(exposure_is="impressions"), PRODUCTS)


def test_shares_of_creators_and_tiers_past_and_recommended() -> None:
    told = concentration(shown_matrix(), k=2)
    tiers = {tier.tier: tier for tier in told.tiers}
    assert list(tiers) == ["head", "waist", "tail"]  # by followers
    assert tiers["head"].exposure == 0.6
    assert tiers["tail"].creators == 2
    assert tiers["tail"].invitations == 0.75
    # acme lists c1 and c2 (net GMV 4,500 and 3,600; ties go by id), lan c1
    assert tiers["head"].listed_places == pytest.approx(2 / 3)
    assert tiers["head"].listed_exposure == pytest.approx(10_700 / 11_200)
    assert [one.creator_id for one in told.creators] == ["c1", "c3"]
    assert told.creators[0].lists == 2
    assert told.worth == 4_500 + 3_600 + 7_000


def test_what_a_floor_of_places_costs() -> None:
    told = concentration(shown_matrix(), k=1, floors={"tail": 0.5}, floor_of="places")
    # acme's c1 (4,500) gives way to c2 (3,600); lan has c1 alone
    assert told.floor.cost == 900
    assert told.floor.changed == 1
    assert told.floor.shares == {"head": 0.5, "waist": 0.0, "tail": 0.5}
    assert told.message is None
    assert [point.floors["tail"] for point in told.frontier] == [0.125, 0.25, 0.375, 0.5, 0.75, 1]
    assert not told.frontier[-1].feasible


def test_a_floor_that_cannot_be_kept_says_what_to_do() -> None:
    told = concentration(shown_matrix(), k=1, floors={"tail": 0.9}, floor_of="places")
    assert told.message == (
        "No lists of 1 creators a brand give tail 90% of the places: ask for less, or for longer "
        "lists."
    )


def test_wrong_floors_are_refused() -> None:
    matrix = shown_matrix()
    with pytest.raises(WrongInput, match="There are: head, waist, tail"):
        concentration(matrix, floors={"top": 0.1})
    with pytest.raises(WrongInput, match=r"sum to 1\.2"):
        concentration(matrix, floors={"tail": 0.6, "waist": 0.6})
    with pytest.raises(WrongInput, match="not 2"):
        concentration(matrix, floors={"tail": 2})
    with pytest.raises(WrongInput, match=r"written as tail=0\.1, not 'tail'"):
        floors_named(["tail"])
    with pytest.raises(UnsupportedObjective, match="net_gmv, gmv"):
        concentration(matrix, objective="profit")
    assert floors_named([]) is None


def test_without_money_it_says_what_lists_can_be_had() -> None:
    sales = ("net_gmv", "gmv", "profit", "conversion_rate", "p_accept")
    chosen = rows().assign(**dict.fromkeys(sales, np.nan), p_collaboration=np.arange(5.0))
    matrix = build_matrix(chosen, BRANDS, CREATORS, manifest(), PRODUCTS)
    with pytest.raises(UnsupportedObjective) as refused:
        concentration(matrix)
    assert "this matrix has none" in str(refused.value)
    assert "'alliance shortlist BRAND --objective collaboration'" in str(refused.value)
    assert "p_collaboration of 'alliance export matrix'" in str(refused.value)
    with pytest.raises(UnsupportedObjective) as with_money:
        concentration(shown_matrix(), objective="units")
    assert "shortlist" not in str(with_money.value), "another of its own is told instead"


def test_what_the_source_does_not_tell_is_left_out() -> None:
    bare = build_matrix(rows(), BRANDS, CREATORS, manifest(), PRODUCTS)
    told = concentration(bare)
    assert [one.name for one in told.measures] == ["listed_exposure", "listed_places"]
    assert told.tiers[0].exposure is None
