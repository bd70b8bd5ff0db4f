"""A simulated source keeps the data contract."""

import numpy as np
import pandas as pd
import pytest

from experiments.world.simulate import World
from features.contract import TABLES, table_named
from features.facts import facts_from_frames

REFERENCES = [
    ("products", "brand_id", "brands"),
    ("sessions", "creator_id", "creators"),
    ("sessions", "campaign_id", "campaigns"),
    ("session_products", "session_id", "sessions"),
    ("session_products", "product_id", "products"),
    ("collaborations", "brand_id", "brands"),
    ("collaborations", "creator_id", "creators"),
    ("collaborations", "product_id", "products"),
    ("collaborations", "session_id", "sessions"),
    ("events", "campaign_id", "campaigns"),
    ("event_brands", "event_id", "events"),
    ("event_brands", "brand_id", "brands"),
    ("event_brands", "exclusive_with", "brands"),
    ("event_creators", "event_id", "events"),
    ("event_creators", "creator_id", "creators"),
]


def test_every_table_of_the_contract_is_there_but_session_brands(small: World) -> None:
    vectors = {"creator_embeddings.caption", "brand_embeddings.caption"}
    assert set(small.tables) == (set(TABLES) - {"session_brands"}) | vectors


def test_columns_are_the_contracts_and_required_ones_are_full(small: World) -> None:
    for name, table in small.tables.items():
        contract = table_named(name)
        assert contract is not None
        assert [c for c in table.columns if contract.column(c) is None] == []
        assert not table[list(contract.required)].isna().any().any(), name


def test_keys_are_unique(middling: World) -> None:
    for name, table in middling.tables.items():
        contract = table_named(name)
        assert contract is not None
        assert not table.duplicated(list(contract.key)).any(), name


def test_values_lie_within_their_bounds(middling: World) -> None:
    for name, table in middling.tables.items():
        contract = table_named(name)
        assert contract is not None
        for column in table.columns:
            meaning = contract.column(column)
            assert meaning is not None
            values = table[column].dropna()
            if meaning.low is not None:
                assert (values >= meaning.low).all(), (name, column)
            if meaning.high is not None:
                assert (values <= meaning.high).all(), (name, column)
            if meaning.one_of:
                assert set(values) <= set(meaning.one_of), (name, column)


@pytest.mark.parametrize(("table", "column", "into"), REFERENCES)
def test_references_exist(middling: World, table: str, column: str, into: str) -> None:
    known = middling.tables[into][TABLES[into].key[0]]
    assert middling.tables[table][column].dropna().isin(known).all()


def test_nobody_buys_without_a_click_nor_clicks_what_was_not_shown(middling: World) -> None:
    lines = middling.tables["session_products"]
    assert (lines["orders"] <= lines["clicks"]).all()
    assert (lines["clicks"] <= lines["impressions"]).all()
    assert (lines["repeat_buyers"] <= lines["buyers"]).all()
    assert (lines["buyers"] <= lines["orders"]).all()
    assert (lines["orders"] <= lines["units"]).all()


def test_viewers_and_paid_views_are_part_of_the_views(middling: World) -> None:
    sessions = middling.tables["sessions"]
    assert (sessions["viewers"] <= sessions["views"]).all()
    assert (sessions["paid_views"] <= sessions["views"]).all()
    assert (sessions["ended_at"] > sessions["started_at"]).all()
    assert (sessions["ended_at"] <= pd.Timestamp(middling.settings.end)).all()


def test_returns_come_after_the_session_and_never_exceed_the_orders(middling: World) -> None:
    lines = middling.tables["session_products"].set_index(["session_id", "product_id"])
    returns = middling.tables["returns"]
    returned = returns.groupby(["session_id", "product_id"])[["orders", "gmv"]].sum()
    sold = lines.loc[returned.index]
    assert (returned["orders"] <= sold["orders"]).all()
    assert (returned["gmv"] <= sold["gmv"] + 0.01).all()
    ended = middling.tables["sessions"].set_index("session_id")["ended_at"]
    delay = returns["returned_at"] - returns["session_id"].map(ended)
    assert delay.min() > pd.Timedelta(days=1)
    assert delay.max() < pd.Timedelta(days=30)
    assert (returns.groupby(["session_id", "product_id"]).size() > 1).any()


def test_a_collaboration_goes_forward_in_time_and_is_answered_once(middling: World) -> None:
    history = middling.tables["collaborations"]
    at = history.pivot_table(index="collaboration_id", columns="status", values="at")
    assert at["invited"].notna().all()
    for earlier, later in (
        ("invited", "accepted"),
        ("invited", "declined"),
        ("accepted", "sampled"),
        ("accepted", "cancelled"),
        ("sampled", "aired"),
    ):
        both = at[at[later].notna()]
        assert (both[earlier] < both[later]).all(), (earlier, later)
    assert not (at["accepted"].notna() & at["declined"].notna()).any()
    assert (at["accepted"].isna() & at["declined"].isna()).any()


def test_what_aired_was_shown_in_that_session_on_the_agreed_terms(middling: World) -> None:
    history = middling.tables["collaborations"]
    aired = history[history["status"] == "aired"]
    lines = middling.tables["session_products"].merge(
        middling.tables["products"][["product_id", "brand_id"]], on="product_id"
    )
    lines = lines.merge(middling.tables["sessions"][["session_id", "creator_id"]], on="session_id")
    shown = aired.merge(lines, on=["session_id", "brand_id", "creator_id"], suffixes=("", "_line"))
    agreed = shown[np.isclose(shown["slot_fee"], shown["slot_fee_line"])]
    assert agreed["collaboration_id"].nunique() == len(aired)
    assert np.allclose(agreed["commission_rate"], agreed["commission_rate_line"])


def test_the_source_can_be_read_as_facts(small: World) -> None:
    facts = facts_from_frames(small.tables)
    assert facts.meaning.denominator == "clicks"
    assert facts.as_of == small.settings.end
    assert facts["session_products"].count().execute() == len(small.tables["session_products"])
