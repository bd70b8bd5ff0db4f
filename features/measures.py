"""Measures: what is added up over lines, and which of them are the same in a source."""

from collections.abc import Collection, Mapping

import ibis
import ibis.expr.types as ir

from features.facts import Facts

LINE_KEYS = ("session", "creator", "item", "brand", "day", "is_field")

MEASURES = (
    "lines",
    "orders",
    "gmv",
    "converted",
    "denominator",
    "counted",
    "impressions",
    "shown",
    "clicks",
    "clicked_impressions",
    "paid_views",
    "paid_known_views",
    "returned",
)
"""What is added up over lines; all whole numbers.

converted: orders of lines whose denominator is known; counted: how many such lines;
shown: lines whose impressions are known; clicks and clicked_impressions: of lines that know both;
paid_views and paid_known_views: likewise; returned: orders returned."""

LIKENESS = (
    ("converted", "orders"),
    ("counted", "lines"),
    ("shown", "lines"),
    ("clicked_impressions", "impressions"),
    ("denominator", "clicks"),
    ("denominator", "impressions"),
)
"""Measures that are the same in every line of a source that knows everything of each."""


def unknown_measures(facts: Facts) -> frozenset[str]:
    """Measures the source never supplies: their sums are null without adding up."""
    absent = set()
    lines = "session_products"
    if not facts.has(lines, "impressions"):
        absent |= {"impressions", "shown", "clicks", "clicked_impressions"}
    if not facts.has(lines, "clicks"):
        absent |= {"clicks", "clicked_impressions"}
    if not facts.has("sessions", "paid_views"):
        absent |= {"paid_views", "paid_known_views"}
    if not facts.has("returns"):
        absent.add("returned")
    return frozenset(absent)


def measured(table: ir.Table) -> ir.Table:
    """Coded lines with every measure but the returned orders."""
    known = table.denominator.notnull()
    both = table.impressions.notnull() & table.clicks.notnull()
    paid = table.views.notnull() & table.paid_views.notnull()
    return table.select(
        *LINE_KEYS,
        "orders",
        "gmv",
        "denominator",
        lines=ibis.literal(1, "int64"),
        converted=known.ifelse(table.orders, ibis.null("int64")),
        counted=known.cast("int64"),
        impressions=table.impressions,
        shown=table.impressions.notnull().cast("int64"),
        clicks=both.ifelse(table.clicks, ibis.null("int64")),
        clicked_impressions=both.ifelse(table.impressions, ibis.null("int64")),
        paid_views=paid.ifelse(table.paid_views, ibis.null("int64")),
        paid_known_views=paid.ifelse(table.views, ibis.null("int64")),
    )


def twins_among(rows: ir.Table, unknown: Collection[str]) -> Mapping[str, str]:
    """Measure -> the other one that it equals in every line: kept and added up only once."""
    pairs = [(one, other) for one, other in LIKENESS if not {one, other} & set(unknown)]
    differ = {
        f"{n}": (~rows[one].identical_to(rows[other])).sum() for n, (one, other) in enumerate(pairs)
    }
    counts = rows.aggregate(**differ).to_pandas().iloc[0]
    twins: dict[str, str] = {}
    for n, (one, other) in enumerate(pairs):
        if counts[f"{n}"] == 0:
            twins.setdefault(one, other)
    return twins


def line_events(rows: ir.Table) -> ir.Table:
    """Lines as events known on the day of their session."""
    keys = ("creator", "item", "day")
    measures = {name: rows[name] for name in MEASURES if name != "returned"}
    return rows.select(*keys, known_day=rows.day, **measures, returned=ibis.null("int64"))
