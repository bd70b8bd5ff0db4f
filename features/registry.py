"""Every feature by name: what it tells, in words a manager uses, and its unit."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["share", "count", "money", "days", "ratio", "score", "log"]


@dataclass(frozen=True)
class Feature:
    """One feature of a (creator, item) pair as of a date.

    `words` is a template for a reason: {value} is the value in its unit, {denominator} the
    word of the source's denominator (clicks, impressions, viewers, views).
    """

    name: str
    group: str
    words: str
    unit: Unit


CREATOR_CONVERSION = "creator's conversion"
CREATOR_ACTIVITY = "creator's activity"
TERMS = "creator's size and terms"
TRAFFIC = "traffic"
PAID = "paid traffic"
PRODUCT = "product"
PRICE = "price"
BRAND = "brand"
CATEGORY = "category"
PEERS = "benchmark"
CATEGORY_FIT = "fit with the category"
BRAND_HISTORY = "history with the brand"
PRODUCT_HISTORY = "history with the product"
RETURNS = "returns"
AUDIENCE = "audience"
SEASON = "season"

FEATURES: tuple[Feature, ...] = tuple(
    Feature(*row)
    for row in (
        # creator
        ("creator_sessions_30", CREATOR_ACTIVITY, "{value} sessions in 30 days", "count"),
        ("creator_sessions_90", CREATOR_ACTIVITY, "{value} sessions in 90 days", "count"),
        ("creator_sessions_all", CREATOR_ACTIVITY, "{value} sessions so far", "count"),
        (
            "creator_sessions_trend",
            CREATOR_ACTIVITY,
            "sessions of 30 days against 90: {value}",
            "log",
        ),
        ("creator_lines_90", CREATOR_ACTIVITY, "showed {value} items in 90 days", "count"),
        ("creator_orders_90", CREATOR_ACTIVITY, "{value} orders in 90 days", "count"),
        (
            "creator_trials_decayed",
            CREATOR_ACTIVITY,
            "{value} recent {denominator} behind the creator",
            "count",
        ),
        ("creator_items", CREATOR_ACTIVITY, "sold {value} different items so far", "count"),
        ("creator_days_since_session", CREATOR_ACTIVITY, "last session {value} ago", "days"),
        (
            "creator_price_level",
            PRICE,
            "usual price level of what the creator sells {value}",
            "log",
        ),
        (
            "creator_conversion_30",
            CREATOR_CONVERSION,
            "this creator sells to {value} of {denominator} over 30 days",
            "share",
        ),
        (
            "creator_conversion_90",
            CREATOR_CONVERSION,
            "this creator sells to {value} of {denominator} over 90 days",
            "share",
        ),
        (
            "creator_conversion",
            CREATOR_CONVERSION,
            "this creator sells to {value} of {denominator}, recent weeks counting most",
            "share",
        ),
        (
            "creator_conversion_trend",
            CREATOR_CONVERSION,
            "this creator's conversion of 30 days against 90: {value}",
            "log",
        ),
        (
            "creator_click_through",
            CREATOR_CONVERSION,
            "{value} of impressions are clicked with this creator",
            "share",
        ),
        ("creator_return_rate", RETURNS, "{value} of this creator's orders come back", "share"),
        ("creator_gmv_per_order", PRICE, "an order with this creator is worth {value}", "money"),
        ("creator_views_per_session", TRAFFIC, "{value} views a session", "count"),
        ("creator_views_trend", TRAFFIC, "views a session of 30 days against 90: {value}", "log"),
        (
            "creator_impressions_per_line",
            TRAFFIC,
            "an item is shown {value} times a session",
            "count",
        ),
        ("creator_impressions_trend", TRAFFIC, "impressions of 30 days against 90: {value}", "log"),
        ("creator_gmv_per_session", TRAFFIC, "{value} GMV a session", "money"),
        ("creator_paid_share", PAID, "{value} of views were paid for", "share"),
        ("creator_followers", TERMS, "followers {value}", "log"),
        ("creator_followers_trend", TERMS, "followers against 90 days ago: {value}", "log"),
        ("creator_tier", TERMS, "tier {value} of 4, by followers", "score"),
        ("creator_slot_fee", TERMS, "slot fee {value}", "money"),
        ("creator_commission_rate", TERMS, "commission {value}", "share"),
        # item
        (
            "item_conversion_90",
            PRODUCT,
            "the product sells to {value} of {denominator} over 90 days",
            "share",
        ),
        (
            "item_conversion",
            PRODUCT,
            "the product sells to {value} of {denominator}, recent weeks counting most",
            "share",
        ),
        (
            "item_conversion_trend",
            PRODUCT,
            "the product's conversion of 30 days against 90: {value}",
            "log",
        ),
        (
            "item_click_through",
            PRODUCT,
            "{value} of the product's impressions are clicked",
            "share",
        ),
        ("item_return_rate", RETURNS, "{value} of the product's orders come back", "share"),
        ("item_gmv_per_order", PRICE, "an order of the product is worth {value}", "money"),
        ("item_lines_90", PRODUCT, "the product was in {value} sessions in 90 days", "count"),
        ("item_orders_90", PRODUCT, "{value} orders of the product in 90 days", "count"),
        (
            "item_trials_decayed",
            PRODUCT,
            "{value} recent {denominator} behind the product",
            "count",
        ),
        ("item_creators", PRODUCT, "{value} creators sold the product", "count"),
        (
            "item_impressions_per_line",
            TRAFFIC,
            "the product is shown {value} times a session",
            "count",
        ),
        ("item_paid_share", PAID, "{value} of the views of its sessions were paid for", "share"),
        ("item_days_since_line", PRODUCT, "the product was last on air {value} ago", "days"),
        ("item_days_since_launch", PRODUCT, "launched {value} ago", "days"),
        ("item_price", PRICE, "price {value}", "log"),
        (
            "item_price_to_category",
            PRICE,
            "price against the middle of its category: {value}",
            "log",
        ),
        ("item_commission_rate", PRICE, "the product pays {value} commission", "share"),
        ("item_margin_rate", PRICE, "margin {value}", "share"),
        # brand
        (
            "brand_conversion_90",
            BRAND,
            "the brand sells to {value} of {denominator} over 90 days",
            "share",
        ),
        (
            "brand_conversion",
            BRAND,
            "the brand sells to {value} of {denominator}, recent weeks counting most",
            "share",
        ),
        ("brand_click_through", BRAND, "{value} of the brand's impressions are clicked", "share"),
        ("brand_return_rate", RETURNS, "{value} of the brand's orders come back", "share"),
        (
            "brand_impressions_per_line",
            TRAFFIC,
            "the brand's items are shown {value} times a session",
            "count",
        ),
        ("brand_sessions_90", BRAND, "the brand was in {value} sessions in 90 days", "count"),
        ("brand_creators", BRAND, "{value} creators had the brand on air", "count"),
        ("brand_field_sessions_90", BRAND, "{value} broadcasts of its own in 90 days", "count"),
        (
            "brand_field_conversion_90",
            BRAND,
            "its own broadcasts sell to {value} of {denominator}",
            "share",
        ),
        ("brand_field_gmv_90", BRAND, "GMV of its own broadcasts {value}", "log"),
        (
            "brand_field_impressions_per_line",
            BRAND,
            "its own broadcasts show an item {value} times",
            "count",
        ),
        # category and peers
        (
            "category_conversion_90",
            CATEGORY,
            "the category sells to {value} of {denominator} over 90 days",
            "share",
        ),
        (
            "category_conversion",
            CATEGORY,
            "the category sells to {value} of {denominator}, recent weeks counting most",
            "share",
        ),
        (
            "category_click_through",
            CATEGORY,
            "{value} of the category's impressions are clicked",
            "share",
        ),
        ("category_return_rate", RETURNS, "{value} of the category's orders come back", "share"),
        (
            "category_impressions_per_line",
            TRAFFIC,
            "the category's items are shown {value} times a session",
            "count",
        ),
        (
            "peer_conversion_90",
            PEERS,
            "brands of its industry and tier sell to {value} of {denominator} over 90 days",
            "share",
        ),
        (
            "peer_conversion",
            PEERS,
            "brands of its industry and tier sell to {value} of {denominator}",
            "share",
        ),
        (
            "peer_click_through",
            PEERS,
            "{value} of impressions are clicked among brands of its industry and tier",
            "share",
        ),
        (
            "peer_return_rate",
            RETURNS,
            "{value} of orders come back among brands of its industry and tier",
            "share",
        ),
        (
            "peer_impressions_per_line",
            TRAFFIC,
            "items of its industry and tier are shown {value} times a session",
            "count",
        ),
        (
            "peer_benchmark_rate",
            PEERS,
            "merchants like it sell to {value} of {denominator} in their own broadcasts",
            "share",
        ),
        (
            "peer_benchmark_impressions",
            PEERS,
            "merchants like it show an item {value} times a session",
            "count",
        ),
        # creator x category
        (
            "creator_category_conversion",
            CATEGORY_FIT,
            "in this category the creator sells to {value} of {denominator}",
            "share",
        ),
        (
            "creator_category_click_through",
            CATEGORY_FIT,
            "in this category {value} of the creator's impressions are clicked",
            "share",
        ),
        (
            "creator_category_return_rate",
            RETURNS,
            "in this category {value} of the creator's orders come back",
            "share",
        ),
        (
            "creator_category_lines_90",
            CATEGORY_FIT,
            "showed {value} items of the category in 90 days",
            "count",
        ),
        (
            "creator_category_share",
            CATEGORY_FIT,
            "{value} of what the creator shows is of this category",
            "share",
        ),
        (
            "creator_category_days_since",
            CATEGORY_FIT,
            "last showed the category {value} ago",
            "days",
        ),
        # creator x brand
        (
            "creator_brand_conversion",
            BRAND_HISTORY,
            "with what both have sold so far, this brand would sell to {value} of {denominator}",
            "share",
        ),
        (
            "creator_brand_sessions_90",
            BRAND_HISTORY,
            "{value} sessions with the brand in 90 days",
            "count",
        ),
        (
            "creator_brand_sessions_all",
            BRAND_HISTORY,
            "{value} sessions with the brand so far",
            "count",
        ),
        ("creator_brand_days_since", BRAND_HISTORY, "last together {value} ago", "days"),
        # pair
        (
            "pair_conversion_90",
            PRODUCT_HISTORY,
            "sold this very product to {value} of {denominator} over 90 days",
            "share",
        ),
        (
            "pair_conversion",
            PRODUCT_HISTORY,
            "with what both have sold so far, this product would sell to {value} of {denominator}",
            "share",
        ),
        (
            "pair_click_through",
            PRODUCT_HISTORY,
            "{value} of impressions of this very product are clicked",
            "share",
        ),
        ("pair_return_rate", RETURNS, "{value} of orders of this very product come back", "share"),
        (
            "pair_impressions_per_line",
            TRAFFIC,
            "this creator shows this very product {value} times a session",
            "count",
        ),
        (
            "pair_lines_90",
            PRODUCT_HISTORY,
            "had this very product on air {value} times in 90 days",
            "count",
        ),
        (
            "pair_lines_all",
            PRODUCT_HISTORY,
            "had this very product on air {value} times so far",
            "count",
        ),
        ("pair_orders_all", PRODUCT_HISTORY, "{value} orders of this very product so far", "count"),
        (
            "pair_trials_decayed",
            PRODUCT_HISTORY,
            "{value} recent {denominator} behind this very product with this creator",
            "count",
        ),
        (
            "pair_expected_orders",
            PRODUCT_HISTORY,
            "at its usual rate this very product would have sold {value} times here so far",
            "count",
        ),
        (
            "pair_lift",
            PRODUCT_HISTORY,
            "sold this very product {value} times as often as is usual for it",
            "log",
        ),
        ("pair_days_since", PRODUCT_HISTORY, "last showed this very product {value} ago", "days"),
        ("price_distance", PRICE, "price against what the creator usually sells: {value}", "log"),
        ("audience_fit", AUDIENCE, "{value} of audience and buyers are alike", "share"),
        (
            "audience_lift",
            AUDIENCE,
            "people like its audience buy the brand {value} times as often as is usual",
            "log",
        ),
        (
            "audience_bought",
            AUDIENCE,
            "its own audience buys the brand {value} times as often as is usual",
            "log",
        ),
        # calendar
        ("calendar_campaign_days", SEASON, "{value} of the coming 30 are campaign days", "days"),
        ("calendar_season_sin", SEASON, "time of year (sine) {value}", "score"),
        ("calendar_season_cos", SEASON, "time of year (cosine) {value}", "score"),
    )
)


def feature_named(name: str) -> Feature:
    """The feature of that name; KeyError when there is none."""
    for feature in FEATURES:
        if feature.name == name:
            return feature
    raise KeyError(name)


def markdown_table() -> str:
    """The table of features in docs/features.md."""
    rows = [f"| `{f.name}` | {f.group} | {f.words} | {f.unit} |" for f in FEATURES]
    return "\n".join(["| feature | group | in words | unit |", "|---|---|---|---|", *rows])
