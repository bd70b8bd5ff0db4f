"""What happens on the as-of date or later moves no feature, not by a bit."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.daily import daily_facts
from features.facts import Meaning, facts_from_frames
from features.known import FeatureTables
from features.lines import Grain
from features.pairs import pair_features
from features.tables import feature_tables
from tests.features.little_world import little_world

AS_OF = date(2024, 5, 20)
NOW = pd.Timestamp(AS_OF)
Frames = dict[str, pd.DataFrame]


def before(frames: Frames) -> Frames:
    """The world as it stood when the date began: nothing later was ever written down."""
    sessions = frames["sessions"]
    known = sessions[sessions["ended_at"].fillna(sessions["started_at"]) < NOW]
    kept = dict(frames)
    kept["sessions"] = known
    for name in ("session_products", "session_brands", "returns"):
        kept[name] = kept[name][kept[name]["session_id"].isin(known["session_id"])]
    kept["returns"] = kept["returns"][kept["returns"]["returned_at"] < NOW]
    for name in ("creators", "brands"):
        kept[name] = kept[name][~(kept[name]["valid_from"] > NOW)]
    return kept


def with_a_future(frames: Frames) -> Frames:
    """The same world, and then a lot happens, from the first instant of the date on."""
    planted = dict(frames)
    ends = [NOW, NOW + pd.Timedelta(seconds=1), NOW + pd.Timedelta(days=3)]
    sessions = pd.DataFrame(
        {
            "session_id": ["x0", "x1", "x2"],
            "creator_id": ["c1", "c2", "newcomer"],
            "started_at": [NOW - pd.Timedelta(hours=5)] * 2 + [ends[2]],
            "ended_at": ends,
            "format": ["mixed", "field", "dedicated"],
            "views": [10**6] * 3,
            "viewers": [10**5] * 3,
            "paid_views": [10**5] * 3,
        }
    )
    lines = pd.DataFrame(
        [(session, product) for session in ("x0", "x1", "x2") for product in ("p00", "p01", "p19")],
        columns=["session_id", "product_id"],
    ).assign(orders=999, gmv=12345.67, impressions=88888, clicks=7777)
    brands = pd.DataFrame(
        [(session, brand) for session in ("x0", "x1", "x2") for brand in ("b0", "b1", "b9")],
        columns=["session_id", "brand_id"],
    ).assign(orders=999, gmv=4444.4)
    old = frames["session_products"].iloc[:40][["session_id", "product_id"]]
    returns = old.drop_duplicates().assign(returned_at=NOW, orders=1)
    ids = {"creators": ("creator_id", ["c0", "c3", "newcomer"]), "brands": ("brand_id", ["b2"])}
    for name, frame in (
        ("sessions", sessions),
        ("session_products", lines),
        ("session_brands", brands),
        ("returns", returns),
    ):
        planted[name] = pd.concat([planted[name], frame], ignore_index=True)
    for name, (key, values) in ids.items():
        rows = pd.DataFrame({key: values, "valid_from": NOW + pd.Timedelta(microseconds=1)})
        extra = {"followers": 7} if name == "creators" else {"industry": "toys", "brand_tier": "z"}
        planted[name] = pd.concat([planted[name], rows.assign(**extra)], ignore_index=True)
    return planted


def known(frames: Frames, grain: Grain, meaning: Meaning) -> FeatureTables:
    return feature_tables(daily_facts(facts_from_frames(frames, meaning), grain), AS_OF)


@pytest.mark.parametrize(
    ("grain", "meaning"),
    [("product", Meaning("clicks")), ("brand", Meaning("viewers", absent="zero"))],
)
def test_a_planted_future_moves_no_feature_by_a_bit(grain: Grain, meaning: Meaning) -> None:
    past = known(before(little_world()), grain, meaning)
    future = known(with_a_future(little_world()), grain, meaning)
    for name in ("creators", "items", "brands", "creator_categories", "creator_brands", "pairs"):
        pd.testing.assert_frame_equal(
            getattr(past, name), getattr(future, name), check_exact=True, check_dtype=False
        )
    np.testing.assert_equal(dict(past.overall), dict(future.overall))
    creators, items = np.meshgrid(
        np.arange(len(past.creators)), np.arange(len(past.items)), indexing="ij"
    )
    one = pair_features(past, creators.ravel(), items.ravel())
    two = pair_features(future, creators.ravel(), items.ravel())
    assert one.tobytes() == two.tobytes()
