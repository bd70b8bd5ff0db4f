"""Daily facts: everything that happened, added up per key and day, once for many dates.

Counts are whole numbers and money is kept in ten-thousandths of a unit, so that sums come out the
same to the bit in whatever order the engine adds them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count

import ibis
import ibis.expr.types as ir
import pandas as pd

from features.facts import Facts
from features.lines import Grain, absent_is_zero, day_of, lines, sessions
from features.measures import (
    LINE_KEYS,
    MEASURES,
    line_events,
    measured,
    twins_among,
    unknown_measures,
)

MONEY_UNITS = 10_000
"""Parts of one major money unit."""

_numbers = count()


@dataclass(frozen=True)
class DailyTables:
    """Daily sums per key; ids are coded by their place among the sorted ids.

    Tables of days (non-field sessions unless said): `creators` and `items` (day, known_day and
    measures of lines), `pairs` (creator, item), `sessions` (creator), `creator_brands` (distinct
    sessions per creator and brand), `field` (brand, field sessions only). `known_day` is later
    than `day` for orders returned: the day the return was known; without returns it is left out.
    `codes` joins ids to codes; `rows` are the source's creators, brands and products; `twins` are
    measures that equal another one in every line.
    """

    grain: Grain
    absent_is_zero: bool
    unknown: frozenset[str]
    twins: Mapping[str, str]
    codes: Mapping[str, ir.Table]
    rows: Mapping[str, ir.Table]
    creators: ir.Table
    items: ir.Table
    pairs: ir.Table
    sessions: ir.Table
    creator_brands: ir.Table
    field: ir.Table
    own_accounts: ir.Table

    @property
    def tables(self) -> Mapping[str, ir.Table]:
        """Every table under a name of its own."""
        return {
            **{f"{name}_codes": table for name, table in self.codes.items()},
            **{f"{name}_rows": table for name, table in self.rows.items()},
            **{name: getattr(self, name) for name in DAYS},
        }


DAYS = ("creators", "items", "pairs", "sessions", "creator_brands", "field", "own_accounts")


@dataclass(frozen=True)
class DailyFacts(DailyTables):
    """Daily sums on the engine of the facts they are of; codes are places in the `*_ids`."""

    facts: Facts
    creator_ids: pd.Index
    item_ids: pd.Index
    brand_ids: pd.Index

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """The SQL of every one of the `tables`."""
        return {
            name: str(self.facts.connection.compile(table)) for name, table in self.tables.items()
        }


def daily_facts(facts: Facts, grain: Grain) -> DailyFacts:
    """The facts added up per key and day, kept on the engine for any number of as-of dates."""
    codes = _codes(facts, grain)
    kept = _kept(facts, "sessions", _coded_sessions(facts, codes["creator"]))
    counted = _kept(facts, "lines", _coded_lines(facts, grain, kept, codes))
    rows = measured(counted)
    unknown = unknown_measures(facts)
    twins = twins_among(rows, unknown)
    others, field = rows.filter(~rows.is_field), rows.filter(rows.is_field)
    events, days = line_events(others), ["day"]
    if facts.has("returns"):
        events = ibis.union(events, _return_events(facts, grain, others, kept, codes))
        days.append("known_day")
    measures = [name for name in MEASURES if name not in unknown | twins.keys()]

    def added_up(name: str, table: ir.Table, *keys: str) -> ir.Table:
        sums = _kept(facts, name, _added_up(table, (*keys, *days), measures))
        again = {name: sums[twin] for name, twin in twins.items() if name not in unknown}
        return sums.mutate(**again, **dict.fromkeys(sorted(unknown), ibis.null("int64")))

    pairs = added_up("pairs", events, "creator", "item")
    tables = {
        "pairs": pairs,
        "creators": added_up("creators", pairs, "creator"),
        "items": added_up("items", pairs, "item"),
        "sessions": _kept(facts, "session_days", _session_days(kept.filter(~kept.is_field))),
        "creator_brands": _kept(
            facts, "together", _distinct_sessions(others, ("creator", "brand", "day"))
        ),
        "field": _kept(facts, "field", _field_days(field)),
        "own_accounts": _kept(facts, "own_accounts", _own_accounts(kept)),
    }
    facts.connection.drop_table(counted.get_name(), force=True)
    facts.connection.drop_table(kept.get_name(), force=True)
    return DailyFacts(
        facts=facts,
        grain=grain,
        creator_ids=_ids(codes["creator"], "creator"),
        item_ids=_ids(codes["item"], "item"),
        brand_ids=_ids(codes["brand"], "brand"),
        absent_is_zero=absent_is_zero(facts),
        unknown=unknown,
        twins=twins,
        codes=codes,
        rows={name: _kept(facts, name, facts[name]) for name in ("creators", "brands", "products")},
        **tables,
    )


def _kept(facts: Facts, name: str, table: ir.Table) -> ir.Table:
    """The table computed once and kept on the engine until its connection closes."""
    return facts.connection.create_table(f"alliance_{next(_numbers)}_{name}", table, temp=True)


def _codes(facts: Facts, grain: Grain) -> Mapping[str, ir.Table]:
    creators = ibis.union(
        facts["creators"].select("creator_id"), facts["sessions"].select("creator_id")
    ).rename(id="creator_id")
    brands = ibis.union(
        facts["brands"].select("brand_id"), facts["products"].select("brand_id")
    ).rename(id="brand_id")
    if grain == "product":
        items = facts["products"].select("product_id").rename(id="product_id")
    else:
        items = facts["brands"].select("brand_id").rename(id="brand_id")
    ids = {"creator": creators, "item": items, "brand": brands}
    return {
        name: _kept(facts, f"{name}_codes", _numbered(table, name)) for name, table in ids.items()
    }


def _numbered(table: ir.Table, name: str) -> ir.Table:
    distinct = table.filter(table.id.notnull()).distinct()
    code = ibis.row_number().over(order_by=distinct.id).cast("int32")
    return distinct.mutate(**{name: code})


def _ids(codes: ir.Table, name: str) -> pd.Index:
    return pd.Index(codes.order_by(name).to_pandas()["id"], name=f"{name}_id", dtype="str")


def _coded(table: ir.Table, codes: ir.Table, column: str) -> ir.Table:
    """The table with a column of codes in place of a column of ids."""
    joined = table.join(codes, table[column] == codes.id)
    return joined.drop("id", column)


def _coded_sessions(facts: Facts, creators: ir.Table) -> ir.Table:
    coded = _coded(sessions(facts), creators, "creator_id")
    return coded.mutate(session=ibis.row_number().over(order_by=coded.session_id).cast("int32"))


def _coded_lines(
    facts: Facts, grain: Grain, kept: ir.Table, codes: Mapping[str, ir.Table]
) -> ir.Table:
    """Lines with codes for ids and whole numbers for what is counted."""
    table = lines(facts, grain).drop("creator_id", "day", "is_field", "views", "paid_views")
    table = table.join(kept, "session_id")
    table = _coded(_coded(table, codes["item"], "item_id"), codes["brand"], "brand_id")
    return table.select(
        *LINE_KEYS,
        "orders",
        "impressions",
        "clicks",
        "views",
        "paid_views",
        gmv=(table.gmv * MONEY_UNITS).round().cast("int64"),
        denominator=table.denominator.cast("int64"),
    )


def _return_events(
    facts: Facts, grain: Grain, rows: ir.Table, kept: ir.Table, codes: Mapping[str, ir.Table]
) -> ir.Table:
    """Orders returned as events of their session's day, known on the day of the return."""
    table = facts["returns"].join(kept, "session_id")
    if grain == "brand":
        table = table.join(facts["products"].select("product_id", "brand_id"), "product_id")
    item_id = "product_id" if grain == "product" else "brand_id"
    table = _coded(table, codes["item"], item_id).semi_join(rows, ["session", "item"])
    nothing = {name: ibis.null("int64") for name in MEASURES if name != "returned"}
    return table.select(
        "creator",
        "item",
        "day",
        known_day=day_of(table.returned_at),
        **nothing,
        returned=table.orders,
    )


