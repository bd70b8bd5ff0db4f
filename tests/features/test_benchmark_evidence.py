"""How many evenings and lines a benchmark rests on, counted one by one."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from features.benchmark_evidence import benchmark_evidence, evidence, sales
from features.daily import daily_facts
from features.facts import Facts, facts_from_frames
from features.known import FeatureTables
from features.lines import lines
from features.tables import feature_tables
from tests.features.little_world import START, little_world

AS_OF = (START + timedelta(days=150)).date()


def known(seed: int) -> tuple[Facts, FeatureTables]:
    facts = facts_from_frames(little_world(seed))
    return facts, feature_tables(daily_facts(facts, "product"), AS_OF)


def one_by_one(facts: Facts, tables: FeatureTables, brand: str) -> tuple[float, float]:
    """What each line adds to the mean rate of the others, squared by line and by session."""
    brands, own = tables.brands, tables.brands.loc[brand]
    level = str(own["benchmark_level"])
    others = brands.drop(brand)
    for key in ("industry", "brand_tier"):
        others = (
            others[others[key] == own[key]]
            if key in level.replace("tier", "brand_tier")
            else others
        )
    kind = "all" if level == "all sessions" else "field"
    table = lines(facts, "product").to_pandas()
    first = (AS_OF - timedelta(days=90) - pd.Timestamp(0).date()).days
    table = table[(table["day"] >= first) & (table["day"] < first + 90)]
    table = table[table["denominator"].notna() & table["brand_id"].isin(others.index)]
    if kind == "field":
        table = table[table["is_field"]]
    sums = table.groupby("brand_id")[["orders", "denominator"]].sum()
    sums = sums[sums["denominator"] > 0]
    # the prior is of the whole group, the brand itself included
    group = brands if kind == "all" else brands[brands["industry"] == own["industry"]]
    if level == "industry x tier":
        group = group[group["brand_tier"] == own["brand_tier"]]
    trials = "trials" if kind == "all" else "denominator"
    whole = group[f"{kind}_converted"].sum() / group[f"{kind}_{trials}"].sum()
    rate = (sums["orders"] + 5) / (sums["denominator"] + 5 / whole)
    adds = table["orders"] * (rate / (sums["orders"] + 5)).reindex(table["brand_id"]).to_numpy()
    share = adds / rate.sum()
    return 1 / share.groupby(table["session_id"]).sum().pow(2).sum(), 1 / share.pow(2).sum()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_evenings_and_lines_are_those_counted_one_by_one(seed: int) -> None:
    facts, tables = known(seed)
    found = benchmark_evidence(facts, tables)
    assert found.index.equals(tables.brands.index)
    judged = found.dropna()
    assert len(judged) > 3
    for brand in judged.index:
        assert judged.loc[brand].tolist() == pytest.approx(one_by_one(facts, tables, brand)), brand
    missing = tables.brands.loc[found.index.difference(judged.index), "benchmark_spread"]
    assert missing.isna().all()


def test_one_giant_evening_is_hardly_more_than_one() -> None:
    sold = pd.DataFrame({"brand": [0, 1, 1, 1, 2], "session": [0, 1, 2, 3, 1], "is_field": True})
    sold["converted"] = [10.0, 980.0, 10.0, 10.0, 100.0]
    sold["squares"] = sold["converted"] ** 2 / 2
    brands = pd.DataFrame({"all_converted": [10.0, 1000.0, 100.0], "all_trials": [100.0, 1e4, 1e3]})
    brands = brands.assign(benchmark_level="all sessions", benchmark_spread=0.1)
    found = evidence(brands, sold, 1e-9)
    # of brand 0: .1 each of two merchants; 98 % of one's and all of the other's in one evening
    assert found.iloc[0].tolist() == pytest.approx(
        [4 / (1.98**2 + 2 * 0.01**2), 2 * 4 / (0.98**2 + 2 * 0.01**2 + 1)]
    )
    assert found.iloc[1]["benchmark_sessions"] == pytest.approx(2)


def test_only_the_ninety_days_before_the_date_are_sales() -> None:
    facts, tables = known(0)
    found = sales(facts, tables)
    table = lines(facts, "product").to_pandas()
    first = (AS_OF - timedelta(days=90) - pd.Timestamp(0).date()).days
    recent = table[(table["day"] >= first) & (table["day"] < first + 90)]
    recent = recent[recent["denominator"].notna()]
    assert found["converted"].sum() == recent["orders"].sum()
    assert found["squares"].sum() == pytest.approx((recent["orders"].astype(float) ** 2).sum())
    assert np.isfinite(found.drop(columns="is_field").to_numpy(float)).all()
