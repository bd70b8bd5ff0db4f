"""What each feature must be, by its name: the words of the registry, read off the oracle."""

from collections.abc import Callable
from datetime import date
from math import cos, log, nan, pi, sin

from tests.features.counted import Group, over, paid_share, trend, unknown
from tests.features.oracle import Oracle

Feature = Callable[[Oracle, str, str], float]


def season(o: Oracle) -> float:
    return 2 * pi * (o.as_of - date(o.as_of.year - 1, 12, 31)).days / 365.25


def gmv_per_order(group: Group) -> float:
    return over(group.count("gmv", "90"), group.count("orders", "90"))


def field_of(o: Oracle, item: str) -> Group:
    brand = o.brand_of(item)
    return Group([line for line in o.field if line.brand == brand and line.age <= 90], [], 0, False)


ORACLES: dict[str, Feature] = {
    "creator_sessions_30": lambda o, c, i: o.group(c).sessions_in("30"),
    "creator_sessions_90": lambda o, c, i: o.group(c).sessions_in("90"),
    "creator_sessions_all": lambda o, c, i: o.group(c).sessions_in("all"),
    "creator_sessions_trend": lambda o, c, i: trend(
        o.group(c).sessions_in("30") / 30, o.group(c).sessions_in("90") / 90
    ),
    "creator_lines_90": lambda o, c, i: o.group(c).number("90"),
    "creator_orders_90": lambda o, c, i: o.group(c).count("orders", "90"),
    "creator_trials_decayed": lambda o, c, i: o.group(c).conversion("decayed")[1],
    "creator_items": lambda o, c, i: len({li.item for li in o.group(c).lines if li.orders > 0}),
    "creator_days_since_session": lambda o, c, i: min(
        (row.age for row in o.group(c).sessions), default=nan
    ),
    "creator_price_level": lambda o, c, i: o.price_level(c),
    "creator_conversion_30": lambda o, c, i: over(*o.group(c).conversion("30")),
    "creator_conversion_90": lambda o, c, i: over(*o.group(c).conversion("90")),
    "creator_conversion": lambda o, c, i: o.rate("conversion", "creator", c, i),
    "creator_conversion_trend": lambda o, c, i: trend(
        o.rate("conversion", "creator", c, i, "30"), o.rate("conversion", "creator", c, i, "90")
    ),
    "creator_click_through": lambda o, c, i: o.rate("click_through", "creator", c, i),
    "creator_return_rate": lambda o, c, i: o.rate("returns", "creator", c, i),
    "creator_gmv_per_order": lambda o, c, i: gmv_per_order(o.group(c)),
    "creator_views_per_session": lambda o, c, i: o.group(c).views("90"),
    "creator_views_trend": lambda o, c, i: trend(o.group(c).views("30"), o.group(c).views("90")),
    "creator_impressions_per_line": lambda o, c, i: o.group(c).per_line(),
    "creator_impressions_trend": lambda o, c, i: trend(
        o.group(c).per_line("30"), o.group(c).per_line("90")
    ),
    "creator_gmv_per_session": lambda o, c, i: over(
        o.group(c).count("gmv", "90"), o.group(c).sessions_in("90")
    ),
    "creator_paid_share": lambda o, c, i: paid_share(o.group(c).sessions),
    "creator_followers": lambda o, c, i: log(o.attribute(c, "followers") + 1),
    "creator_followers_trend": lambda o, c, i: o.followers_trend(c),
    "creator_tier": lambda o, c, i: o.tier_of_creator(c),
    "creator_slot_fee": lambda o, c, i: o.attribute(c, "slot_fee"),
    "creator_commission_rate": lambda o, c, i: o.attribute(c, "commission_rate"),
    "item_conversion_90": lambda o, c, i: over(*o.level("item", c, i).conversion("90")),
    "item_conversion": lambda o, c, i: o.rate("conversion", "item", c, i),
    "item_conversion_trend": lambda o, c, i: trend(
        o.rate("conversion", "item", c, i, "30"), o.rate("conversion", "item", c, i, "90")
    ),
    "item_click_through": lambda o, c, i: o.rate("click_through", "item", c, i),
    "item_return_rate": lambda o, c, i: o.rate("returns", "item", c, i),
    "item_gmv_per_order": lambda o, c, i: gmv_per_order(o.level("item", c, i)),
    "item_lines_90": lambda o, c, i: o.level("item", c, i).number("90"),
    "item_orders_90": lambda o, c, i: o.level("item", c, i).count("orders", "90"),
    "item_trials_decayed": lambda o, c, i: o.level("item", c, i).conversion("decayed")[1],
    "item_creators": lambda o, c, i: len(
        {li.creator for li in o.level("item", c, i).lines if li.orders > 0}
    ),
    "item_impressions_per_line": lambda o, c, i: o.level("item", c, i).per_line(),
    "item_paid_share": lambda o, c, i: paid_share(
        [line.session for line in o.level("item", c, i).lines]
    ),
    "item_days_since_line": lambda o, c, i: o.level("item", c, i).days_since(),
    "item_days_since_launch": lambda o, c, i: o.launch_age(i),
    "item_price": lambda o, c, i: o.price(i),
    "item_price_to_category": lambda o, c, i: o.price(i) - o.category_price(i),
    "item_commission_rate": lambda o, c, i: unknown(o.goods(i, "commission_rate")),
    "item_margin_rate": lambda o, c, i: unknown(o.goods(i, "margin_rate")),
    "brand_sessions_90": lambda o, c, i: o.level("brand", c, i).distinct_sessions("90"),
    "brand_creators": lambda o, c, i: len({li.creator for li in o.level("brand", c, i).lines}),
    "brand_field_sessions_90": lambda o, c, i: field_of(o, i).distinct_sessions("90"),
    "brand_field_conversion_90": lambda o, c, i: over(*field_of(o, i).conversion("90")),
    "brand_field_gmv_90": lambda o, c, i: log(field_of(o, i).count("gmv", "90") + 1),
    "brand_field_impressions_per_line": lambda o, c, i: field_of(o, i).per_line(),
    "peer_benchmark_rate": lambda o, c, i: o.benchmark(o.brand_of(i))[0],
    "peer_benchmark_impressions": lambda o, c, i: o.benchmark(o.brand_of(i))[4],
    "creator_category_conversion": lambda o, c, i: o.rate("conversion", "creator_category", c, i),
    "creator_category_click_through": lambda o, c, i: o.rate(
        "click_through", "creator_category", c, i
    ),
    "creator_category_return_rate": lambda o, c, i: o.rate("returns", "creator_category", c, i),
    "creator_category_lines_90": lambda o, c, i: o.level("creator_category", c, i).number("90"),
    "creator_category_share": lambda o, c, i: (
        over(o.level("creator_category", c, i).number("decayed"), o.group(c).number("decayed"))
        if o.category_of(i)
        else nan
    ),
    "creator_category_days_since": lambda o, c, i: o.level("creator_category", c, i).days_since(),
    "creator_brand_conversion": lambda o, c, i: o.rate("conversion", "creator_brand", c, i),
    "creator_brand_sessions_90": lambda o, c, i: o.level("creator_brand", c, i).distinct_sessions(
        "90"
    ),
    "creator_brand_sessions_all": lambda o, c, i: o.level("creator_brand", c, i).distinct_sessions(
        "all"
    ),
    "creator_brand_days_since": lambda o, c, i: o.level("creator_brand", c, i).days_since(),
    "pair_conversion_90": lambda o, c, i: over(*o.level("pair", c, i).conversion("90")),
    "pair_conversion": lambda o, c, i: o.rate("conversion", "pair", c, i),
    "pair_click_through": lambda o, c, i: o.rate("click_through", "pair", c, i),
    "pair_return_rate": lambda o, c, i: o.rate("returns", "pair", c, i),
    "pair_impressions_per_line": lambda o, c, i: o.level("pair", c, i).per_line("decayed"),
    "pair_lines_90": lambda o, c, i: o.level("pair", c, i).number("90"),
    "pair_lines_all": lambda o, c, i: o.level("pair", c, i).number("all"),
    "pair_orders_all": lambda o, c, i: o.level("pair", c, i).count("orders", "all"),
    "pair_trials_decayed": lambda o, c, i: o.level("pair", c, i).conversion("decayed")[1],
    "pair_expected_orders": lambda o, c, i: o.expected_orders(c, i),
    "pair_lift": lambda o, c, i: log(
        (o.level("pair", c, i).conversion("decayed")[0] + 1) / (o.expected_orders(c, i) + 1)
    ),
    "pair_days_since": lambda o, c, i: o.level("pair", c, i).days_since(),
    "price_distance": lambda o, c, i: o.price(i) - o.price_level(c),
    "audience_fit": lambda o, c, i: o.audience_fit(c, i),
    "audience_lift": lambda o, c, i: o.audience_lift(c, i),
    "audience_bought": lambda o, c, i: o.audience_bought(c, i),
    "calendar_campaign_days": lambda o, c, i: o.campaign_days(),
    "calendar_season_sin": lambda o, c, i: sin(season(o)),
    "calendar_season_cos": lambda o, c, i: cos(season(o)),
}


def _group_oracles(level: str) -> dict[str, Feature]:
    return {
        f"{level}_conversion_90": lambda o, c, i: over(*o.level(level, c, i).conversion("90")),
        f"{level}_conversion": lambda o, c, i: o.rate("conversion", level, c, i),
        f"{level}_click_through": lambda o, c, i: o.rate("click_through", level, c, i),
        f"{level}_return_rate": lambda o, c, i: o.rate("returns", level, c, i),
        f"{level}_impressions_per_line": lambda o, c, i: o.level(level, c, i).per_line(),
    }


for _level in ("brand", "category", "peer"):
    ORACLES.update(_group_oracles(_level))
