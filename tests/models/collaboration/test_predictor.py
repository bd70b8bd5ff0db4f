import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from features.errors import NotReady
from models.collaboration.closeness import cosine
from models.collaboration.occasions import JUDGED_CANDIDATES, after, brand_folds
from models.collaboration.pair_features import HUB, MATCH, PairFeatures
from models.collaboration.partners import Floats, Side
from models.collaboration.predictor import CollaborationPredictor
from tests.models.collaboration.planted import Market, market

NEW = np.arange(30, 40)


@pytest.fixture(scope="module")
def world() -> Market:
    return market()


@pytest.fixture(scope="module")
def learned(world: Market) -> CollaborationPredictor:
    """Learned from the first 30 brands; the other ten were never seen."""
    ties = world.ties.tolil()
    ties[NEW] = 0
    return CollaborationPredictor().fit(world.brands, world.creators, ties.tocsr())


def of_new(model: CollaborationPredictor, world: Market, brands: Side | None = None) -> Floats:
    told = brands or world.brands.take(NEW)
    nothing = sparse.csr_matrix((len(told), len(world.creators)))
    return model.scores(told, world.creators, nothing).reshape(len(told), -1)


def correlation(scores: Floats, world: Market) -> float:
    each = zip(scores, world.affinity[NEW], strict=True)
    return float(np.mean([np.corrcoef(score, truth)[0, 1] for score, truth in each]))


def test_brands_never_seen_are_ranked_by_the_rule_learned_from_the_others(
    learned: CollaborationPredictor, world: Market
) -> None:
    assert correlation(of_new(learned, world), world) > 0.6
    assert abs(correlation(cosine(world.brands.take(NEW), world.creators), world)) < 0.4


def test_stand_ins_are_left_out_where_partners_are_not_like_the_brand(
    learned: CollaborationPredictor, world: Market
) -> None:
    """The rule turns tastes: a partner's own say nothing of what its brand wants."""
    ties = world.ties.tolil()
    ties[NEW] = 0
    weights = [
        PairFeatures.learned(world.brands, world.creators, ties.tocsr(), stand_ins).map.weights
        for stand_ins in (False, True)
    ]
    assert np.array_equal(learned.pairs_.map.weights, weights[0])
    assert not np.array_equal(weights[0], weights[1])


def test_a_score_does_not_depend_on_what_else_is_scored(
    learned: CollaborationPredictor, world: Market
) -> None:
    whole = of_new(learned, world)
    alone = of_new(learned, world, world.brands.take(NEW[3:4]))
    assert alone[0].tolist() == pytest.approx(whole[3].tolist())


def test_what_features_add_sums_to_the_score(
    learned: CollaborationPredictor, world: Market
) -> None:
    told = world.brands.take(NEW)
    nothing = sparse.csr_matrix((len(told), len(world.creators)))
    vectors = {name: v.copy() for name, v in world.creators.vectors.items()}
    for of_set in vectors.values():
        of_set[5] = np.nan
    creators = replace(world.creators, vectors=vectors)
    rows = np.array([7, 0, 3]), np.array([2, 5, 9])
    features, added = learned.contributions(told, creators, nothing, rows)
    scores = learned.scores(told, creators, nothing, rows)
    assert features.shape == (3, len(learned.pairs_.names))
    assert np.isnan(added[1]).all(), "nothing is known of a creator without vectors"
    np.testing.assert_allclose(added[[0, 2]].sum(axis=1), scores[[0, 2]])
    assert (added[[0, 2], :-1] != 0).sum() > 6


def test_a_match_is_less_all_that_is_usual_for_the_creator() -> None:
    logit, usual = 3.0, 2.0
    assert np.dot(MATCH, (logit, logit - HUB * usual)) == pytest.approx(3.0 - 2.0)


def test_what_is_saved_scores_alike(
    learned: CollaborationPredictor, world: Market, tmp_path: Path
) -> None:
    learned.save(tmp_path)
    assert {p.suffix for p in tmp_path.iterdir()} == {".npz", ".json", ".txt"}
    again = CollaborationPredictor.load(tmp_path)
    assert np.array_equal(of_new(again, world), of_new(learned, world))


