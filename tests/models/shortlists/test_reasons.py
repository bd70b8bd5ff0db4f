"""Reasons: sums by group, the strongest feature to speak for it, and the words."""

import numpy as np
import pytest

from models.matrix.manifest import FeatureWords, feature_words
from models.shortlists.reasons import reason, top_reasons

NAMES = ("rate30", "rate90", "price", "season")
GROUPS = ("conversion", "conversion", "price", "season")


def test_contributions_are_summed_by_group_and_the_strongest_feature_speaks() -> None:
    contributions = np.array([[0.1, 0.3, -0.5, 0.2, -3.0]])
    features = np.array([[0.04, 0.05, 99.0, 6.0]])
    columns = top_reasons(contributions, features, NAMES, GROUPS, top=2)
    assert [columns[f"reason{i}_feature"][0] for i in (1, 2)] == ["price", "rate90"]
    assert [columns[f"reason{i}_effect"][0] for i in (1, 2)] == pytest.approx([-0.5, 0.4])
    assert [columns[f"reason{i}_value"][0] for i in (1, 2)] == pytest.approx([99.0, 0.05])


def test_the_feature_named_pulls_in_the_direction_of_its_group() -> None:
    # the group says +.2; rate30 is the strongest in size, but against it
    contributions = np.array([[-0.3, 0.5, 0.0, 0.0, 0.0], [0.5, -0.3, 0.0, 0.0, 0.0]])
    columns = top_reasons(contributions, np.ones((2, 4)), NAMES, GROUPS, top=1)
    assert columns["reason1_feature"].tolist() == ["rate90", "rate30"]


def test_what_has_no_effect_is_no_reason() -> None:
    contributions = np.array([[0.0, 0.0, 0.0, 0.2, 1.0]])
    columns = top_reasons(contributions, np.ones((1, 4)), NAMES, GROUPS, top=3)
    assert columns["reason1_feature"].tolist() == ["season"]
    assert columns["reason2_feature"].tolist() == [None]
    assert np.isnan(columns["reason2_effect"]).all()


def test_fewer_groups_than_reasons() -> None:
    columns = top_reasons(np.array([[0.4, 0.0]]), np.array([[2.0]]), ["a"], ["g"], top=3)
    assert [columns[f"reason{i}_feature"][0] for i in (1, 2, 3)] == ["a", None, None]


def test_no_rows_no_reasons() -> None:
    columns = top_reasons(np.empty((0, 5)), np.empty((0, 4)), NAMES, GROUPS)
    assert all(len(column) == 0 for column in columns.values())


def test_tables_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not belong together"):
        top_reasons(np.ones((2, 4)), np.ones((2, 4)), NAMES, GROUPS)


def test_effects_multiply_the_odds() -> None:
    words = feature_words([_Feature("rate90", "conversion", "sells {value} of clicks", "share")])
    told = reason("rate90", 0.053, float(np.log(1.24)), words)
    assert (told.words, told.odds_factor) == ("sells 5.3 % of clicks", 1.24)


def test_an_unknown_value_is_said_to_be_unknown() -> None:
    words = {"rate90": FeatureWords(group="conversion", words="sells {value}", unit="share")}
    told = reason("rate90", None, -0.2, words)
    assert (told.words, told.value) == ("nothing known yet: conversion", None)


def test_a_feature_without_words_is_shown_by_its_name() -> None:
    assert reason("text_similarity", 0.31, 0.1, {}).words == "text similarity 0.31"


class _Feature:
    def __init__(self, name: str, group: str, words: str, unit: str) -> None:
        self.name, self.group, self.words, self.unit = name, group, words, unit


def test_what_speaks_against_is_told_apart() -> None:
    contributions = np.array([[0.9, 0.3, -0.5, -0.2, 0.0], [0.9, 0.3, 0.5, -0.2, 0.0]])
    columns = top_reasons(contributions, np.ones((2, 4)), NAMES, GROUPS, top=2, against=True)
    assert columns["counter1_feature"].tolist() == ["price", "season"]
    assert columns["counter2_feature"].tolist() == ["season", None]
    assert columns["counter1_effect"] == pytest.approx([-0.5, -0.2])
