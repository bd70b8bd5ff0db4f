"""Floors: kept exactly, at the least loss that trying every list finds."""

from itertools import combinations, product

import numpy as np
import pytest

from models.concentration.floors import Listings, best_lists, cheapest, floor_cost

TIERS = ("head", "tail")


def listings(brands: int = 3, creators: int = 6, seed: int = 0, flat: bool = False) -> Listings:
    random = np.random.default_rng(seed)
    tier = np.arange(creators) % 3 > 0  # a third are heads
    n = brands * creators
    weight = np.exp(random.normal(0, 0.5, n)) * np.where(np.tile(tier, brands), 1.0, 4.0)
    return Listings(
        brand=np.repeat(np.arange(brands), creators),
        tier=np.tile(tier.astype(np.int64), brands),
        worth=weight * np.exp(random.normal(0, 0.5, n)),
        weight=np.ones(n) if flat else weight,
        tiers=TIERS,
    )


def best_of_all(some: Listings, k: int, tail: float) -> float:
    """The worth of the best lists that keep the floor, by trying every one."""
    per_brand = [
        list(combinations(np.flatnonzero(some.brand == b), k)) for b in np.unique(some.brand)
    ]
    best = -np.inf
    for lists in product(*per_brand):
        rows = np.concatenate(lists)
        weight = some.weight[rows]
        if weight[some.tier[rows] == 1].sum() >= tail * weight.sum() - 1e-9:
            best = max(best, some.worth[rows].sum())
    return best


@pytest.mark.parametrize("flat", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_the_floor_is_kept_at_nearly_the_least_loss(seed: int, flat: bool) -> None:
    some = listings(seed=seed, flat=flat)
    chosen = cheapest(some, 2, {"tail": 0.5})
    assert chosen is not None
    assert np.bincount(some.brand[chosen]).tolist() == [2, 2, 2]
    assert some.shares(chosen)["tail"] >= 0.5
    exact = best_of_all(some, 2, 0.5)
    assert some.worth[chosen].sum() <= exact + 1e-9
    assert some.worth[chosen].sum() >= 0.99 * exact


def test_many_brands_come_within_a_hair_of_the_bound() -> None:
    some = listings(brands=40, creators=30)
    lower, higher = (floor_cost(some, 5, {"tail": share}) for share in (0.3, 0.5))
    assert lower.cost is not None
    assert higher.cost is not None
    assert 0 <= lower.cost < higher.cost
    assert higher.shares is not None
    assert 0.5 <= higher.shares["tail"] < 0.51  # no more than has to be


def test_without_a_floor_the_lists_are_each_brands_best() -> None:
    some = listings()
    told = floor_cost(some, 2, {"tail": 0.0})
    assert (told.cost, told.changed) == (0, 0)
    assert told.worth == some.worth[best_lists(some, 2)].sum()


def test_a_floor_that_cannot_be_kept_is_said_to_be_so() -> None:
    told = floor_cost(listings(creators=3), 3, {"tail": 0.99})
    assert not told.feasible
    assert (told.worth, told.cost, told.changed, told.shares) == (None, None, None, None)


def test_a_creator_without_a_forecast_is_never_listed() -> None:
    some = listings(flat=True)
    worth = some.worth.copy()
    worth[[0, 6, 7, 8, 9, 10]] = np.nan  # brand 1 keeps one candidate
    thin = Listings(some.brand, some.tier, worth, some.weight, TIERS)
    chosen = cheapest(thin, 2, {"tail": 0.4})
    assert chosen is not None
    assert not np.isnan(worth[chosen]).any()
    assert np.bincount(some.brand[chosen]).tolist() == [2, 1, 2]
