"""The chosen set against the best there is, its limits and what they cost."""

from dataclasses import replace
from itertools import pairwise

import pytest

from features.errors import WrongInput
from models.portfolio.choose import choose
from models.portfolio.exact import best_of_all, bound, exact
from models.portfolio.explore import p_among_best
from models.portfolio.frontier import frontier
from models.portfolio.limits import Limits, Wishes, expected_spending
from models.portfolio.search import searched
from models.portfolio.settings import PortfolioSettings
from tests.models.portfolio.planted import random_candidates, some, value_of

PLAIN = PortfolioSettings(fulfilment=1.0, overlap_loss=0.0, peak_creators=1e6)
SETTINGS = PortfolioSettings(peak_creators=8.0)


def wished(candidates: object, seed: int) -> Wishes:
    spent = expected_spending(candidates, SETTINGS, hard=bool(seed % 2))  # type: ignore[arg-type]
    return Wishes(
        k=3,
        invitations=6,
        budget=float(spent.sum() * (0.05 + 0.05 * (seed % 4))),
        samples=2 + seed % 2,
        max_per_agency=1 + seed % 2,
        hard_budget=bool(seed % 2),
    )


@pytest.mark.parametrize("seed", range(6))
def test_programs_and_search_find_the_best_of_all_sets(seed: int) -> None:
    candidates = random_candidates(10, seed)
    value = value_of(candidates, SETTINGS)
    limits = Limits.of(candidates, wished(candidates, seed), SETTINGS)
    best = best_of_all(value, limits)
    programmed, found = exact(value, limits), searched(value, limits)
    assert best is not None
    assert programmed is not None
    assert found is not None
    assert limits.hold(found)
    assert value.worth(programmed) == pytest.approx(value.worth(best))
    assert value.worth(found) == pytest.approx(value.worth(best))
    assert bound(value, limits, found) >= value.worth(best) * (1 - 1e-9)


def test_many_candidates_stay_close_to_what_no_set_can_pass() -> None:
    candidates = random_candidates(300, 1)
    value = value_of(candidates, SETTINGS)
    limits = Limits.of(candidates, Wishes(k=10, invitations=20, budget=2e5), SETTINGS)
    found = searched(value, limits)
    assert found is not None
    assert value.worth(found) >= 0.98 * bound(value, limits, found)


def test_the_same_candidates_give_the_same_choice() -> None:
    candidates = random_candidates(60, 2)
    value = value_of(candidates, SETTINGS)
    wishes = Wishes(k=6, budget=5e4, explore=0.5)
    first, again = (choose(candidates, value, wishes, SETTINGS) for _ in range(2))
    assert first.order.tolist() == again.order.tolist()
    assert first.limits == again.limits
    assert first.adds.tobytes() == again.adds.tobytes()


def test_limits_hold_and_say_what_more_would_give() -> None:
    candidates = some(
        [100, 90, 80, 70, 60],
        agency=["Sun", "Sun", "Sun", None, "Moon"],
        tier=["head", "head", "tail", "tail", "tail"],
    )
    value = value_of(candidates, PLAIN)
    wishes = Wishes(k=3, max_per_agency=1, tiers={"Head": (0, 1)})
    choice = choose(candidates, value, wishes, PLAIN)
    assert candidates.ids[choice.order].tolist() == ["c0", "c3", "c4"]
    told = {limit.name: limit for limit in choice.limits}
    # one more: nobody without an agency or of a new one is left, so the invitation is worth 0
    assert told["invitations"].shadow_price == 0
    assert told["invitations"].binding
    # a second of Sun: c2 takes the place of c4 (c1 would be a second head)
    assert told["agency"].shadow_price == pytest.approx(80 - 60, rel=1e-4)
    assert told["agency"].binding
    # a second head: c1 is of Sun too
    assert told["tier Head"].shadow_price == 0


