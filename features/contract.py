"""The data contract: the tables a source may bring, their columns, keys and units."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

Kind = Literal["id", "text", "count", "money", "rate", "number", "time"]
Denominator = Literal["clicks", "impressions", "viewers", "views"]
Absent = Literal["not_offered", "zero"]

DENOMINATORS: tuple[Denominator, ...] = ("clicks", "impressions", "viewers", "views")
"""In order of preference; one per source, never mixed."""

FORMATS = ("field", "mixed", "dedicated")
COLLABORATION_STATUSES = ("invited", "accepted", "declined", "sampled", "aired", "cancelled")

ARROW_TYPES: Mapping[Kind, pa.DataType] = {
    "id": pa.string(),
    "text": pa.string(),
    "count": pa.int64(),
    "money": pa.float64(),
    "rate": pa.float64(),
    "number": pa.float64(),
    "time": pa.timestamp("us"),
}
"""How each kind is stored. Times are UTC with the zone dropped on entry; money in major units."""


@dataclass(frozen=True)
class Column:
    """One column: its name, kind and the values it admits (`low` and `high` inclusive)."""

    name: str
    kind: Kind
    required: bool = False
    low: float | None = None
    high: float | None = None
    one_of: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        """What a person should write here, in words."""
        if self.one_of:
            return "one of " + ", ".join(self.one_of)
        words = {
            "id": "a non-empty id",
            "text": "text",
            "count": "a whole number",
            "money": "an amount of money in major units",
            "rate": "a share",
            "number": "a number",
            "time": "an ISO 8601 time with an offset, such as 2026-05-02T20:00:00+08:00",
        }[self.kind]
        if self.low is not None and self.high is not None:
            return f"{words} between {self.low:g} and {self.high:g}"
        if self.low is not None:
            return f"{words}, at least {self.low:g}"
        return words


@dataclass(frozen=True)
class Table:
    """One table: its columns in order, its key, and the prefixes of open-ended columns."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    open_prefixes: tuple[str, ...] = ()
    """Columns that start so are kept too, as shares (`audience_`, `buyer_`) or vectors (`e`)."""

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)

    def column(self, name: str) -> Column | None:
        """The column of that name, open-ended ones included; None when the contract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        for prefix in self.open_prefixes:
            rest = name.removeprefix(prefix)
            if rest == name or not rest:
                continue
            if prefix == "e":
                return Column(name, "number") if rest.isdigit() else None
            return _share(name)
        return None


def _id(name: str, *, required: bool = False) -> Column:
    return Column(name, "id", required)


def _text(name: str, *, required: bool = False, one_of: tuple[str, ...] = ()) -> Column:
    return Column(name, "text", required, one_of=one_of)


def _count(name: str, *, required: bool = False) -> Column:
    return Column(name, "count", required, low=0)


def _money(name: str, *, required: bool = False) -> Column:
    return Column(name, "money", required, low=0)


def _share(name: str) -> Column:
    return Column(name, "rate", low=0, high=1)


def _time(name: str, *, required: bool = False) -> Column:
    return Column(name, "time", required)


TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        Table(
            "creators",
            (
                _id("creator_id", required=True),
                _time("valid_from"),
                _text("name"),
                _text("main_category"),
                _count("followers"),
                _text("region"),
                _text("agency"),
                _text("level"),
                _money("slot_fee"),
                _share("commission_rate"),
                _count("sample_limit"),
                _text("flags"),
            ),
            key=("creator_id", "valid_from"),
            open_prefixes=("audience_",),
        ),
        Table(
            "brands",
            (
                _id("brand_id", required=True),
                _time("valid_from"),
                _text("name"),
                _text("industry", required=True),
                _text("brand_tier"),
            ),
            key=("brand_id", "valid_from"),
            open_prefixes=("buyer_",),
        ),
        Table(
            "products",
            (
                _id("product_id", required=True),
                _id("brand_id", required=True),
                _text("category", required=True),
                _money("price", required=True),
                _text("title"),
                _share("commission_rate"),
                _share("margin_rate"),
                _money("sample_cost"),
                _count("sample_stock"),
                _share("return_handling_rate"),
                _time("launched_at"),
            ),
            key=("product_id",),
        ),
        Table(
            "sessions",
            (
                _id("session_id", required=True),
                _id("creator_id", required=True),
                _time("started_at", required=True),
                _time("ended_at"),
                _text("format", one_of=FORMATS),
                _count("views"),
                _count("viewers"),
                _count("paid_views"),
                _money("ad_spend"),
                _count("peak_online"),
                _count("new_followers"),
                _id("campaign_id"),
            ),
            key=("session_id",),
        ),
        Table(
            "session_products",
            (
                _id("session_id", required=True),
                _id("product_id", required=True),
                _count("orders", required=True),
                _money("gmv", required=True),
                _count("impressions"),
                _count("clicks"),
                _count("units"),
                _count("buyers"),
                _count("repeat_buyers"),
                _money("slot_fee"),
                _share("commission_rate"),
            ),
            key=("session_id", "product_id"),
        ),
        Table(
            "session_brands",
            (
                _id("session_id", required=True),
                _id("brand_id", required=True),
                _count("orders", required=True),
                _money("gmv"),
            ),
            key=("session_id", "brand_id"),
        ),
        Table(
            "returns",
            (
                _id("session_id", required=True),
                _id("product_id", required=True),
                _time("returned_at", required=True),
                _count("orders", required=True),
                _money("gmv"),
            ),
            key=("session_id", "product_id", "returned_at"),
        ),
        Table(
            "collaborations",
            (
                _id("collaboration_id", required=True),
                _text("status", required=True, one_of=COLLABORATION_STATUSES),
                _time("at", required=True),
                _id("brand_id", required=True),
                _id("creator_id", required=True),
                _id("product_id"),
                _id("session_id"),
                _money("slot_fee"),
                _share("commission_rate"),
                _text("reason"),
            ),
            key=("collaboration_id", "status", "at"),
        ),
        Table(
            "events",
            (
                _id("event_id", required=True),
                _time("held_at", required=True),
                _text("name"),
                _id("campaign_id"),
            ),
            key=("event_id",),
        ),
        Table(
            "event_brands",
            (
                _id("event_id", required=True),
                _id("brand_id", required=True),
                _id("product_id"),
                _count("slots"),
                _money("budget"),
                _text("exclusive_with"),
            ),
            key=("event_id", "brand_id"),
        ),
        Table(
            "event_creators",
            (
                _id("event_id", required=True),
                _id("creator_id", required=True),
                _count("slots"),
                _time("arrives_at"),
                _time("leaves_at"),
            ),
            key=("event_id", "creator_id"),
        ),
        Table(
            "campaigns",
            (
                _id("campaign_id", required=True),
                _text("name"),
                _time("starts_at", required=True),
                _time("ends_at", required=True),
            ),
            key=("campaign_id",),
        ),
    )
}

EMBEDDING_TABLES = ("creator_embeddings", "brand_embeddings")
"""Families of given vectors: a source names them `creator_embeddings.<set>` and so on."""


def table_named(name: str) -> Table | None:
    """The contract of a table by its name; None when the contract has no such table.

    >>> table_named("creator_embeddings.caption").key
    ('id',)
    """
    family, _, embedding_set = name.partition(".")
    if family in EMBEDDING_TABLES and embedding_set:
        return Table(name, (_id("id", required=True),), key=("id",), open_prefixes=("e",))
    return TABLES.get(name)


def dated_by(name: str) -> str | None:
    """The time column a stored table is partitioned by; None for tables without a date.

    Lines of a session take their session's `started_at`.
    """
    return {
        "sessions": "started_at",
        "session_products": "started_at",
        "session_brands": "started_at",
        "returns": "returned_at",
        "collaborations": "at",
    }.get(name)
