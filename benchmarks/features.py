"""Features as of six dates from 2M lines, against the same sums by pandas filter + groupby."""

import sys
from datetime import timedelta
from pathlib import Path

import pandas as pd

from benchmarks.harness import Jobs, Work, serve_job
from benchmarks.synthetic import facts_of

DATES = 6
WINDOWS = (30, 90, 10_000)
HALF_LIFE_DAYS = 60
KEYS = (
    ["creator_id"],
    ["brand_id"],
    ["product_id"],
    ["category"],
    ["creator_id", "product_id"],
    ["creator_id", "brand_id"],
    ["creator_id", "category"],
)
MEASURES = ["orders", "gmv", "impressions", "clicks"]


def alliance(folder: Path) -> Work:
    """Every feature of every key, as of each date."""
    from features.daily import daily_facts
    from features.tables import feature_tables

    def work() -> float:
        facts = facts_of(folder)
        daily = daily_facts(facts, "product")
        for j in range(DATES):
            feature_tables(daily, facts.as_of - timedelta(days=30 * j))
        return float(DATES)

    return work


def pandas_groupby(folder: Path) -> Work:
    """Only sums of four measures over 30, 90 and all days and decayed; no rates, no joins."""
    return lambda: _pandas_sums(folder)


def _pandas_sums(folder: Path) -> float:
    products = pd.read_parquet(folder / "products.parquet")
    sessions = pd.read_parquet(folder / "sessions.parquet")
    lines = pd.read_parquet(folder / "session_products.parquet").merge(sessions, on="session_id")
    lines = lines[lines["format"] != "field"].merge(products, on="product_id")
    lines["day"] = lines["ended_at"].dt.floor("D")
    last = lines["day"].max() + pd.Timedelta(days=1)
    for j in range(DATES):
        as_of = last - pd.Timedelta(days=30 * j)
        known = lines[lines["day"] < as_of]
        age = (as_of - known["day"]).dt.days
        decay = 0.5 ** (age / HALF_LIFE_DAYS)
        decayed = known.assign(**{name: known[name] * decay for name in MEASURES})
        for keys in KEYS:
            for days in WINDOWS:
                known[age <= days].groupby(keys)[MEASURES].sum()
            decayed.groupby(keys)[MEASURES].sum()
    return float(DATES)


JOBS: Jobs = {"alliance": alliance, "pandas-groupby": pandas_groupby}

if __name__ == "__main__":
    serve_job(JOBS, sys.argv[1:])