def test_what_another_version_saved_is_refused_with_what_to_do(
    learned: CollaborationPredictor, tmp_path: Path
) -> None:
    learned.save(tmp_path)
    numbers = tmp_path / "numbers.json"
    told = json.loads(numbers.read_text())
    del told["format"]  # as before there was one
    numbers.write_text(json.dumps(told))
    with pytest.raises(NotReady, match="alliance train"):
        CollaborationPredictor.load(tmp_path)


def test_fitting_again_gives_the_same(learned: CollaborationPredictor, world: Market) -> None:
    ties = world.ties.tolil()
    ties[NEW] = 0
    again = CollaborationPredictor().fit(world.brands, world.creators, ties.tocsr())
    assert np.array_equal(of_new(again, world), of_new(learned, world))


def test_a_creator_without_vectors_has_no_score_and_a_brand_without_has_one(
    learned: CollaborationPredictor, world: Market
) -> None:
    unknown = np.full_like(world.creators.vectors["caption"][:2], np.nan)
    creators = replace(world.creators.take(np.arange(2)), vectors={"caption": unknown})
    nothing = sparse.csr_matrix((1, 2))
    assert np.isnan(learned.scores(world.brands.take(NEW[:1]), creators, nothing)).all()
    silent = replace(world.brands.take(NEW[:1]), vectors={"caption": unknown[:1]})
    assert np.isfinite(of_new(learned, world, silent)).all()


def test_vectors_that_are_gone_are_named(learned: CollaborationPredictor, world: Market) -> None:
    bare = replace(world.brands, vectors={})
    with pytest.raises(NotReady, match=r"brand_embeddings\.caption.*alliance train"):
        learned.scores(bare, world.creators, world.ties)


def test_a_brand_held_out_is_in_nobodys_history(world: Market) -> None:
    for occasion in brand_folds(world.ties, 4, random_state=1, halves=True):
        asked = {question.brand for question in occasion.questions}
        assert len(asked) == 10
        assert all(occasion.history[brand].nnz == 0 for brand in asked)
        candidates = {c for q in occasion.questions for c in q.candidates.tolist()}
        assert candidates == set(world.ties[sorted(asked)].indices.tolist())
        for question in occasion.questions:
            partners = set(world.ties[question.brand].indices.tolist())
            chosen = set(question.candidates[question.chosen].tolist())
            assert chosen == partners - set(question.own.tolist())


def test_what_came_later_is_asked_from_what_was_known_before() -> None:
    at = pd.Series(pd.to_datetime(["2024-01-01", "2024-01-05", "2024-02-01"]))
    brands, creators = np.array([0, 1, 0]), np.array([2, 0, 1])
    occasion = after(brands, creators, at, (2, 3), pd.Timestamp("2024-01-05"), None, 0)
    assert occasion.history.toarray().tolist() == [[0, 0, 1], [0, 0, 0]]
    first, second = occasion.questions
    assert first.candidates[first.chosen].tolist() == [1]
    assert first.own.tolist() == [2]
    assert first.candidates.tolist() == [0, 1]  # a past partner is no candidate
    assert second.candidates[second.chosen].tolist() == [0]


def test_of_many_candidates_some_are_drawn_and_all_chosen_are_kept() -> None:
    for partners in (1, 30):
        ties = np.zeros((2, JUDGED_CANDIDATES + 20))
        ties[0, :partners] = 1
        ties[1] = 1
        for occasion in brand_folds(sparse.csr_matrix(ties), 2, random_state=0):
            for question in occasion.questions:
                held_out = ties[question.brand].sum()
                assert question.chosen.sum() == held_out
                assert (~question.chosen).sum() <= JUDGED_CANDIDATES
    at = pd.Series(pd.to_datetime(["2024-01-01", *["2024-02-01"] * 30]))
    creators = np.arange(31)
    shape = (1, JUDGED_CANDIDATES + 20)
    (question,) = after(
        np.zeros(31, np.intp), creators, at, shape, pd.Timestamp("2024-01-15"), None, 0
    ).questions
    assert question.chosen.sum() == 30
    assert len(question.candidates) == JUDGED_CANDIDATES + 19
