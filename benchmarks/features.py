"""Features as of six dates from 2M lines, against the sums they rest on by pandas groupby."""

import sys
from datetime import timedelta
from pathlib import Path

import pandas as pd

from benchmarks.harness import Jobs, Work, serve_job
from benchmarks.synthetic import facts_of

DATES = 6
HALF_LIFE_DAYS = 60
RETURN_DAYS = 30
SHORT = ["lines", "orders", "impressions", "clicks"]
LONG = [*SHORT, "gmv"]
DECAYED = {f"{name}_decayed": name for name in SHORT}
EVER = ["lines", "orders", "gmv", *DECAYED, "orders_mature"]
PAIR_EVER = ["lines", "orders", "clicks", *DECAYED, "orders_mature"]
WIDER = [*DECAYED, "orders_mature", "day"]


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
    """The sums that the features rest on, with what pandas has: filter, then group by.

    The same keys, measures and windows: lines, orders, gmv, impressions and clicks of 30, 90 and
    all days, decayed and mature, of creators, products and pairs, added up to brands, categories,
    creators x brands and creators x categories; last days; sessions and views of creators;
    distinct sessions of brands with creators; field sessions of brands. Clicks are known of every
    line, so conversion needs no sums of its own. Left out: everything made from the sums (rates,
    trends, benchmarks, attributes as of the date), peer groups, distinct creators and products.
    """
    return lambda: _pandas_sums(folder)


def _pandas_sums(folder: Path) -> float:
    sessions = pd.read_parquet(folder / "sessions.parquet")
    sessions["day"] = sessions["ended_at"].dt.floor("D")
    sessions = sessions.astype({"session_id": "category", "creator_id": "category"})
    products = pd.read_parquet(folder / "products.parquet", columns=["product_id", *GROUPS])
    lines = pd.read_parquet(folder / "session_products.parquet")
    lines = lines.merge(sessions.drop(columns=["started_at", "ended_at", "views"]), on="session_id")
    lines = lines.merge(products, on="product_id").assign(lines=1)
    lines = lines.astype(dict.fromkeys(("session_id", "product_id", *GROUPS), "category"))
    own = lines["format"] == "field"
    field, lines = lines[own], lines[~own]
    sessions = sessions[sessions["format"] != "field"].assign(sessions=1)
    last = lines["day"].max() + pd.Timedelta(days=1)
    for j in range(DATES):
        as_of = last - pd.Timedelta(days=30 * j)
        _line_sums(lines[lines["day"] < as_of], as_of)
        _session_sums(sessions[sessions["day"] < as_of], as_of)
        recent = _within(field, as_of, 90)
        recent.groupby("brand_id", observed=True)[LONG].sum()
        recent.groupby("brand_id", observed=True)["session_id"].nunique()
    return float(DATES)


GROUPS = ("brand_id", "category")


def _within(rows: pd.DataFrame, as_of: pd.Timestamp, days: int) -> pd.DataFrame:
    return rows[(rows["day"] < as_of) & (rows["day"] >= as_of - pd.Timedelta(days=days))]


def _weighed(rows: pd.DataFrame, as_of: pd.Timestamp, names: dict[str, str]) -> pd.DataFrame:
    age = (as_of - rows["day"]).dt.days
    weight = 0.5 ** (age / HALF_LIFE_DAYS)
    decayed = {decayed: rows[name] * weight for decayed, name in names.items()}
    if "orders" in rows:
        decayed["orders_mature"] = decayed["orders_decayed"].where(age >= RETURN_DAYS, 0.0)
    return rows.assign(**decayed)


def _line_sums(lines: pd.DataFrame, as_of: pd.Timestamp) -> None:
    known = _weighed(lines, as_of, DECAYED)
    quarter, month = _within(known, as_of, 90), _within(known, as_of, 30)
    latest = {"day": "max"}
    for key in ("creator_id", "product_id"):
        sums = known.groupby(key, observed=True).agg({**dict.fromkeys(EVER, "sum"), **latest})
        parts = [quarter.groupby(key, observed=True)[LONG].sum().add_suffix("_90")]
        parts += [month.groupby(key, observed=True)[SHORT].sum().add_suffix("_30")]
        sums = pd.concat([sums, *parts], axis=1)
        if key == "product_id":
            _wider(sums.reset_index(), known, [], list(sums.columns.drop("day")))
    pair = ["creator_id", "product_id"]
    sums = known.groupby(pair, observed=True).agg({**dict.fromkeys(PAIR_EVER, "sum"), **latest})
    recent = quarter.groupby(pair, observed=True)[["lines", "orders", "clicks"]].sum()
    sums = sums.join(recent.add_suffix("_90"))
    _wider(sums.reset_index(), known, ["creator_id"], WIDER)
    for rows in (known, quarter):
        together = rows[["creator_id", "brand_id", "session_id"]].drop_duplicates()
        met = together.groupby(["creator_id", "brand_id"], observed=True).size()
        met.groupby(level="brand_id", observed=True).sum()


def _wider(sums: pd.DataFrame, known: pd.DataFrame, keys: list[str], names: list[str]) -> None:
    """The sums of products, or of pairs, added up to brands and to categories."""
    places = known[["product_id", *GROUPS]].drop_duplicates("product_id")
    wide = sums.merge(places, on="product_id")
    how = {name: "max" if name == "day" else "sum" for name in names}
    for group in GROUPS:
        wide.groupby([*keys, group], observed=True).agg(how)


def _session_sums(sessions: pd.DataFrame, as_of: pd.Timestamp) -> None:
    known = _weighed(sessions, as_of, {"sessions_decayed": "sessions"})
    names = ["sessions", "sessions_decayed", "views"]
    known.groupby("creator_id", observed=True)[names].sum()
    for days in (30, 90):
        _within(known, as_of, days).groupby("creator_id", observed=True)[names].sum()


JOBS: Jobs = {"alliance": alliance, "pandas-groupby": pandas_groupby}

if __name__ == "__main__":
    serve_job(JOBS, sys.argv[1:])
