from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models.acceptance.hierarchical import fit_acceptance
from models.acceptance.invitations import Invitations, Sides
from models.acceptance.predictor import OfferAcceptance, fit_offer_acceptance
from models.acceptance.terms import OfferTerms
from tests.models.acceptance.planted import PER_LOG_FEE, PER_POINT, Planted, drawn_offers, planted


@pytest.fixture(scope="module")
def world() -> Planted:
    return planted()


@pytest.fixture(scope="module")
def learned(world: Planted) -> OfferAcceptance:
    return fit_offer_acceptance(world.history, world.sides)


def told(learned: OfferAcceptance) -> OfferTerms:
    assert learned.terms is not None
    return learned.terms


def test_the_planted_effects_of_the_terms_are_found(learned: OfferAcceptance) -> None:
    terms = told(learned)
    assert terms.commission is not None
    assert terms.commission_se is not None
    assert abs(terms.commission - PER_POINT) < 3 * terms.commission_se < 0.1
    assert terms.log_fee_ratio == pytest.approx(PER_LOG_FEE, abs=0.35)


def test_the_chance_at_other_terms_is_the_chance_of_that_offer(
    learned: OfferAcceptance,
) -> None:
    offers = Invitations(
        np.array(["c0"] * 2), np.array(["b0"] * 2), np.array([0.12, 0.17]), np.array([np.nan] * 2)
    )
    p = learned.predict(offers).p
    asked = float(learned.sides.numbers("creators", "commission_rate", offers.creator_id)[0])
    moved = told(learned).at_commission(float(p[0]), np.array([0.17]), 0.12, asked)
    assert moved[0] == pytest.approx(p[1], abs=0.01)


def test_terms_forecast_new_offers_better_and_intervals_hold_the_truth(
    world: Planted, learned: OfferAcceptance
) -> None:
    offers = drawn_offers(world.sides, 2_000, np.random.default_rng(9))
    true = world.truth(offers)
    p, lo, hi = learned.predict(offers)
    plain = fit_acceptance(world.history, world.sides.creators)
    without = plain.predict(offers.creator_id.tolist(), offers.brand_id.tolist()).p
    assert np.mean((p - true) ** 2) < 0.3 * np.mean((without - true) ** 2)
    assert 0.75 < np.mean((lo <= true) & (true <= hi)) < 0.97
    assert ((lo <= p) & (p <= hi)).all()


def test_terms_nobody_ever_offered_promise_no_more_than_the_best_that_was(
    learned: OfferAcceptance,
) -> None:
    far = Invitations(np.array(["c1"]), np.array(["b0"]), np.array([0.9]), np.array([0.0]))
    farther = replace(far, commission_rate=np.array([0.99]))
    assert learned.predict(far).p == learned.predict(farther).p


def test_an_unnamed_offer_counts_as_asked(world: Planted, learned: OfferAcceptance) -> None:
    asked = world.sides.creators.loc["c2"]
    unnamed = Invitations(
        np.array(["c2"]), np.array(["b1"]), np.array([np.nan]), np.array([np.nan])
    )
    named = replace(
        unnamed,
        commission_rate=np.array([asked["commission_rate"]]),
        slot_fee=np.array([asked["slot_fee"]]),
    )
    assert learned.predict(unnamed).p == pytest.approx(learned.predict(named).p)


def test_a_creator_and_a_brand_never_met_are_less_sure(learned: OfferAcceptance) -> None:
    who = Invitations(
        np.array(["c3", "nobody"]), np.array(["b0", "b9x"]), np.full(2, np.nan), np.full(2, np.nan)
    )
    _, lo, hi = learned.predict(who)
    assert hi[1] - lo[1] > hi[0] - lo[0]


def test_a_pair_that_keeps_saying_no_is_believed(world: Planted) -> None:
    again = world.history.iloc[[0] * 40].assign(
        collaboration_id=[f"y{i}" for i in range(40)], status="declined"
    )
    first = world.history.iloc[:1]
    before = fit_offer_acceptance(world.history, world.sides).predict(Invitations.of(first)).p
    history = pd.concat([world.history, again])
    after = fit_offer_acceptance(history, world.sides).predict(Invitations.of(first)).p
    assert after < 0.5 * before


def test_without_a_refusal_nothing_is_known(world: Planted) -> None:
    only_yes = world.history.assign(status="aired")
    learned = fit_offer_acceptance(only_yes, world.sides)
    assert np.isnan(learned.predict(Invitations.of(only_yes.iloc[:3])).p).all()
    assert learned.terms is None


def test_without_terms_or_attributes_who_answers_how_is_still_learned(world: Planted) -> None:
    bare = world.history.drop(columns=["slot_fee", "commission_rate"])
    sides = Sides(world.sides.creators[[]], world.sides.brands[[]])
    learned = fit_offer_acceptance(bare, sides)
    p = learned.predict(Invitations.of(bare)).p
    yes = (bare["status"] == "accepted").to_numpy()
    assert p[yes].mean() > p[~yes].mean() + 0.03
    assert told(learned).commission is None
    assert told(learned).range_of("beauty", "tail") is None


def test_one_answer_is_enough_to_run(world: Planted) -> None:
    learned = fit_offer_acceptance(world.history.iloc[:1].assign(status="declined"), world.sides)
    p, lo, hi = learned.predict(Invitations.of(world.history.iloc[:1]))
    assert 0 < lo[0] <= p[0] <= hi[0] < 1


def test_the_order_of_the_history_changes_nothing(world: Planted) -> None:
    some, asked = world.history.iloc[:300], Invitations.of(world.history.iloc[:20])
    one = fit_offer_acceptance(some, world.sides).predict(asked)
    two = fit_offer_acceptance(some.iloc[::-1], world.sides).predict(asked)
    np.testing.assert_array_equal(one, two)
