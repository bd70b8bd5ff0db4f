"""Small planted histories that the tests of embeddings tell their stories with."""

import numpy as np
import pandas as pd


def two_clusters(
    creators: int = 12, items: int = 12, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Even creators sell even items (lipstick), odd creators odd items (nuts), three in four."""
    random = np.random.default_rng(seed)
    rows = [
        (f"c{c:02}", f"p{p:02}", 4.0, 10.0, 100.0)
        for c in range(creators)
        for p in range(items)
        if c % 2 == p % 2 and random.random() < 0.75
    ]
    columns = ["creator_id", "item_id", "lines", "orders", "decayed_denominator"]
    history = pd.DataFrame(rows, columns=columns)
    kinds = ["beauty", "food"]
    creator_table = pd.DataFrame(
        {
            "main_category": [kinds[c % 2] for c in range(creators)],
            "followers": 1000.0 * (1 + np.arange(creators)),
        },
        index=pd.Index([f"c{c:02}" for c in range(creators)], name="creator_id"),
    )
    titles = ["丝绒哑光口红", "每日坚果零食"]
    item_table = pd.DataFrame(
        {
            "category": [kinds[p % 2] for p in range(items)],
            "price": 50.0 + np.arange(items),
            "brand_id": [f"b{p % 4}" for p in range(items)],
            "title": [f"{titles[p % 2]}{p}号" for p in range(items)],
        },
        index=pd.Index([f"p{p:02}" for p in range(items)], name="item_id"),
    )
    return history, creator_table, item_table


def low_rank_world(
    creators: int = 150, items: int = 120, rank: int = 3, seed: int = 1
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Orders of a planted low-rank affinity, split in two: a history, and pairs held out of it."""
    random = np.random.default_rng(seed)
    taste = random.normal(size=(creators, rank)) @ random.normal(size=(rank, items))
    popularity = random.normal(0, 0.5, items)
    orders = random.poisson(np.exp(taste + popularity - 1))
    creator, item = np.nonzero(orders)
    frame = pd.DataFrame(
        {
            "creator_id": [f"c{c:03}" for c in creator],
            "item_id": [f"p{p:03}" for p in item],
            "lines": 1.0,
            "orders": orders[creator, item].astype(float),
        }
    )
    held_out = random.random(len(frame)) < 0.3
    return frame[~held_out], frame[held_out]


def with_row(table: pd.DataFrame, name: str, **values: object) -> pd.DataFrame:
    """The table with one more row; columns not named are unknown."""
    row = pd.DataFrame({column: [values.get(column)] for column in table.columns}, index=[name])
    return pd.concat([table.astype(object), row.astype(object)]).infer_objects()
