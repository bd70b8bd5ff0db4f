"""Peer creators: same main category and tier, itself left out, wider where they are few."""

import numpy as np
import pandas as pd
import pytest

from features.peers import PEER_LEVELS, peer_benchmarks
from features.settings import FeatureSettings

TWO = FeatureSettings(benchmark_merchants=2, prior_orders=1e-6)


def creators(tiers: str, category: str | None = "beauty") -> pd.DataFrame:
    return pd.DataFrame({"main_category": [category] * len(tiers), "tier": list(tiers)})


def counts(*columns: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    both = np.array(columns, float).transpose(1, 0, 2)
    return both[..., 0], both[..., 1]


def test_the_mean_of_peers_leaves_the_creator_itself_out() -> None:
    made = peer_benchmarks(creators("www"), *counts([(2, 100), (4, 100), (9, 100)]), TWO)
    assert made.rate[:, 0].tolist() == pytest.approx([0.065, 0.055, 0.03])
    assert made.level[:, 0].tolist() == [0, 0, 0]
    assert made.peers[:, 0].tolist() == [2, 2, 2]


def test_what_a_creator_sells_never_moves_its_own_yardstick() -> None:
    less = peer_benchmarks(creators("www"), *counts([(20, 900), (40, 800), (90, 700)]), TWO)
    more = peer_benchmarks(creators("www"), *counts([(80, 900), (40, 800), (90, 700)]), TWO)
    assert more.rate[0, 0] == pytest.approx(less.rate[0, 0])
    assert more.rate[1, 0] > less.rate[1, 0]


def test_too_few_of_the_tier_give_way_to_the_category_and_that_to_everybody() -> None:
    frame = pd.concat([creators("wwwt"), creators("h", "food")], ignore_index=True)
    made = peer_benchmarks(frame, *counts([(2, 100), (4, 100), (9, 100), (5, 100), (1, 100)]), TWO)
    assert [PEER_LEVELS[i] for i in made.level[:, 0]] == [
        *["category x tier"] * 3,
        "category",
        "all creators",
    ]
    assert made.rate[3, 0] == pytest.approx((0.02 + 0.04 + 0.09) / 3)
    assert made.peers[4, 0] == 4


def test_only_those_who_sold_such_goods_are_peers_in_it() -> None:
    beauty, food = [(2, 100), (4, 100), (9, 100)], [(0, 0), (10, 50), (0, 0)]
    made = peer_benchmarks(creators("www"), *counts(beauty, food), TWO)
    assert made.rate[0, 1] == pytest.approx(0.2)
    assert PEER_LEVELS[made.level[0, 1]] == "all creators"
    assert np.isnan(made.rate[1, 1])
    assert made.level[1, 1] == -1


def test_more_peers_and_more_sales_make_it_surer() -> None:
    few = peer_benchmarks(creators("w" * 4), *counts([(2, 50), (3, 50), (4, 50), (3, 50)]), TWO)
    many = peer_benchmarks(creators("w" * 8), *counts([(20, 500), (30, 500)] * 4), TWO)
    assert many.spread[0, 0] < few.spread[0, 0]


def test_a_creator_of_unknown_category_is_held_against_everybody() -> None:
    frame = pd.concat([creators("w", None), creators("www")], ignore_index=True)
    made = peer_benchmarks(frame, *counts([(1, 100), (2, 100), (4, 100), (9, 100)]), TWO)
    assert PEER_LEVELS[made.level[0, 0]] == "all creators"


def test_goods_of_unknown_category_and_no_goods_have_no_peers() -> None:
    made = peer_benchmarks(creators("www"), *counts([(2, 100), (4, 100), (9, 100)]), TWO)
    rate, _, level = made.of(np.array([0, 1]), np.array([-1, 0]))
    assert np.isnan(rate[0])
    assert level.tolist() == [-1, 0]
    nothing = peer_benchmarks(creators("www"), np.empty((3, 0)), np.empty((3, 0)), TWO)
    assert np.isnan(nothing.of(np.array([0]), np.array([-1]))[0]).all()