def _added_up(events: ir.Table, keys: Sequence[str], measures: Sequence[str]) -> ir.Table:
    return events.group_by(*keys).aggregate(**{name: events[name].sum() for name in measures})


def _session_days(table: ir.Table) -> ir.Table:
    paid = table.views.notnull() & table.paid_views.notnull()
    return table.group_by("creator", "day").aggregate(
        sessions=table.count(),
        viewed=table.views.count(),
        session_views=table.views.sum(),
        session_paid_views=table.paid_views.sum(where=paid),
        session_paid_known_views=table.views.sum(where=paid),
        session_counted=table.session_denominator.count(),
        session_denominator=table.session_denominator.sum(),
    )


def _distinct_sessions(rows: ir.Table, keys: tuple[str, ...]) -> ir.Table:
    distinct = rows.select(*keys, "session").distinct()
    return distinct.group_by(*keys).aggregate(sessions=distinct.count())


def _field_days(rows: ir.Table) -> ir.Table:
    names = ("lines", "orders", "gmv", "converted", "denominator", "impressions", "shown")
    sums = rows.group_by("brand", "day").aggregate(**{name: rows[name].sum() for name in names})
    own = _distinct_sessions(rows, ("brand", "day"))
    return sums.join(own, ["brand", "day"])


def _own_accounts(kept: ir.Table) -> ir.Table:
    """Creators that run field sessions, with the day the first of them was known."""
    field = kept.filter(kept.is_field)
    return field.group_by("creator").aggregate(first_day=field.day.min())
