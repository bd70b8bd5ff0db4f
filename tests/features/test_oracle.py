"""Every feature equals what plain loops over the raw frames count, on an awkward little world."""

from datetime import date
from functools import cache

import numpy as np
import pytest

from features.contract import Absent, Denominator
from features.daily import DailyFacts, daily_facts
from features.facts import Meaning, facts_from_frames
from features.known import FeatureTables
from features.lines import Grain
from features.pairs import pair_feature_names, pair_features
from features.registry import FEATURES
from features.tables import feature_tables
from tests.features.expected import ORACLES
from tests.features.little_world import little_world
from tests.features.oracle import Oracle

CASES: tuple[tuple[Grain, Denominator, Absent, date], ...] = (
    ("product", "clicks", "not_offered", date(2024, 4, 10)),
    ("product", "viewers", "zero", date(2024, 5, 20)),
    ("brand", "viewers", "zero", date(2024, 5, 20)),
    ("brand", "clicks", "not_offered", date(2024, 6, 15)),
)


@cache
def daily(grain: Grain, denominator: Denominator, absent: Absent) -> DailyFacts:
    meaning = Meaning(denominator=denominator, absent=absent)
    return daily_facts(facts_from_frames(little_world(), meaning), grain)


@cache
def tables(grain: Grain, denominator: Denominator, absent: Absent, as_of: date) -> FeatureTables:
    return feature_tables(daily(grain, denominator, absent), as_of)


def test_every_feature_of_the_registry_has_an_oracle() -> None:
    assert set(ORACLES) == {feature.name for feature in FEATURES}
    assert pair_feature_names() == tuple(feature.name for feature in FEATURES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_feature_equals_plain_loops_over_the_raw_frames(
    case: tuple[Grain, Denominator, Absent, date],
) -> None:
    known, oracle = tables(*case), Oracle(little_world(), *case)
    creators, items = np.meshgrid(
        np.arange(len(known.creators)), np.arange(len(known.items)), indexing="ij"
    )
    rows = pair_features(known, creators.ravel(), items.ravel())
    expected = np.array(
        [
            [ORACLES[name](oracle, creator, item) for name in pair_feature_names()]
            for creator in known.creators.index
            for item in known.items.index
        ]
    )
    wrong = [
        (name, float(rows[row, column]), float(expected[row, column]))
        for column, name in enumerate(pair_feature_names())
        for row in np.flatnonzero(
            ~np.isclose(rows[:, column], expected[:, column], 3e-5, 2e-6, equal_nan=True)
        )[:1]
    ]
    assert wrong == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_yardstick_equals_plain_loops(case: tuple[Grain, Denominator, Absent, date]) -> None:
    known, oracle = tables(*case), Oracle(little_world(), *case)
    names = ["rate", "spread", "level", "merchants", "impressions", "impressions_spread"]
    found = known.brands[[f"benchmark_{name}" for name in names]]
    for brand, *row in found.itertuples():
        rate, spread, level, merchants, impressions, unsure = oracle.benchmark(brand)
        assert row[2:4] == [level, merchants]
        numbers = [row[0], row[1], row[4], row[5]]
        assert numbers == pytest.approx([rate, spread, impressions, unsure], 1e-9, nan_ok=True)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_candidates_are_all_but_the_brands_own_accounts(
    case: tuple[Grain, Denominator, Absent, date],
) -> None:
    oracle = Oracle(little_world(), *case)
    own = {row.creator_id for row in oracle.known.values() if row.field}
    seen = {row.creator_id for row in oracle.sessions}
    assert set(tables(*case).creators.index) == (set(oracle.creator_rows) | seen) - own
    assert list(tables(*case).items.index) == sorted(oracle.items())
