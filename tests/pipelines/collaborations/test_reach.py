"""Pairs that a score of collaborating was not learned for are marked, with the reason."""

from dataclasses import replace

import numpy as np
import pytest

from models.collaboration.partners import Side
from models.collaboration.predictor import CollaborationPredictor
from pipelines.collaborations.reach import reach
from pipelines.collaborations.reasons import score_reasons
from tests.models.collaboration.planted import SIZE, Market, market


@pytest.fixture(scope="module")
def world() -> Market:
    return market(brands=40)


@pytest.fixture(scope="module")
def predictor(world: Market) -> CollaborationPredictor:
    known = np.arange(36)
    learned = CollaborationPredictor()
    return learned.fit(world.brands.take(known), world.creators, world.ties[:36])


def changed(side: Side, row: int, vector: float) -> Side:
    vectors = side.vectors["caption"].copy()
    vectors[row] = vector
    return replace(side, vectors={"caption": vectors})


def test_a_brand_or_creator_without_a_vector_is_marked(
    world: Market, predictor: CollaborationPredictor
) -> None:
    brands, creators = changed(world.brands, 37, np.nan), changed(world.creators, 5, np.nan)
    rows = np.array([0, 37, 0, 37]), np.array([0, 0, 5, 5])
    told = reach(brands, creators, world.ties, predictor, rows)
    assert told.tolist() == [
        None,
        "no vector of the brand was given",
        "no vector of the creator was given",
        "no vector of the brand was given; no vector of the creator was given",
    ]


def test_brands_are_not_marked_where_none_has_a_vector(world: Market) -> None:
    brands = replace(world.brands, vectors={})
    learned = CollaborationPredictor().fit(brands, world.creators, world.ties)
    rows = np.array([0, 37]), np.array([0, 3])
    assert reach(brands, world.creators, world.ties, learned, rows).tolist() == [None, None]
    all_of_one = np.zeros(len(world.creators), np.intp), np.arange(len(world.creators))
    sides = (brands, world.creators, world.ties)
    scores = learned.scores(*sides, all_of_one)
    columns = score_reasons(learned, sides, all_of_one, scores, 1.0, None).columns
    named = {str(name) for i in (1, 2, 3) for name in columns[f"reason{i}_feature"] if name}
    assert any(not name.endswith(("industry_partners", "own_partners")) for name in named)


def test_who_is_far_from_all_learned_from_is_marked(
    world: Market, predictor: CollaborationPredictor
) -> None:
    view = predictor.pairs_.views.of_brands["caption"]
    own = view.plain(predictor.pairs_.brands.vectors["caption"])
    random = np.random.default_rng(0).normal(size=(4_000, SIZE)).astype(np.float32)
    lonely = random[(view.plain(random) @ own.T).max(axis=1).argmin()]
    vectors = world.brands.vectors["caption"].copy()
    vectors[38] = lonely
    vectors[39] = vectors[0]
    brands = replace(world.brands, vectors={"caption": vectors})
    rows = np.array([38, 39, 0]), np.array([1, 1, 1])
    told = reach(brands, world.creators, world.ties, predictor, rows)
    assert told.tolist() == ["the brand's caption is unlike all that were learned from", None, None]


def test_a_brand_without_a_vector_has_no_reason_from_one(
    world: Market, predictor: CollaborationPredictor
) -> None:
    brands = changed(world.brands, 37, np.nan)
    creators = np.arange(len(world.creators))
    for brand, from_vectors in ((37, False), (38, True)):
        rows = np.full(len(creators), brand), creators
        scores = predictor.scores(brands, world.creators, world.ties, rows)
        sides = brands, world.creators, world.ties
        columns = score_reasons(predictor, sides, rows, scores, 1.0, None).columns
        named = {str(name) for i in (1, 2, 3) for name in columns[f"reason{i}_feature"] if name}
        assert named
        others = [n for n in named if not n.endswith(("industry_partners", "own_partners"))]
        assert bool(others) is from_vectors


def test_where_a_rule_ranks_a_creator_without_a_past_is_marked(world: Market) -> None:
    brands, creators = (replace(side, vectors={}) for side in (world.brands, world.creators))
    ties = world.ties.tolil()
    ties[:, 7] = 0
    rows = np.array([0, 0]), np.array([7, 8])
    ties[1, 8] = 1
    told = reach(brands, creators, ties.tocsr(), None, rows)
    assert told.tolist() == ["the creator has no collaboration to go by", None]
