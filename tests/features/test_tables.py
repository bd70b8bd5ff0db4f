"""The rules of the features, each worked by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.daily import daily_facts
from features.facts import Meaning
from features.known import FeatureTables
from features.lines import Grain
from features.pairs import TARGETS, level_counts, pair_feature_names, pair_features
from features.tables import feature_tables
from tests.features.frames import Frames, at, facts, frames, line, session

AS_OF = date(2024, 4, 1)


def known(world: Frames, meaning: Meaning | None = None, grain: Grain = "product") -> FeatureTables:
    return feature_tables(daily_facts(facts(world, meaning), grain), AS_OF)


def features(tables: FeatureTables, creator: str, item: str) -> dict[str, float]:
    creators = np.array([tables.creators.index.get_loc(creator)])
    items = np.array([tables.items.index.get_loc(item)])
    row = pair_features(tables, creators, items)[0]
    return dict(zip(pair_feature_names(), row.tolist(), strict=True))


def counts(tables: FeatureTables, target: str) -> dict[str, tuple[float, float]]:
    found = level_counts(tables, target, np.array([0]), np.array([0]))
    return {level: (float(k[0]), float(n[0])) for level, (k, n) in found.items()}


def test_a_past_order_counts_half_after_four_months_and_thin_rates_lean_on_all() -> None:
    world = frames(
        [
            session("s1", "ann", "2023-12-03 22:00"),  # 120 days before the date
            session("s2", "bob", "2023-08-05 22:00"),  # 240 days before
        ],
        [line("s1", "p1", 8, clicks=100), line("s2", "p1", 8, clicks=400)],
    )
    tables = known(world)
    # decayed: ann 4 of 50, bob 2 of 100; all: 6 of 150 = .04, worth 5 orders: 125 clicks
    ann, bob = features(tables, "ann", "p1"), features(tables, "bob", "p1")
    assert ann["creator_conversion"] == pytest.approx((4 + 5) / (50 + 125))
    assert bob["creator_conversion"] == pytest.approx((2 + 5) / (100 + 125))
    assert np.isnan(bob["creator_conversion_90"])
    # one item, one category: both have the overall rate, so the pair is pulled to .04 as well
    assert ann["pair_conversion"] == pytest.approx((4 + 5) / (50 + 125))
    assert ann["pair_expected_orders"] == pytest.approx(50 * 0.04)
    assert ann["pair_lift"] == pytest.approx(np.log((4 + 1) / (2 + 1)))
    assert ann["pair_days_since"] == 120
    found = counts(tables, "conversion")
    for level in ("overall", "category", "brand", "item"):
        assert found[level] == pytest.approx((6, 150)), level
    for level in ("creator", "creator_category", "creator_brand", "pair"):
        assert found[level] == pytest.approx((4, 50)), level


def test_where_absent_means_zero_every_session_is_a_trial_of_every_item_ever_sold() -> None:
    world = frames(
        [
            session("s1", "ann", "2024-03-02 22:00", viewers=100),
            session("s2", "ann", "2024-03-03 22:00", viewers=100),  # sold nothing
            session("s3", "bob", "2024-03-04 22:00", viewers=200),
        ],
        [line("s1", "p1", 3), line("s3", "p1", 1), line("s3", "p2", 2)],
        product_ids=("p1", "p2", "p3"),
    )
    tables = known(world, Meaning("viewers", absent="zero"))
    ann, bob = features(tables, "ann", "p1"), features(tables, "bob", "p1")
    assert ann["pair_conversion_90"] == pytest.approx(3 / 200)
    assert bob["pair_conversion_90"] == pytest.approx(1 / 200)
    assert features(tables, "ann", "p2")["pair_conversion_90"] == 0  # 0 of 200
    assert ann["item_conversion_90"] == pytest.approx(4 / 400)
    # wider levels: two items were ever sold (p3 never), each offered in every session
    assert ann["creator_conversion_90"] == pytest.approx(3 / (200 * 2))
    assert ann["category_conversion_90"] == pytest.approx(6 / (400 * 2))
    assert np.isnan(features(tables, "ann", "p3")["item_conversion_90"])
    sales, lines = counts(tables, "traffic")["pair"]
    assert sales / lines == pytest.approx(100)  # viewers a session of ann


def test_where_absent_means_not_offered_only_lines_are_trials() -> None:
    world = frames(
        [
            session("s1", "ann", "2024-03-02 22:00", viewers=100),
            session("s2", "ann", "2024-03-03 22:00", viewers=100),
        ],
        [line("s1", "p1", 3), line("s1", "p2", 1)],
    )
    ann = features(known(world, Meaning("viewers")), "ann", "p1")
    assert ann["pair_conversion_90"] == pytest.approx(3 / 100)
    assert ann["creator_conversion_90"] == pytest.approx(4 / 200)  # of an average item
    assert ann["creator_sessions_90"] == 2


def test_only_orders_old_enough_to_return_count_in_return_rates() -> None:
    returns = pd.DataFrame(
        [
            ("s1", "p1", at("2024-03-20"), 1),  # 2 orders of 120 days ago, one back in time
            ("s1", "p1", at("2024-04-01"), 1),  # the other on the date itself: not known yet
            ("s2", "p1", at("2024-03-30"), 7),  # sold 10 days ago: too fresh to say
        ],
        columns=["session_id", "product_id", "returned_at", "orders"],
    )
    world = frames(
        [session("s1", "ann", "2023-12-03 22:00"), session("s2", "ann", "2024-03-22 22:00")],
        [line("s1", "p1", 2, clicks=9), line("s2", "p1", 7, clicks=9)],
        returns=returns,
    )
    tables = known(world)
    assert counts(tables, "return")["pair"] == pytest.approx((0.5, 1.0))  # 1 and 2, at 120 days
    assert features(tables, "ann", "p1")["creator_return_rate"] == pytest.approx(0.5)


def test_a_session_is_known_when_it_ends_and_field_sessions_make_no_candidates() -> None:
    world = frames(
        [
            session("s1", "ann", "2024-03-31 23:59"),
            session("s2", "ann", "2024-04-01 00:00"),  # ends as the date begins
            session("s3", "shop", "2024-03-01 22:00", format="field"),
            session("s4", "late shop", "2024-04-02 22:00", format="field"),
        ],
        [
            line("s1", "p1", 1, clicks=10),
            line("s2", "p1", 9, clicks=10),
            line("s3", "p2", 5, clicks=50),
        ],
    )
    tables = known(world)
    assert list(tables.creators.index) == ["ann", "late shop"]
    ann = features(tables, "ann", "p1")
    assert ann["creator_sessions_all"] == 1
    assert ann["item_orders_90"] == 1
    assert ann["brand_field_conversion_90"] == pytest.approx(5 / 50)
    assert np.isnan(features(tables, "ann", "p2")["item_conversion_90"])  # field is no history
    assert features(tables, "late shop", "p1")["creator_conversion"] == pytest.approx(0.1)


def test_price_audience_and_shares_compare_the_two_sides() -> None:
    world = frames(
        [session("s1", "ann", "2024-03-02 22:00")],
        [line("s1", "p1", 3, clicks=30), line("s1", "p2", 1, clicks=30)],
        creators=pd.DataFrame(
            {"creator_id": ["ann"], "followers": [2e6], "audience_f": [0.7], "audience_m": [0.3]}
        ),
        brands=pd.DataFrame(
            {"brand_id": ["b"], "industry": ["food"], "buyer_f": [0.5], "buyer_m": [0.5]}
        ),
        products=pd.DataFrame(
            {
                "product_id": ["p1", "p2", "p3"],
                "brand_id": "b",
                "category": ["snacks", "drinks", "drinks"],
                "price": [10.0, 1000.0, 10.0],
            }
        ),
    )
    tables = known(world)
    row = features(tables, "ann", "p2")
    # ann's orders: three at ln 10, one at ln 1000; mean 1.5 ln 10
    assert row["price_distance"] == pytest.approx(1.5 * np.log(10), rel=1e-6)
    assert row["item_price_to_category"] == pytest.approx(np.log(10), rel=1e-6)  # median ln 100
    assert row["creator_category_share"] == pytest.approx(0.5)
    assert row["audience_fit"] == pytest.approx(0.5 + 0.3)
    # all audiences are ann's: .7 x .5 / .7 + .3 x .5 / .3 = 1, as usual
    assert row["audience_lift"] == pytest.approx(0.0, abs=1e-6)
    assert tables.creators.loc["ann", "tier"] == "waist"
    assert features(tables, "ann", "p3")["creator_category_share"] == pytest.approx(0.5)


def test_active_are_items_on_air_or_launched_lately_else_all_of_the_brand() -> None:
    world = frames(
        [session("s1", "ann", "2024-03-02 22:00"), session("s2", "ann", "2023-12-31 22:00")],
        [line("s1", "p1", 3, clicks=30), line("s2", "p2", 1, clicks=30)],
        brands=pd.DataFrame({"brand_id": ["b", "c"], "industry": "food"}),
        products=pd.DataFrame(
            {
                "product_id": ["p1", "p2", "p3", "q1"],
                "brand_id": ["b", "b", "b", "c"],
                "category": "snacks",
                "price": 10.0,
                "launched_at": [pd.NaT, pd.NaT, at("2024-03-30"), pd.NaT],
            }
        ),
    )
    active = known(world).items["is_active"]
    assert active.to_dict() == {"p1": True, "p2": False, "p3": True, "q1": True}


def test_what_is_launched_later_is_not_active_even_where_a_brand_sells_nothing() -> None:
    world = frames(
        [session("s1", "ann", "2023-11-02 22:00")],
        [line("s1", "p1", 3, clicks=30)],
        products=pd.DataFrame(
            {
                "product_id": ["p1", "p2"],
                "brand_id": "b",
                "category": "snacks",
                "price": 10.0,
                "launched_at": [at("2023-06-01"), at("2024-05-01")],
            }
        ),
    )
    active = known(world).items["is_active"]
    assert active.to_dict() == {"p1": True, "p2": False}


def bare() -> Frames:
    return {
        "creators": pd.DataFrame({"creator_id": ["ann"]}),
        "brands": pd.DataFrame({"brand_id": ["b"], "industry": ["food"]}),
    }


NO_SESSIONS = {
    **bare(),
    "collaborations": pd.DataFrame(
        {
            "collaboration_id": ["k"],
            "status": ["accepted"],
            "at": [at("2024-03-01")],
            "brand_id": ["b"],
            "creator_id": ["ann"],
        }
    ),
}
NO_CLICKS = frames([session("s1", "ann", "2024-03-02 22:00")], [line("s1", "p1", 3)])


@pytest.mark.parametrize(
    ("world", "grain", "items"),
    [
        (NO_SESSIONS, "product", 0),
        (NO_SESSIONS, "brand", 1),
        (NO_CLICKS, "product", 2),
    ],
    ids=["no products", "brands only", "no clicks"],
)
def test_poor_sources_still_have_tables_with_all_columns(
    world: Frames, grain: Grain, items: int
) -> None:
    tables = known(world, grain=grain)
    assert len(tables.creators) == 1
    assert len(tables.items) == items
    chosen = np.arange(items)
    rows = pair_features(tables, chosen * 0, chosen)
    assert rows.shape == (items, len(pair_feature_names()))
    conversion = pair_feature_names().index("pair_conversion")
    assert np.isnan(rows[:, conversion]).all()
    for target in TARGETS:
        for successes, trials in level_counts(tables, target, chosen * 0, chosen).values():
            assert successes.shape == trials.shape == (items,)


def test_an_audience_of_those_who_buy_the_brand_lifts_it() -> None:
    shares = pd.DataFrame(
        {
            "creator_id": ["ann", "bob"],
            "audience_young": [0.8, 0.2],
            "audience_old": [0.2, 0.8],
            "audience_north": [0.5, 0.5],
            "audience_south": [0.5, 0.5],
        }
    )
    buyers = {"buyer_young": [0.9], "buyer_old": [0.1], "buyer_north": [1.0], "buyer_south": [0.0]}
    world = frames(
        [session("s1", "ann", "2024-03-02 22:00"), session("s2", "bob", "2024-03-02 22:00")],
        [line("s1", "p1", 3, clicks=30), line("s2", "p1", 1, clicks=30)],
        creators=shares,
        brands=pd.DataFrame({"brand_id": ["b"], "industry": ["food"], **buyers}),
    )
    tables = known(world)
    ann, bob = (features(tables, creator, "p1") for creator in ("ann", "bob"))
    # usual: half of each. By age .8 x .9 / .5 + .2 x .1 / .5 = 1.48, by place 1: the mean
    assert ann["audience_lift"] == pytest.approx(np.log((1.48 + 1) / 2), rel=1e-6)
    assert bob["audience_lift"] == pytest.approx(np.log((0.52 + 1) / 2), rel=1e-6)
    assert ann["audience_fit"] == pytest.approx((0.8 + 0.1 + 0.5) / 2)
