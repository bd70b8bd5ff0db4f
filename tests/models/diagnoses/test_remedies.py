"""The remedy ladder: every legal way through it, what a matrix moves by itself, what is refused."""

from datetime import date, timedelta

import pytest

from features.errors import NothingToMend, RungOutOfOrder, UnknownRung
from models.diagnoses.remedies import (
    GAVE_UP,
    ITSELF,
    LEADS_TO,
    STATES,
    STILL_LOW,
    Remedy,
    Seen,
    Verdict,
    moved_by,
    trying,
)

START = date(2026, 5, 2)


def seen(day: int, verdict: Verdict = "low", sessions: int = 3) -> Seen:
    """What the matrix made `day` days after the start says; nine sessions in 90 days."""
    p = {"high": 0.91, "low": 0.07, "open": 0.5}[verdict]
    as_of = START + timedelta(days=day)
    return Seen(f"m{day}", as_of, verdict, p, sessions, 9.0)


def diagnosed(remedy: Remedy, *matrices: Seen) -> Remedy:
    for matrix in matrices:
        move = moved_by(remedy, matrix)
        remedy = remedy if move is None else remedy.after(move)
    return remedy


def low() -> Remedy:
    return diagnosed(Remedy(), seen(0))


def tried(remedy: Remedy, rung: str, day: int, sessions: int = 3) -> Remedy:
    return remedy.after(trying(remedy, seen(day, sessions=sessions), rung, who="li"))


def test_low_opens_the_ladder_at_its_first_rung() -> None:
    remedy = low()
    assert (remedy.state, remedy.next_rung, remedy.tried) == ("mend", "product", ())
    assert remedy.moves[0].reason == "conversion is low: P(above the benchmark) 0.07"
    assert (remedy.moves[0].who, remedy.moves[0].matrix_version) == (ITSELF, "m0")


def test_a_pair_that_never_met_or_is_not_low_has_no_ladder() -> None:
    assert moved_by(Remedy(), seen(0, sessions=0)) is None
    assert moved_by(Remedy(), seen(0, "open")) is None
    assert moved_by(Remedy(), seen(0, "high")) is None


def test_a_rung_waits_for_two_sessions_at_the_pace_of_the_pair() -> None:
    remedy = tried(low(), "product", 0)
    assert (remedy.state, remedy.tried, remedy.next_rung) == ("waiting", ("product",), "pitch")
    assert remedy.look_on == START + timedelta(days=20)
    assert remedy.moves[-1].reason == "look again in 20 days: 9 sessions together in the last 90"


def test_a_rung_is_judged_after_its_day_and_with_a_session_since() -> None:
    remedy = tried(low(), "product", 0)
    assert diagnosed(remedy, seen(19, sessions=5)) == remedy
    assert diagnosed(remedy, seen(19, "open", sessions=5)) == remedy
    assert diagnosed(remedy, seen(20, sessions=3)) == remedy
    judged = diagnosed(remedy, seen(20, sessions=5))
    assert (judged.state, judged.next_rung, judged.look_on) == ("mend", "pitch", None)
    assert judged.moves[-1].kind == STILL_LOW
    assert judged.moves[-1].reason.startswith("still low, 2 sessions since the product was changed")


def test_a_rung_that_made_it_neither_high_nor_low_is_looked_at_again() -> None:
    remedy = diagnosed(tried(low(), "product", 0), seen(20, "open", sessions=5))
    assert (remedy.state, remedy.next_rung) == ("waiting", "pitch")
    assert remedy.look_on == START + timedelta(days=40)
    assert remedy.moves[-1].reason.startswith(
        "neither high nor low, 2 sessions since the product was changed, look again in 20 days"
    )
    again = diagnosed(remedy, seen(30, sessions=6), seen(40, sessions=7))
    assert again.moves[-1].reason.startswith("still low, 4 sessions since the product was changed")


def test_every_rung_tried_in_vain_is_an_audience_mismatch() -> None:
    remedy = low()
    for i, rung in enumerate(("product", "pitch", "live offer")):
        remedy = tried(remedy, rung, 30 * i, sessions=3 + i)
        remedy = diagnosed(remedy, seen(30 * i + 30, sessions=4 + i))
    assert (remedy.state, remedy.next_rung) == ("audience mismatch", None)
    assert remedy.moves[-1].kind == GAVE_UP
    with pytest.raises(NothingToMend, match="audience mismatch, stop"):
        trying(remedy, seen(120), "product", who="li")
    again = diagnosed(remedy, seen(150, "high", sessions=9))
    assert again.state == "reopened"
    anew = diagnosed(again, seen(180, sessions=10))
    assert (anew.state, anew.tried, anew.next_rung) == ("mend", (), "product")


def test_conversion_that_has_become_high_resolves_it_whatever_the_day() -> None:
    remedy = diagnosed(tried(low(), "product", 0), seen(5, "high", sessions=4))
    assert (remedy.state, remedy.next_rung) == ("resolved", None)
    assert "after the product was changed" in remedy.moves[-1].reason
    with pytest.raises(NothingToMend, match="was not found low"):
        trying(remedy, seen(6, "high"), "pitch", who="li")


def test_asking_again_changes_nothing() -> None:
    matrices = [seen(0), seen(30, "high"), seen(60)]
    once = diagnosed(Remedy(), *matrices)
    assert diagnosed(once, *matrices, *reversed(matrices)) == once
    assert len(once.moves) == 3


def test_an_older_matrix_moves_nothing() -> None:
    remedy = diagnosed(low(), seen(30, "high"))
    assert moved_by(remedy, seen(10)) is None


def test_a_matrix_made_before_the_rung_is_no_evidence_about_it() -> None:
    remedy = tried(diagnosed(Remedy(), seen(0)), "product", 10)
    assert moved_by(remedy, seen(10, "high", sessions=9)) is None


def test_the_same_rung_may_be_tried_again_and_the_next_one_early() -> None:
    remedy = tried(tried(low(), "product", 0), "product", 5)
    assert remedy.tried == ("product",)
    assert tried(remedy, "pitch", 6).tried == ("product", "pitch")


@pytest.mark.parametrize("rung", ["pitch", "live offer"])
def test_a_rung_out_of_order_is_refused_with_the_one_that_is_due(rung: str) -> None:
    with pytest.raises(RungOutOfOrder, match=f"'{rung}' is not the next rung.*log 'product'"):
        trying(low(), seen(0), rung, who="li")


def test_going_back_a_rung_is_refused() -> None:
    remedy = tried(tried(low(), "product", 0), "pitch", 1)
    with pytest.raises(RungOutOfOrder, match="tried so far: product, pitch"):
        trying(remedy, seen(2), "product", who="li")


def test_a_rung_before_the_diagnosis_is_refused() -> None:
    with pytest.raises(RungOutOfOrder, match="before the pair was found low"):
        trying(low(), seen(0), "product", who="li", on=START - timedelta(days=1))


def test_an_unknown_rung_is_refused_with_a_close_one() -> None:
    with pytest.raises(UnknownRung, match=r"no rung 'prodcut'.*Did you mean 'product'"):
        trying(low(), seen(0), "prodcut", who="li")


def test_there_is_nothing_to_mend_before_they_met() -> None:
    with pytest.raises(NothingToMend, match="never worked together"):
        trying(Remedy(), seen(0, sessions=0), "product", who="li")


def test_every_kind_of_move_leads_to_a_state() -> None:
    assert set(LEADS_TO.values()) == set(STATES)
