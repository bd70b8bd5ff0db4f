"""The contract's tables out of the Complete Journey's receipts."""

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from features.facts import Meaning
from pipelines.progress import Progress, silent
from pipelines.sources.complete_journey import households, sales
from pipelines.sources.complete_journey.files import NAME, data_folder, parquet_files
from pipelines.sources.raw import RawSource, RawTable

MEANING = Meaning(denominator="viewers", currency="USD", absent="zero")
ZONE = "UTC"
"""The package writes naive times that are UTC: its weeks turn at midnight in New York."""

ENGINE = """
SET TimeZone = 'UTC'; SET threads = 2; SET memory_limit = '3GB'; SET enable_progress_bar = false
"""

CAMPAIGNS = """
SELECT campaign_id::VARCHAR AS campaign_id,
       campaign_type || ' campaign ' || campaign_id AS name,
       start_date AS starts_at, end_date + INTERVAL 1 DAY AS ends_at
FROM campaign_descriptions ORDER BY start_date, campaign_descriptions.campaign_id
"""

STAGE = "reading Complete Journey"


def read(progress: Progress = silent, folder: Path | str | None = None) -> RawSource:
    """The contract's tables out of the Complete Journey's Parquet files.

    `folder` holds those files (default: the installed package's own). Takes about 20 seconds and
    2 GB. Raises NotReady when the package is not installed, WrongInput when a file is missing.
    """
    files = parquet_files(data_folder() if folder is None else Path(folder))
    with duckdb.connect() as connection:
        connection.execute(ENGINE)
        for name, path in files.items():
            connection.read_parquet(str(path)).create_view(name)
        for done, prepare in enumerate((sales.prepare, sales.prepare_lines, households.prepare)):
            progress(STAGE, done, 4)
            prepare(connection)
        progress(STAGE, 3, 4)
        tables = tuple(_tables(connection))
        notes = (*sales.notes(connection), *households.notes(connection))
    progress(STAGE, 4, 4)
    return RawSource(NAME, tables, MEANING, ZONE, notes)


def _tables(connection: Any) -> list[RawTable]:
    queries = {
        "creators": (households.CREATORS, "transactions.parquet"),
        "brands": (households.BRANDS, "products.parquet"),
        "products": (sales.PRODUCTS, "products.parquet"),
        "sessions": (sales.SESSIONS, "transactions.parquet"),
        "session_products": (sales.SESSION_PRODUCTS, "transactions.parquet"),
        "session_brands": (sales.SESSION_BRANDS, "transactions.parquet"),
        "campaigns": (CAMPAIGNS, "campaign_descriptions.parquet"),
    }
    return [
        RawTable(name, file, _frame(connection, query), numbered=False)
        for name, (query, file) in queries.items()
    ]


def _frame(connection: Any, query: str) -> pd.DataFrame:
    frame = connection.sql(query).to_arrow_table().to_pandas()
    return frame.set_axis(pd.RangeIndex(2, len(frame) + 2), axis="index")
