"""A small source that keeps the contract: two brands, two creators, three sessions."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

Tables = dict[str, pd.DataFrame]


def small_tables() -> Tables:
    """Every cell as a CSV would have it, in text."""
    return {
        "brands": frame("brand_id,industry", "b1,beauty", "b2,food"),
        "creators": frame("creator_id,name,followers", "c1,小美,1200000", "c2,老王,30000"),
        "products": frame(
            "product_id,brand_id,category,price",
            "p1,b1,lipstick,99.5",
            "p2,b2,tea,30",
            "p3,b2,tea,45",
        ),
        "sessions": frame(
            "session_id,creator_id,started_at,ended_at,views",
            "s1,c1,2026-05-01T20:00:00+08:00,2026-05-01T23:00:00+08:00,1000",
            "s2,c1,2026-05-02T20:00:00+08:00,2026-05-02T23:00:00+08:00,2000",
            "s3,c2,2026-05-03T07:00:00+08:00,2026-05-03T09:00:00+08:00,500",
        ),
        "session_products": frame(
            "session_id,product_id,orders,gmv,impressions,clicks",
            "s1,p1,10,995,900,100",
            "s1,p2,4,120,800,80",
            "s2,p1,0,0,700,20",
            "s3,p3,6,270,300,60",
        ),
        "returns": frame(
            "session_id,product_id,returned_at,orders",
            "s1,p1,2026-05-09T10:00:00+08:00,2",
            "s1,p1,2026-05-12T10:00:00+08:00,1",
        ),
    }


def frame(header: str, *rows: str) -> pd.DataFrame:
    """A frame of text from lines of comma-separated values; an empty cell is null."""
    cells = [[cell or None for cell in row.split(",")] for row in rows]
    return pd.DataFrame(cells, columns=header.split(","), dtype="str")


def with_cell(tables: Tables, table: str, row: int, column: str, value: str | None) -> Tables:
    """The tables with one cell changed; `row` counts as a person does (first record = 2)."""
    changed = tables[table].copy()
    changed.loc[row - 2, column] = value
    return {**tables, table: changed}


def with_row(tables: Tables, table: str, row: str) -> Tables:
    """The tables with one row more at the end of a table."""
    header = ",".join(tables[table].columns)
    return {**tables, table: pd.concat([tables[table], frame(header, row)], ignore_index=True)}


def write_csv(tables: Mapping[str, pd.DataFrame], folder: Path) -> Path:
    """The tables as a folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    return folder
