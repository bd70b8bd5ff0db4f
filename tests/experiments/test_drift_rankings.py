"""When rankings published earlier no longer find whom brands choose."""

import numpy as np
import pytest

from experiments.collaborations import Ranked, drawn_measures
from experiments.drift_rankings import SCORE, judged_rankings, ranking_verdict

THEN = {"auc": (0.85, 0.83, 0.87)}


def ranked(brands: int, skill: float, creators: int = 80, chosen: int = 4) -> list[Ranked]:
    random = np.random.default_rng(3)
    ids = np.array([f"c{i:03d}" for i in range(creators)])
    found = []
    for b in range(brands):
        hit = np.zeros(creators, dtype=bool)
        hit[random.choice(creators, chosen, replace=False)] = True
        scores = skill * hit + random.normal(size=creators)
        found.append(Ranked(f"b{b:03d}", ids, hit, {SCORE: scores}))
    return found


def whole(brands: int, skill: float) -> dict[str, float]:
    return dict(judged_rankings({"all": ranked(brands, skill)}).iloc[0])


def test_a_ranking_that_lost_its_skill_is_to_be_trained_again() -> None:
    told = ranking_verdict(whole(60, 0.0), THEN)
    assert told.retrain is True
    assert told.sentence.startswith("Retrain now because AUC is 0.4")
    assert "240 later ties of 60 brands, at training 0.850" in told.sentence


def test_there_is_no_need_where_a_loss_would_have_been_seen() -> None:
    told = ranking_verdict(whole(300, 1.5), THEN)
    assert told.retrain is False, told.sentence


def test_a_doubtful_level_at_training_is_no_reason() -> None:
    row = whole(60, 1.2)
    sure, doubtful = ranking_verdict(row, {"auc": (0.99, 0.98, 1.0)}), {"auc": (0.99, 0.7, 1.28)}
    assert sure.retrain is True
    told = ranking_verdict(row, doubtful)
    assert told.retrain is None
    assert "not known to 0.05" in told.sentence


def test_too_few_ties_say_how_many_and_that_they_cannot_tell() -> None:
    told = ranking_verdict(whole(6, 0.0), THEN)
    assert told.retrain is None
    assert "24 later ties of 6 brands are too few to tell" in told.sentence
    wide = ranking_verdict(whole(12, 1.5), THEN)
    assert wide.retrain is None
    assert wide.more_ties is not None
    assert f"about {wide.more_ties:,} more ties" in wide.sentence


def test_without_a_level_at_training_nothing_is_said() -> None:
    told = ranking_verdict(whole(60, 0.0), {})
    assert told.retrain is None
    assert "at training none was held out" in told.sentence


def test_small_slices_are_not_shown_but_all_is() -> None:
    few = ranked(4, 1.0)
    assert judged_rankings({"all": few, "industry food": few})["slice"].tolist() == ["all"]


def test_a_brand_asked_twice_is_one_brand_of_the_sample() -> None:
    once = ranked(30, 1.0)
    one, two = (drawn_measures(asked, 300, 0)[0, :, 0] for asked in (once, [*once, *once]))
    assert two == pytest.approx(one)
    assert judged_rankings({"all": [*once, *once]})["brands"].tolist() == [30]
