"""Top 50 of a brand with filters from a published matrix, against DuckDB on its Parquet file."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.harness import Jobs, Work, serve_job

BRANDS, CREATORS, READS, K = 1_000, 3_000, 200, 50


def write_matrix(folder: Path) -> None:
    """Publish a matrix of 3M pairs with random forecasts."""
    from datetime import date

    from models.matrix.columns import NUMBERS
    from models.matrix.manifest import Manifest
    from models.matrix.matrix import build_matrix
    from pipelines.publish import publish

    random = np.random.default_rng(0)
    brands = pd.Index([f"b{i:05d}" for i in range(BRANDS)])
    creators = pd.Index([f"c{i:06d}" for i in range(CREATORS)])
    pairs = BRANDS * CREATORS
    columns: dict[str, Any] = {name: random.random(pairs, dtype=np.float32) for name in NUMBERS}
    columns["brand_id"] = pd.Categorical.from_codes(np.repeat(np.arange(BRANDS), CREATORS), brands)
    columns["creator_id"] = pd.Categorical.from_codes(
        np.tile(np.arange(CREATORS), BRANDS), creators
    )
    frame = pd.DataFrame(
        {
            "main_category": [f"i{i % 13}" for i in range(CREATORS)],
            "tier": [("tail", "waist", "head")[i % 3] for i in range(CREATORS)],
            "followers": random.integers(1_000, 10_000_000, CREATORS),
        },
        index=creators,
    )
    manifest = Manifest(as_of=date(2026, 1, 1), conversion_denominator="clicks")
    publish(build_matrix(columns, pd.DataFrame(index=brands), frame, manifest), folder / "matrix")


def asked() -> list[str]:
    """The brands asked for, in order."""
    return [f"b{i:05d}" for i in np.random.default_rng(1).integers(0, BRANDS, READS)]


def alliance(folder: Path) -> Work:
    """The shortlist as the service reads it, rows and all."""
    from models.matrix.files import current
    from models.shortlists.filters import ShortlistFilters
    from models.shortlists.shortlist import shortlist

    matrix = current(folder / "matrix", verify=False)
    filters = ShortlistFilters(tier=("tail", "waist"), min_followers=100_000)

    def work() -> float:
        for brand in asked():
            shortlist(matrix, brand, K, "net_gmv", filters)
        return float(READS)

    return work


def duckdb_parquet(folder: Path) -> Work:
    """The same rows by SQL over the matrix's own Parquet files."""
    import duckdb

    version = (folder / "matrix" / "CURRENT").read_text().strip()
    place = folder / "matrix" / version
    connection = duckdb.connect(config={"threads": 1})
    sql = f"""
        SELECT * FROM '{place}/matrix.parquet' m JOIN '{place}/creators.parquet' c
        USING (creator_id)
        WHERE m.brand_id = ? AND c.tier IN ('tail', 'waist') AND c.followers >= 100000
        ORDER BY m.net_gmv DESC LIMIT {K}
    """

    def work() -> float:
        for brand in asked():
            connection.execute(sql, [brand]).fetchall()
        return float(READS)

    return work


JOBS: Jobs = {"alliance": alliance, "duckdb-parquet": duckdb_parquet}

if __name__ == "__main__":
    serve_job(JOBS, sys.argv[1:])
