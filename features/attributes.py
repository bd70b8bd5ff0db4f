"""What creators, brands and items were known to be on a date: the latest row valid by then."""

import ibis
import ibis.expr.types as ir

from features.audience import AUDIENCE, BUYERS
from features.daily import DailyTables
from features.plan import as_of_day, as_of_time
from features.settings import LONG_DAYS, TIERS, FeatureSettings
from features.windows import known_days, window_sums

BRAND_TIERS = ("low", "middle", "high")
"""Terciles of field GMV within an industry, where the source names no tier."""


def latest_rows(table: ir.Table, key: str, days_ago: int = 0) -> ir.Table:
    """One row per key: the one valid on the date; a row without `valid_from` holds since ever.

    `days_ago`: valid so many days before the date.
    """
    then = as_of_time() - ibis.interval(days=days_ago)
    known = table.filter(table.valid_from.isnull() | (table.valid_from <= then))
    newest_first = [known.valid_from.isnull(), known.valid_from.desc()]
    place = ibis.row_number().over(group_by=known[key], order_by=newest_first)
    ranked = known.mutate(place=place)
    return ranked.filter(ranked.place == 0).drop("place")


def tier_of(followers: ir.Value, settings: FeatureSettings) -> ir.Value:
    """The creator's tier by followers; null where they are unknown."""
    steps = zip(settings.tier_followers, TIERS[1:], strict=True)
    branches = [(followers >= least, tier) for least, tier in reversed(list(steps))]
    return ibis.cases((followers.isnull(), ibis.null("string")), *branches, else_=TIERS[0])


def shares_as_of(table: ir.Table, key: str, prefix: str) -> ir.Table:
    """Key and the open-ended shares (columns that start so) of the rows valid on the date."""
    shares = [name for name in table.columns if name.startswith(prefix)]
    return latest_rows(table.select(key, "valid_from", *shares), key).drop("valid_from")


def _without(table: ir.Table, prefix: str) -> ir.Table:
    return table.drop(*(name for name in table.columns if name.startswith(prefix)))


def creators_as_of(daily: DailyTables, settings: FeatureSettings) -> ir.Table:
    """Every candidate known by the date: `creator` (code), creator_id, attributes without shares,
    tier, and `followers_before`: those of 90 days before the date (null where not known then).

    Known is who has a valid row or ran a session; who ever ran a field session is a brand's own
    account and no candidate.
    """
    codes = daily.codes["creator"]
    given = _without(daily.rows["creators"], AUDIENCE)
    rows = latest_rows(given, "creator_id")
    before = latest_rows(given, "creator_id", LONG_DAYS)
    before = before.select(before_id="creator_id", followers_before="followers")
    seen = known_days(daily.sessions, as_of_day()).select(seen="creator").distinct()
    own = daily.own_accounts.filter(daily.own_accounts.first_day < as_of_day())
    joined = codes.left_join(rows, codes.id == rows.creator_id)
    joined = joined.mutate(
        has_row=joined.creator_id.notnull(), tier=tier_of(joined.followers, settings)
    )
    joined = joined.drop("creator_id", "valid_from")
    joined = joined.left_join(before, joined.id == before.before_id).drop("before_id")
    joined = joined.left_join(seen, joined.creator == seen.seen)
    known = joined.filter(joined.has_row | joined.seen.notnull())
    return known.anti_join(own, "creator").drop("has_row", "seen").rename(creator_id="id")


def brands_as_of(daily: DailyTables, settings: FeatureSettings) -> ir.Table:
    """Every brand known by the date: `brand` (code), brand_id, name, industry, tier.

    brand_tier is the given one, else the tercile of the brand's field GMV of the last 90 days
    within its industry (null without field GMV; ties by brand id).
    """
    codes = daily.codes["brand"]
    rows = latest_rows(_without(daily.rows["brands"], BUYERS), "brand_id")
    sellers = daily.rows["products"].select(seller="brand_id").distinct()
    seen = known_days(daily.creator_brands, as_of_day()).select(seen="brand").distinct()
    joined = codes.left_join(rows, codes.id == rows.brand_id)
    joined = joined.mutate(has_row=joined.brand_id.notnull()).drop("brand_id", "valid_from")
    joined = joined.left_join(sellers, joined.id == sellers.seller)
    joined = joined.left_join(seen, joined.brand == seen.seen)
    known = joined.filter(joined.has_row | joined.seller.notnull() | joined.seen.notnull())
    known = known.drop("has_row", "seller", "seen").rename(brand_id="id")
    derived = _terciles(daily, known, settings)
    tiered = known.left_join(derived, "brand")
    return tiered.mutate(brand_tier=ibis.coalesce(tiered.brand_tier, tiered.derived_tier)).drop(
        "derived_tier", "brand_right"
    )


