"""A random little world with every awkward thing in it, to count in two ways."""

import numpy as np
import pandas as pd

START = pd.Timestamp("2024-01-01")
DAYS = 170
BRANDS = 10


def little_world(seed: int = 0) -> dict[str, pd.DataFrame]:
    """Frames in contract form: 8 candidates, 10 brands with own accounts, 20 products."""
    rng = np.random.default_rng(seed)
    sessions = _sessions(rng)
    products = _products(rng)
    lines = _lines(rng, sessions, products)
    return {
        "creators": _creators(rng),
        "brands": _brands(rng),
        "products": products,
        "sessions": sessions,
        "session_products": lines,
        "session_brands": _session_brands(rng, lines, products),
        "returns": _returns(rng, lines, sessions),
        "campaigns": _campaigns(),
    }


def some_missing(rng: np.random.Generator, values: object, share: float) -> pd.Series:
    series = pd.Series(values)
    return series.where(pd.Series(rng.random(len(series)) >= share), None)


def _creators(rng: np.random.Generator) -> pd.DataFrame:
    ids = [f"c{i}" for i in range(7)] + [f"own{i}" for i in range(BRANDS)]
    rows = pd.DataFrame({"creator_id": ids, "valid_from": pd.NaT})
    later = pd.DataFrame(
        {
            "creator_id": ["c0", "c0", "c1", "c2", "c6", "late"],
            "valid_from": START + pd.to_timedelta([20, 120, 60, 165, 50, 100], unit="D"),
        }
    )
    frame = pd.concat([rows, later], ignore_index=True)
    size = len(frame)
    shares = rng.dirichlet([1, 1, 1], size)
    return frame.assign(
        name=[f"name {i}" for i in range(size)],
        followers=some_missing(rng, 10 ** rng.uniform(4, 7.5, size) // 1, 0.1).astype("Int64"),
        slot_fee=some_missing(rng, rng.integers(0, 900, size) * 1.5, 0.3).astype(float),
        commission_rate=some_missing(rng, rng.random(size) / 3, 0.3).astype(float),
        audience_young=some_missing(rng, shares[:, 0], 0.2).astype(float),
        audience_middle=some_missing(rng, shares[:, 1], 0.2).astype(float),
        audience_old=some_missing(rng, shares[:, 2], 0.2).astype(float),
        **_crowds(size),
    )


def _crowds(size: int) -> dict[str, pd.Series]:
    """Of each creator the part of its audience that buys a brand, for some of the brands."""
    rng = np.random.default_rng(1)
    told = (some_missing(rng, rng.random(size) ** 2, 0.3).astype(float) for _ in range(BRANDS - 3))
    return {f"audience_bought_b{brand}": shares for brand, shares in enumerate(told)}


def _brands(rng: np.random.Generator) -> pd.DataFrame:
    ids = [f"b{i}" for i in range(BRANDS)]
    rows = pd.DataFrame({"brand_id": ids, "valid_from": pd.NaT})
    rows["industry"] = ["food"] * 7 + ["toys", "food", "food"]
    rows["brand_tier"] = ["big"] * 7 + [None] * 3
    later = pd.DataFrame(
        {
            "brand_id": ["b0", "b1", "b7"],
            "valid_from": START + pd.to_timedelta([70, 166, 90], unit="D"),
            "industry": ["toys", "toys", "food"],
            "brand_tier": ["big", "small", None],
        }
    )
    frame = pd.concat([rows, later], ignore_index=True)
    return frame.assign(
        name=frame["brand_id"],
        buyer_young=some_missing(rng, rng.random(len(frame)), 0.2).astype(float),
        buyer_old=some_missing(rng, rng.random(len(frame)), 0.2).astype(float),
    )


def _products(rng: np.random.Generator) -> pd.DataFrame:
    size = 20
    launched = some_missing(
        rng, START + pd.to_timedelta(rng.integers(-40, 190, size) * 24.0 + 7, unit="h"), 0.3
    )
    return pd.DataFrame(
        {
            "product_id": [f"p{i:02d}" for i in range(size)],
            "brand_id": [f"b{i % BRANDS}" for i in range(size)],
            "category": rng.choice(["snacks", "drinks", "dolls"], size),
            "price": np.round(10 ** rng.uniform(0.5, 2.5, size), 2) * (np.arange(size) != 3),
            "commission_rate": some_missing(rng, rng.random(size) / 4, 0.3).astype(float),
            "margin_rate": some_missing(rng, rng.random(size), 0.3).astype(float),
            "sample_cost": rng.random(size) * 9,
            "return_handling_rate": rng.random(size) / 9,
            "launched_at": pd.to_datetime(launched),
        }
    )


def _sessions(rng: np.random.Generator) -> pd.DataFrame:
    size = 140
    field = rng.random(size) < 0.5
    own = rng.integers(0, BRANDS, size)
    started = START + pd.to_timedelta(rng.integers(0, DAYS * 24 * 60, size), unit="min")
    ended = pd.Series(started + pd.to_timedelta(rng.integers(10, 600, size), unit="min"))
    ended.iloc[:6] = pd.Series(started).dt.normalize()[:6] + pd.Timedelta(days=1)
    views = rng.integers(50, 5000, size)
    other = rng.choice([f"c{i}" for i in range(6)], size)
    creators = np.where(field, [f"own{i}" for i in own], other)
    formats = np.array(["mixed"] * size, dtype=object)
    formats[rng.random(size) < 0.4] = None
    formats[field] = "field"
    formats[-3:], creators[-3:] = "mixed", ["own0", "c5", "c5"]
    return pd.DataFrame(
        {
            "session_id": [f"s{i:03d}" for i in range(size)],
            "creator_id": creators,
            "started_at": started,
            "ended_at": ended.where(rng.random(size) > 0.1),
            "format": formats,
            "views": some_missing(rng, views, 0.1).astype("Int64"),
            "viewers": some_missing(rng, views // 2 + 1, 0.1).astype("Int64"),
            "paid_views": some_missing(rng, views // rng.integers(1, 9, size), 0.2).astype("Int64"),
        }
    )


def _lines(
    rng: np.random.Generator, sessions: pd.DataFrame, products: pd.DataFrame
) -> pd.DataFrame:
    rows = []
    for session in sessions.iloc[:-1].itertuples():
        goods = products["product_id"].iloc[:18]
        if session.format == "field":
            brand = str(session.creator_id).replace("own", "b")
            goods = products.loc[products["brand_id"] == brand, "product_id"]
        chosen = rng.choice(goods, min(len(goods), int(rng.integers(1, 6))), False)
        rows += [(session.session_id, product) for product in chosen]
    size = len(rows)
    impressions = rng.integers(20, 900, size)
    clicks = impressions // rng.integers(2, 9, size)
    orders = rng.binomial(clicks, 0.1)
    return pd.DataFrame(rows, columns=["session_id", "product_id"]).assign(
        orders=orders,
        gmv=np.round(orders * rng.uniform(3, 90, size), 2),
        impressions=some_missing(rng, impressions, 0.1).astype("Int64"),
        clicks=some_missing(rng, clicks, 0.1).astype("Int64"),
    )


def _session_brands(
    rng: np.random.Generator, lines: pd.DataFrame, products: pd.DataFrame
) -> pd.DataFrame:
    sold = lines.merge(products[["product_id", "brand_id"]])
    sums = sold.groupby(["session_id", "brand_id"], as_index=False).agg(
        orders=("orders", "max"), gmv=("gmv", "sum")
    )
    return sums.assign(gmv=some_missing(rng, sums["gmv"] * 0.9, 0.3).astype(float))


def _returns(rng: np.random.Generator, lines: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    sold = lines[lines["orders"] > 1].merge(sessions[["session_id", "started_at"]])
    sold = sold[rng.random(len(sold)) < 0.6]
    twice = pd.concat([sold, sold.iloc[::4]], ignore_index=True)
    late = pd.to_timedelta(rng.integers(26, 80 * 24, len(twice)), unit="h")
    return pd.DataFrame(
        {
            "session_id": twice["session_id"],
            "product_id": twice["product_id"],
            "returned_at": twice["started_at"] + late,
            "orders": rng.integers(1, 2, len(twice)),
        }
    )


def _campaigns() -> pd.DataFrame:
    begins = START + pd.to_timedelta([95 * 24 + 20, 98 * 24, 150 * 24, 400 * 24], unit="h")
    return pd.DataFrame(
        {
            "campaign_id": ["spring", "snack day", "618", "far"],
            "starts_at": begins,
            "ends_at": begins + pd.to_timedelta([96, 24, 70, 24], unit="h"),
        }
    )
