"""Lines: what one session did for one item, in one shape for both grains."""

from typing import Literal

import ibis
import ibis.expr.types as ir

from features.facts import Facts

Grain = Literal["product", "brand"]
"""What an item is: a product, or a brand where the source counts distinct orders per brand."""

SESSION_DENOMINATORS = ("viewers", "views")
"""Denominators counted once per session; the others are counted per line."""


def day_of(time: ir.TimestampValue) -> ir.IntegerValue:
    """Whole days (UTC) from 1970-01-01 to the day of that time."""
    return (time.truncate("D").epoch_seconds() // 86400).cast("int32")


def absent_is_zero(facts: Facts) -> bool:
    """Whether a session without a line of an item counts as a line without a sale.

    Only for denominators counted per session: an item without a line has no clicks and no
    impressions either, so there it adds nothing to either side of a rate.
    """
    meaning = facts.meaning
    return meaning.absent == "zero" and meaning.denominator in SESSION_DENOMINATORS


def sessions(facts: Facts) -> ir.Table:
    """Every session with the day it is known on (when it ended, else when it started).

    session_id, creator_id, day, is_field, views, paid_views, session_denominator (viewers or
    views where conversion is read against those, else null).
    """
    table = facts["sessions"]
    counted = facts.meaning.denominator
    return table.select(
        "session_id",
        "creator_id",
        day=day_of(ibis.coalesce(table.ended_at, table.started_at)),
        is_field=(table.format == "field").fill_null(False),
        views=table.views,
        paid_views=table.paid_views,
        session_denominator=(
            table[counted] if counted in SESSION_DENOMINATORS else ibis.null("int64")
        ),
    )


def products(facts: Facts) -> ir.Table:
    """Items of the product grain: item_id, brand_id, category, price."""
    table = facts["products"]
    return table.select("brand_id", "category", "price", item_id=table.product_id)


def brands(facts: Facts) -> ir.Table:
    """Items of the brand grain: item_id = brand_id, its last industry, its products' mean price."""
    table = facts["brands"]
    since = ibis.coalesce(table.valid_from, ibis.timestamp("1970-01-01"))
    last = table.group_by("brand_id").aggregate(category=table.industry.argmax(since))
    goods = facts["products"]
    prices = goods.group_by("brand_id").aggregate(price=goods.price.mean())
    joined = last.left_join(prices, "brand_id")
    return joined.select("brand_id", "category", "price", item_id=joined.brand_id)


def _product_counts(facts: Facts) -> ir.Table:
    table = facts["session_products"]
    return table.select(
        "session_id", "orders", "gmv", "impressions", "clicks", item_id=table.product_id
    )


def _brand_counts(facts: Facts) -> ir.Table:
    """Orders of the brand as the source counts them; the rest added up over its products."""
    table, own = facts["session_brands"], facts["session_products"]
    sold = own.join(facts["products"].select("product_id", "brand_id"), "product_id")
    sums = sold.group_by("session_id", "brand_id").aggregate(
        product_gmv=sold.gmv.sum(), impressions=sold.impressions.sum(), clicks=sold.clicks.sum()
    )
    joined = table.left_join(sums, ["session_id", "brand_id"])
    return joined.select(
        "session_id",
        "orders",
        gmv=ibis.coalesce(joined.gmv, joined.product_gmv),
        impressions=joined.impressions,
        clicks=joined.clicks,
        item_id=joined.brand_id,
    )


def lines(facts: Facts, grain: Grain) -> ir.Table:
    """One row per session and item, of field sessions and all others.

    session_id, creator_id, item_id, brand_id, category, price, day, is_field, orders, gmv,
    impressions, clicks, denominator (the line's clicks or impressions, or its session's viewers
    or views), views and paid_views of its session. Lines of unknown sessions or items are none.
    """
    counts = _product_counts(facts) if grain == "product" else _brand_counts(facts)
    items = products(facts) if grain == "product" else brands(facts)
    joined = counts.join(sessions(facts), "session_id").join(items, "item_id")
    counted = facts.meaning.denominator
    if counted is None:
        denominator = ibis.null("float64")
    elif counted in SESSION_DENOMINATORS:
        denominator = joined.session_denominator.cast("float64")
    else:
        denominator = joined[counted].cast("float64")
    names = ("session_id", "creator_id", "item_id", "brand_id", "category", "price", "day")
    measures = ("is_field", "orders", "gmv", "impressions", "clicks")
    return joined.select(*names, *measures, "views", "paid_views", denominator=denominator)
