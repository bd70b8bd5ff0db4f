"""Diagnoses of a brand: who comes first, what is said, and of one product as of the pair."""

import numpy as np
import pytest

from features.errors import UnknownBrand, UnknownCreator
from models.diagnoses.diagnoses import BrandDiagnoses, Diagnosis
from tests.matrices import AS_OF, offered_matrix, small_matrix


def listed(brand: str, product: str | None = None) -> tuple[Diagnosis, ...]:
    told = BrandDiagnoses.of(offered_matrix(), brand, product)
    return told.diagnoses(told.order())


def test_those_who_met_come_first_then_by_quadrant() -> None:
    assert [(row.creator_id, row.met, row.quadrant) for row in listed("acme")] == [
        ("c1", True, "core contributor"),
        ("c3", True, "mend"),
        ("c2", False, "rising star"),
        ("c4", False, "not_enough_data"),
    ]


def test_both_benchmarks_are_told_with_whom_they_are_of() -> None:
    first = listed("acme")[0]
    assert (first.benchmark_rate, first.benchmark_level) == (0.04, "industry x tier")
    assert (first.peer_rate, first.peer_level, first.p_above_peers) == (
        0.05,
        "category x tier",
        0.75,
    )
    assert first.benchmark_impressions == 2_000
    assert (first.evidence_sessions, first.evidence_denominator, first.sessions_90) == (3, 410, 3)


def test_what_is_open_says_what_would_settle_it() -> None:
    (open_one,) = listed("lan")
    assert open_one.sessions_to_settle == 4
    assert open_one.to_settle == "about 4 more sessions would settle conversion"
    unknown = listed("acme")[3]
    assert unknown.sessions_to_settle is None
    assert unknown.to_settle == "there is no benchmark to compare conversion with"
    assert listed("acme")[0].to_settle is None


def test_a_product_has_a_diagnosis_of_its_own() -> None:
    of_product = {row.creator_id: row for row in listed("acme", "p2")}
    assert of_product["c1"].quadrant == "mend"
    assert of_product["c1"].action.startswith("change the product")
    assert (of_product["c1"].met, of_product["c3"].met) == (True, False)
    assert {row.creator_id: row.quadrant for row in listed("acme", "p1")} == {
        row.creator_id: row.quadrant for row in listed("acme")
    }


def test_quadrants_are_counted_of_those_met_and_of_new_ones() -> None:
    counts = BrandDiagnoses.of(small_matrix(), "acme").counts()
    assert counts == {
        "core contributor": (1, 0),
        "rising star": (0, 1),
        "mend": (1, 0),
        "not_enough_data": (0, 1),
    }


def test_the_ladder_sees_what_the_matrix_says() -> None:
    told = BrandDiagnoses.of(small_matrix(), "acme")
    seen = told.seen(told.place("c3"))
    assert (seen.verdict, seen.sessions, seen.sessions_90, seen.as_of) == ("low", 12, 9, AS_OF)
    assert told.seen(told.place("c4")).verdict == "open"
    assert told.seen(told.place("c4")).sessions_90 is None


def test_a_brand_without_creators_has_no_diagnoses() -> None:
    told = BrandDiagnoses.of(small_matrix(), "quiet")
    assert told.diagnoses(told.order()) == ()
    assert set(told.counts().values()) == {(0, 0)}


def test_unknown_ids_are_refused() -> None:
    with pytest.raises(UnknownBrand):
        BrandDiagnoses.of(small_matrix(), "acm")
    with pytest.raises(UnknownCreator):
        BrandDiagnoses.of(small_matrix(), "acme").place("c9")


def test_the_order_of_a_page_is_kept() -> None:
    told = BrandDiagnoses.of(small_matrix(), "acme")
    some = told.diagnoses(np.array([2, 0]))
    assert [row.creator_id for row in some] == ["c3", "c1"]
