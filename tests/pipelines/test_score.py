"""Scoring: what a matrix must say of the model it was filled with."""

from datetime import date

from models.bundle import AllianceModel
from pipelines.scored_matrix import learned_later

WINDOWS = {"conversion": {"calibrate": ["2024-04-02", "2024-05-02"]}}
MODEL = AllianceModel({"windows": WINDOWS}, {})


def test_a_matrix_of_a_day_the_champion_has_learned_from_says_so() -> None:
    (sentence,) = learned_later(MODEL, date(2024, 5, 1))
    assert sentence.startswith("the champion learned from outcomes until 2024-05-02")
    assert "before 2024-05-01" in sentence


def test_from_the_end_of_what_it_learned_nothing_needs_to_be_said() -> None:
    assert learned_later(MODEL, date(2024, 5, 2)) == ()


def test_a_model_of_collaborations_alone_has_learned_from_no_window() -> None:
    assert learned_later(AllianceModel({"windows": {}}, {}), date(2024, 5, 1)) == ()
