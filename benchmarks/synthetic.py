"""Synthetic facts of any size, skewed as sales are, for measuring speed (not quality)."""

from pathlib import Path

import numpy as np
import pandas as pd

from features.facts import Facts, Meaning, engine, facts_from_tables

DAYS = 540
START = pd.Timestamp("2024-11-01")


def write_facts(folder: Path, lines: int, creators: int = 5_000, products: int = 8_000) -> None:
    """Write the tables of a source with that many session-product lines as Parquet."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(0)
    sessions = lines // 20
    brands = products // 16
    creator_ids = np.array([f"c{i:06d}" for i in range(creators + brands)])  # own accounts last
    product_ids = np.array([f"p{i:06d}" for i in range(products)])
    brand_ids = np.array([f"b{i:05d}" for i in range(brands)])
    brand_of = random.integers(0, brands, products)
    started = START + pd.to_timedelta(random.uniform(0, DAYS * 86_400, sessions), unit="s")
    is_field = random.random(sessions) < 0.2
    account = np.where(
        is_field, creators + _skewed(random, brands, sessions), _skewed(random, creators, sessions)
    )
    tables = {
        "creators": pd.DataFrame({"creator_id": creator_ids}),
        "brands": pd.DataFrame(
            {"brand_id": brand_ids, "industry": [f"i{i % 13}" for i in range(brands)]}
        ),
        "products": pd.DataFrame(
            {
                "product_id": product_ids,
                "brand_id": brand_ids[brand_of],
                "category": [f"i{b % 13}" for b in brand_of],
                "price": np.exp(random.normal(4.5, 0.8, products)).round(2),
            }
        ),
        "sessions": pd.DataFrame(
            {
                "session_id": [f"s{i:08d}" for i in range(sessions)],
                "creator_id": creator_ids[account],
                "started_at": started,
                "ended_at": started + pd.Timedelta(hours=3),
                "format": np.where(is_field, "field", "mixed"),
                "views": random.lognormal(9, 1.5, sessions).astype(np.int64),
            }
        ),
    }
    session = random.integers(0, sessions, lines)
    product = _skewed(random, products, lines)
    unique = np.unique(session.astype(np.int64) * products + product)
    session, product = unique // products, unique % products
    impressions = random.lognormal(7, 1.3, len(unique)).astype(np.int64) + 1
    clicks = random.binomial(impressions, 0.08)
    orders = random.binomial(clicks, 0.06)
    tables["session_products"] = pd.DataFrame(
        {
            "session_id": tables["sessions"]["session_id"].to_numpy()[session],
            "product_id": product_ids[product],
            "orders": orders,
            "gmv": (orders * tables["products"]["price"].to_numpy()[product]).round(2),
            "impressions": impressions,
            "clicks": clicks,
        }
    )
    for name, frame in tables.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)


def facts_of(folder: Path) -> Facts:
    """The written tables as facts, read by the engine with one thread, as its peers have one."""
    connection = engine()
    paths = sorted(folder.glob("*.parquet"))
    tables = {path.stem: connection.read_parquet(path) for path in paths}
    supplied = {name: tuple(table.columns) for name, table in tables.items()}
    return facts_from_tables(connection, tables, Meaning("clicks"), "synthetic", supplied)


def _skewed(
    random: np.random.Generator, kinds: int, size: int
) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Positions drawn so that few kinds take most of the draws (Zipf with exponent 0.8)."""
    weight = np.arange(1, kinds + 1) ** -0.8
    return random.choice(kinds, size, p=weight / weight.sum()).astype(np.int64)