def _terciles(daily: DailyTables, brands: ir.Table, settings: FeatureSettings) -> ir.Table:
    sums = window_sums(daily.field, ["brand"], {"gmv": ["90"]}, as_of_day(), settings)
    selling = brands.select("brand", "industry").join(sums, "brand")
    selling = selling.filter((selling.gmv_90 > 0) & selling.industry.notnull())
    place = ibis.row_number().over(
        group_by=selling.industry, order_by=[selling.gmv_90, selling.brand]
    )
    brands_in = selling.brand.count().over(group_by=selling.industry)
    third = (place * 3 // brands_in).cast("int64")
    low, middle, high = BRAND_TIERS
    tier = ibis.cases((third == 0, low), (third == 1, middle), else_=high)
    return selling.select("brand", derived_tier=tier)


def items_as_of(daily: DailyTables, brands: ir.Table) -> ir.Table:
    """Every item: `item` and `brand` (codes), item_id, brand_id, category, price and attributes.

    `launched` tells whether it was on sale by the date (true where no launch is given), and
    `launch_day` when (null where unknown or later).
    """
    if daily.grain == "product":
        return _product_items(daily, brands)
    return _brand_items(daily, brands)


GOODS = ("commission_rate", "margin_rate", "sample_cost", "return_handling_rate")


def _product_items(daily: DailyTables, brands: ir.Table) -> ir.Table:
    table, now = daily.rows["products"], as_of_time()
    codes = daily.codes["item"]
    joined = table.join(codes, table.product_id == codes.id)
    joined = joined.join(brands.select("brand", "brand_id", "industry", "brand_tier"), "brand_id")
    launched = joined.launched_at.isnull() | (joined.launched_at < now)
    first = (joined.launched_at < now).ifelse(joined.launched_at, ibis.null("timestamp(6)"))
    return joined.select(
        "item",
        "brand",
        "brand_id",
        "category",
        "price",
        "title",
        "industry",
        "brand_tier",
        *GOODS,
        item_id=joined.product_id,
        launched=launched,
        launch_day=(first.truncate("D").epoch_seconds() // 86400).cast("int32"),
    )


def _brand_items(daily: DailyTables, brands: ir.Table) -> ir.Table:
    goods = daily.rows["products"]
    goods = goods.filter(goods.launched_at.isnull() | (goods.launched_at < as_of_time()))
    means = goods.group_by("brand_id").aggregate(
        price=goods.price.mean(), **{name: goods[name].mean() for name in GOODS}
    )
    joined = brands.left_join(means, "brand_id")
    codes = daily.codes["item"]
    joined = joined.join(codes, joined.brand_id == codes.id)
    return joined.select(
        "item",
        "brand",
        "brand_id",
        "price",
        "industry",
        "brand_tier",
        *GOODS,
        category=joined.industry,
        title=joined.name,
        item_id=joined.brand_id,
        launched=ibis.literal(True),
        launch_day=ibis.null("int32"),
    )


def active_items(items: ir.Table) -> ir.Value:
    """Had a line or was launched within 90 days; where a brand has no such item, all launched.

    Expects `launched`, `launch_day` and `last_day` (of the last line).
    """
    since = as_of_day() - LONG_DAYS
    fresh = (items.last_day >= since).fill_null(False) | (items.launch_day >= since).fill_null(
        False
    )
    any_fresh = fresh.max().over(group_by=items.brand)
    return fresh | (~any_fresh & items.launched)
