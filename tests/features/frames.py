"""Five-row frames in contract form, for stories worked by hand."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from features.facts import Facts, Meaning, facts_from_frames

Frames = dict[str, pd.DataFrame]


def at(day: str) -> pd.Timestamp:
    return pd.Timestamp(day)


def session(name: str, creator: str, ended: str, **more: Any) -> dict[str, Any]:
    end = at(ended)
    row = {"session_id": name, "creator_id": creator, "started_at": end - pd.Timedelta(hours=2)}
    return {**row, "ended_at": end, "format": "mixed", **more}


def line(session_id: str, product: str, orders: int, **more: Any) -> dict[str, Any]:
    row = {"session_id": session_id, "product_id": product, "orders": orders}
    return {**row, "gmv": orders * 10.0, **more}


def frames(
    sessions: Sequence[dict[str, Any]],
    lines: Sequence[dict[str, Any]],
    product_ids: Sequence[str] = ("p1", "p2"),
    **more: pd.DataFrame,
) -> Frames:
    """One brand 'b' with the products, every creator of the sessions, and what else is given."""
    creators = sorted({row["creator_id"] for row in sessions})
    world = {
        "creators": pd.DataFrame({"creator_id": creators}),
        "brands": pd.DataFrame({"brand_id": ["b"], "industry": ["food"]}),
        "products": pd.DataFrame(
            {"product_id": product_ids, "brand_id": "b", "category": "snacks", "price": 10.0}
        ),
        "sessions": pd.DataFrame(sessions),
        "session_products": pd.DataFrame(lines),
    }
    return {**world, **more}


def facts(world: Frames, meaning: Meaning | None = None) -> Facts:
    return facts_from_frames({k: v for k, v in world.items() if len(v.columns)}, meaning)
