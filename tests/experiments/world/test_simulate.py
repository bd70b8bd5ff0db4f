"""What a world contains, and that the same settings give the same world."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments.world.settings import WorldSettings
from experiments.world.simulate import World, simulate
from features.facts import facts_from_frames


def test_the_same_seed_gives_identical_frames(small: World) -> None:
    again = simulate(WorldSettings.small())
    for name, table in small.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name])
    for name, table in small.truth.items():
        pd.testing.assert_frame_equal(table, again.truth[name])


def test_another_seed_gives_another_world(small: World) -> None:
    other = simulate(WorldSettings.small(seed=1))
    assert not small.tables["products"]["price"].equals(other.tables["products"]["price"])


def test_more_sessions_leave_brands_products_and_creators_alone(small: World) -> None:
    busier = simulate(replace(WorldSettings.small(), lines=6_000))
    assert len(busier.tables["sessions"]) > len(small.tables["sessions"])
    for name in ("brands", "products", "creators", "events"):
        pd.testing.assert_frame_equal(small.tables[name], busier.tables[name])


def test_the_default_world_is_as_large_as_promised() -> None:
    world = simulate()
    assert world.tables["brands"]["brand_id"].nunique() == 60
    assert world.tables["creators"]["creator_id"].str.startswith("c").sum() >= 1_000
    assert 200_000 <= len(world.tables["session_products"]) <= 250_000


@pytest.mark.parametrize(
    ("switch", "table", "column"),
    [
        ("returns", "returns", None),
        ("collaborations", "collaborations", None),
        ("vectors", "creator_embeddings.caption", None),
        ("products", "session_products", None),
        ("clicks", "session_products", "clicks"),
        ("impressions", "session_products", "impressions"),
    ],
)
def test_what_is_switched_off_is_gone(
    small: World, switch: str, table: str, column: str | None
) -> None:
    settings = WorldSettings.small()
    object.__setattr__(settings, switch, False)
    world = simulate(settings)
    if column is None:
        assert table not in world.tables
    else:
        assert column not in world.tables[table]
        assert column in small.tables[table]
    assert facts_from_frames(world.tables).as_of is not None


def test_without_products_collaborations_point_to_no_product_nor_session() -> None:
    world = simulate(replace(WorldSettings.small(), products=False))
    assert "sessions" not in world.tables
    assert world.tables["collaborations"][["product_id", "session_id"]].isna().all().all()


def test_without_field_sessions_there_are_no_brands_accounts() -> None:
    world = simulate(replace(WorldSettings.small(), field_sessions=False))
    assert not (world.tables["sessions"]["format"] == "field").any()
    assert world.tables["creators"]["creator_id"].str.startswith("c").all()


@pytest.mark.parametrize(("brands", "creators"), [(6, 1), (1, 40), (1, 1)])
def test_the_smallest_worlds_run(brands: int, creators: int) -> None:
    world = simulate(replace(WorldSettings.small(), brands=brands, creators=creators))
    assert len(world.tables["session_products"]) > 0


def test_without_paid_traffic_every_view_is_free() -> None:
    world = simulate(replace(WorldSettings.small(), paid_share=0.0))
    assert world.tables["sessions"]["paid_views"].sum() == 0
    assert world.tables["sessions"]["ad_spend"].sum() == 0


def test_every_brand_has_a_field_account_and_field_sessions(middling: World) -> None:
    sessions = middling.tables["sessions"]
    field = sessions[sessions["format"] == "field"]
    accounts = set(middling.tables["brands"]["brand_id"].str.replace("b", "f"))
    assert set(field["creator_id"]) == accounts
    assert set(sessions[sessions["format"] != "field"]["creator_id"]).isdisjoint(accounts)


def test_some_brands_have_one_product_or_no_alliance(middling: World) -> None:
    brands = middling.truth["brands"]
    assert brands["products"].min() == 1
    alone = brands.loc[~brands["with_alliance"], "brand_id"]
    assert len(alone) == 1
    brand_of = middling.tables["products"].set_index("product_id")["brand_id"]
    lines = middling.tables["session_products"].merge(middling.tables["sessions"], on="session_id")
    sold_by_creators = lines.loc[lines["format"] != "field", "product_id"].map(brand_of)
    assert not sold_by_creators.isin(alone).any()
    assert not middling.tables["collaborations"]["brand_id"].isin(alone).any()


def test_some_creators_have_no_history(middling: World) -> None:
    cold = middling.truth["creators"].loc[lambda t: ~t["has_history"], "creator_id"]
    assert len(cold) == pytest.approx(0.06 * 250, abs=10)
    assert not middling.tables["sessions"]["creator_id"].isin(cold).any()
    assert cold.isin(middling.tables["creators"]["creator_id"]).all()


def test_a_dedicated_session_shows_one_brand(middling: World) -> None:
    lines = middling.tables["session_products"].merge(middling.tables["products"], on="product_id")
    lines = lines.merge(middling.tables["sessions"], on="session_id")
    sessions = lines.groupby("session_id").agg(
        format=("format", "first"), brands=("brand_id", "nunique")
    )
    by_format = sessions.groupby("format")["brands"]
    assert by_format.max()["dedicated"] == 1
    assert by_format.max()["field"] == 1
    assert by_format.median()["mixed"] > 1


def test_small_creators_have_about_five_thousand_views(middling: World) -> None:
    real = middling.tables["sessions"].merge(
        middling.truth["creators"][["creator_id", "tier", "is_rising"]], on="creator_id"
    )
    tail = real[(real["tier"] == "tail") & ~real["is_rising"]]
    assert 2_500 < tail["views"].mean() < 10_000


def test_gpm_falls_as_traffic_grows_from_tier_to_tier() -> None:
    world = simulate(WorldSettings(seed=2, lines=60_000, brands=30))
    gmv = world.tables["session_products"].groupby("session_id")["gmv"].sum().rename("gmv")
    sessions = world.tables["sessions"].merge(gmv, on="session_id")
    sessions = sessions.merge(world.truth["creators"][["creator_id", "tier"]], on="creator_id")
    sums = sessions.groupby("tier")[["gmv", "views"]].median()
    gpm = sums["gmv"] / sums["views"]
    assert gpm["tail"] > gpm["waist"] > gpm["head"]


def test_there_is_one_event_to_come_after_the_history(small: World) -> None:
    coming = small.tables["events"]["held_at"] > pd.Timestamp(small.settings.end)
    assert coming.sum() == 1
    assert coming.iloc[-1]


def test_everyone_is_known_from_the_first_day_and_risers_monthly(middling: World) -> None:
    table = middling.tables["creators"]
    assert (table.groupby("creator_id")["valid_from"].min() == pd.Timestamp("2024-11-01")).all()
    rows = table.groupby("creator_id").size()
    rising = middling.truth["creators"].set_index("creator_id")["is_rising"]
    assert (rows[rising.index[rising]] == 18).all()
    assert (rows[rising.index[~rising]] == 3).all()


def test_audience_shares_of_a_creator_sum_to_one(small: World) -> None:
    table = small.tables["creators"]
    audience = table.loc[table["creator_id"].str.startswith("c")].filter(like="audience_")
    assert audience.shape[1] == 8
    assert np.allclose(audience.sum(axis=1), 1, atol=0.001)