def test_a_budget_is_of_what_is_spent_on_average_or_if_all_accept() -> None:
    candidates = some([100, 100], slot_fee=[50, 50], accept=[0.5, 0.5])
    value = value_of(candidates, PLAIN)
    usual = choose(candidates, value, Wishes(k=2, budget=50), PLAIN)
    hard = choose(candidates, value, Wishes(k=2, budget=50, hard_budget=True), PLAIN)
    assert len(usual.order) == 2
    assert len(hard.order) == 1


def test_more_invitations_than_k_make_up_for_those_who_decline() -> None:
    candidates = some([100.0] * 9, accept=[0.5] * 9)
    value = value_of(candidates, PLAIN)
    assert len(choose(candidates, value, Wishes(k=3), PLAIN).order) == 3
    asked = choose(candidates, value, Wishes(k=3, invitations=9), PLAIN)
    assert len(asked.order) == 6  # of whom three accept


def test_nobody_is_asked_at_a_loss_to_fill_the_list() -> None:
    candidates = some([100, 10], slot_fee=[0, 50])
    choice = choose(candidates, value_of(candidates, PLAIN), Wishes(k=2), PLAIN)
    assert choice.order.tolist() == [0]
    assert choice.upper_bound == pytest.approx(choice.worth)


def test_exploring_picks_the_unproven_by_posterior_and_says_what_it_costs() -> None:
    # c2 and c3 are new and expected to sell the same; c3 is far less certain, so may be best
    candidates = some(
        [100, 90, 50, 50],
        sessions=[9, 9, 0, 0],
        worth_lo80=[99, 89, 49, 10],
        worth_hi80=[101, 91, 51, 300],
    )
    value = value_of(candidates, PLAIN)
    choice = choose(candidates, value, Wishes(k=2, explore=0.5), PLAIN)
    assert choice.order.tolist() == [0, 3]
    assert choice.explores.tolist() == [False, True]
    assert choice.exploration_cost == pytest.approx(90 - 50, rel=1e-4)
    assert choice.among_best[1] > p_among_best(candidates, 2, PLAIN)[2]
    assert not choose(candidates, value, Wishes(k=2), PLAIN).explores.any()


def test_each_pick_knows_who_would_take_its_place() -> None:
    candidates = some([100, 90, 70])
    choice = choose(candidates, value_of(candidates, PLAIN), Wishes(k=2), PLAIN)
    assert choice.replacement.tolist() == [2, 2]
    assert choice.replaced_gain == pytest.approx([-30, -20], rel=1e-3)


def test_the_frontier_never_falls_and_passes_through_the_choice() -> None:
    candidates = random_candidates(40, 5)
    value = value_of(candidates, SETTINGS)
    wishes = Wishes(k=5, invitations=10, budget=20_000.0)
    points = frontier(candidates, value, wishes, SETTINGS)
    worths = [point.worth for point in points]
    assert all(a <= b + 1e-9 for a, b in pairwise(worths))
    assert all(point.spent <= point.budget + 1e-6 for point in points)
    at = next(point for point in points if point.budget == 20_000.0)
    assert at.worth == pytest.approx(choose(candidates, value, wishes, SETTINGS).worth, rel=0.01)


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (Wishes(k=2, tiers={"head": (1, None)}), "0 of the candidates are of that tier"),
        (Wishes(k=1, tiers={"tail": (2, None)}), "more than the 1 invitations"),
        (Wishes(k=2, budget=10, tiers={"tail": (1, None)}), "cost at least 50 in slot fees"),
    ],
)
def test_what_cannot_be_kept_is_said_with_what_to_change(wishes: Wishes, words: str) -> None:
    candidates = some([100, 90], slot_fee=[50, 60])
    with pytest.raises(WrongInput, match=words):
        choose(candidates, value_of(candidates, PLAIN), wishes, PLAIN)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"k": 0}, "k is how many at most: at least 1, not 0"),
        ({"budget": -1.0}, "budget is at least 0, not -1"),
        ({"explore": 1.5}, "explore is a share of the invitations, not 1.5"),
        ({"tiers": {"head": (3, 2)}}, "tier head: from 3 to 2 is no range"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(given: dict[str, object], words: str) -> None:
    with pytest.raises(WrongInput, match=words):
        replace(Wishes(), **given)  # type: ignore[arg-type]
