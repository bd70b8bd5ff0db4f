"""Features of a pair: what this creator did with this item, its brand, its category."""

from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np

from features.audience import LEAST_LIFT, Met
from features.known import FeatureTables
from features.rates import shrunken
from features.sparse import Positions, Values
from features.windows import day_number


class Pairs:
    """Some pairs, and every number known of them by name."""

    def __init__(self, tables: FeatureTables, creators: Positions, items: Positions) -> None:
        self.tables, self.lookup = tables, tables.lookup
        self.creators = np.asarray(creators, dtype=np.int64)
        self.items = np.asarray(items, dtype=np.int64)
        self.strength = tables.settings.prior_orders
        self._rows: dict[str, Positions] = {}

    def __len__(self) -> int:
        return len(self.items)

    def creator(self, name: str) -> Values:
        """A column of the creators' table, per pair."""
        return self.lookup.creators[name][self.creators]

    def item(self, name: str) -> Values:
        """A column of the items' table, per pair."""
        return self.lookup.items[name][self.items]

    def brand(self, name: str) -> Values:
        """A column of the brands' table, per pair."""
        return self.lookup.brands[name][self.places("creator_brand")]

    def count(self, level: str, name: str) -> Values:
        """A sum of the pair's creator, item, brand or category."""
        places = self.creators if level == "creator" else self.items
        return self.lookup.counts[level][name][places]

    def sum(self, level: str, name: str) -> Values:
        """A sum of a sparse level: creator_category, creator_brand or pair; 0 without history."""
        table = self.lookup.sparse[level]
        if level not in self._rows:
            self._rows[level] = table.rows(self.creators, self.places(level))
        return table.columns[name][self._rows[level]].astype(np.float64)

    def places(self, level: str) -> Positions:
        """The pair's category, brand or item by its place on that level; -1 where unknown."""
        return self.lookup.right_places[level][self.items]

    def trials(self, level: str, window: str) -> Values:
        """What the pair's orders on a sparse level are read against (denominators)."""
        if not self.tables.absent_is_zero:
            return self.sum(level, f"denominator_{window}")
        return self.count("creator", f"session_denominator_{window}") * self.offered(level)

    @cached_property
    def audience(self) -> Met:
        """The creators' audiences against the buyers of the items' brands."""
        return self.lookup.audience.met(self.creators, self.places("creator_brand"))

    def offered(self, level: str) -> Values:
        """Where absent means zero: how many items of that level every session offered."""
        if level == "pair":
            return self.count("item", "sold")
        return self.count(level.removeprefix("creator_"), "items")

    def days_since(self, level: str) -> Values:
        """Days from the last line on that level to the as-of date; nan without one."""
        return day_number(self.tables.as_of) - self.sum(level, "last_day")


def conversion(p: Pairs, level: str, prior: str) -> Values:
    """Conversion on a level, pulled to a rate of the item (`prior` names the column)."""
    successes, trials = p.sum(level, "converted_decayed"), p.trials(level, "decayed")
    return np.asarray(shrunken(successes, trials, p.item(prior), p.strength))


def expected_orders(p: Pairs) -> Values:
    """What the pair would have sold at the item's usual rate: how telling "never sold" is."""
    return np.asarray(p.trials("pair", "decayed") * p.item("item_conversion"))


def pair_lift(p: Pairs) -> Values:
    """Log of the pair's orders against the expected ones, one order added to both."""
    return np.asarray(np.log((p.sum("pair", "converted_decayed") + 1) / (expected_orders(p) + 1)))


def click_through(p: Pairs, level: str, prior: str) -> Values:
    """Click-through on a level, pulled to a rate of the item."""
    successes, trials = p.sum(level, "clicks_decayed"), p.sum(level, "clicked_impressions_decayed")
    return np.asarray(shrunken(successes, trials, p.item(prior), p.strength))


def return_rate(p: Pairs, level: str, prior: str) -> Values:
    """Share of orders returned on a level, pulled to a rate of the item."""
    successes, trials = p.sum(level, "returned_mature"), p.sum(level, "orders_mature")
    return np.asarray(shrunken(successes, trials, p.item(prior), p.strength))


def pair_conversion_90(p: Pairs) -> Values:
    """Orders per denominator of the pair in 90 days; unknown without a denominator."""
    return ratio(p.sum("pair", "converted_90"), p.trials("pair", "90"))


def category_share(p: Pairs) -> Values:
    """Share of the creator's (decayed) lines that are of the item's category."""
    lines = ratio(p.sum("creator_category", "lines_decayed"), p.count("creator", "lines_decayed"))
    return np.where(p.places("creator_category") >= 0, lines, np.nan)


def price_distance(p: Pairs) -> Values:
    """Log price against the order-weighted mean log price of what the creator sold."""
    return p.item("item_price") - p.creator("creator_price_level")


def audience_fit(p: Pairs) -> Values:
    """Overlap of audience and buyers: sum of the smaller share over groups known of both.

    Where several sets of groups are told (ages and incomes), shares sum to their number, and the
    overlap is the mean over the sets.
    """
    met = p.audience
    return np.where(met.told > 0, met.overlap / np.maximum(met.told, 1.0), np.nan)


def audience_lift(p: Pairs) -> Values:
    """Log of how many times as often as usual the creator's audience buys the brand.

    Sum over groups of audience share x buyers' share / usual share: a group buys a brand so many
    times as often as everybody as it is more frequent among the brand's buyers than in all
    audiences (the target group index). The mean over the sets where several are told.
    """
    met = p.audience
    return np.log(np.maximum(ratio(met.lift, met.lift_told), LEAST_LIFT))


def audience_bought(p: Pairs) -> Values:
    """Log of how many times as often as usual the audience itself buys this brand, anywhere.

    The creator's `audience_bought_<brand_id>` against that of all creators (counting by their
    recent lines); 0, as usual, where it is not told of this pair.
    """
    return p.lookup.crowds.met(p.creators, p.places("creator_brand"))


def ratio(successes: Values, trials: Values) -> Values:
    """Successes / trials; nan where there were no trials."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(trials > 0, successes / trials, np.nan)


PAIR_FEATURES: Mapping[str, Callable[[Pairs], Values]] = {
    "creator_category_conversion": lambda p: conversion(
        p, "creator_category", "category_conversion"
    ),
    "creator_category_click_through": lambda p: click_through(
        p, "creator_category", "category_click_through"
    ),
    "creator_category_return_rate": lambda p: return_rate(
        p, "creator_category", "category_return_rate"
    ),
    "creator_category_lines_90": lambda p: p.sum("creator_category", "lines_90"),
    "creator_category_share": category_share,
    "creator_category_days_since": lambda p: p.days_since("creator_category"),
    "creator_brand_conversion": lambda p: conversion(p, "creator_brand", "brand_conversion"),
    "creator_brand_sessions_90": lambda p: p.sum("creator_brand", "sessions_90"),
    "creator_brand_sessions_all": lambda p: p.sum("creator_brand", "sessions_all"),
    "creator_brand_days_since": lambda p: p.days_since("creator_brand"),
    "pair_conversion_90": pair_conversion_90,
    "pair_conversion": lambda p: conversion(p, "pair", "item_conversion"),
    "pair_click_through": lambda p: click_through(p, "pair", "item_click_through"),
    "pair_return_rate": lambda p: return_rate(p, "pair", "item_return_rate"),
    "pair_impressions_per_line": lambda p: ratio(
        p.sum("pair", "impressions_decayed"), p.sum("pair", "shown_decayed")
    ),
    "pair_lines_90": lambda p: p.sum("pair", "lines_90"),
    "pair_lines_all": lambda p: p.sum("pair", "lines_all"),
    "pair_orders_all": lambda p: p.sum("pair", "orders_all"),
    "pair_trials_decayed": lambda p: p.trials("pair", "decayed"),
    "pair_expected_orders": expected_orders,
    "pair_lift": pair_lift,
    "pair_days_since": lambda p: p.days_since("pair"),
    "price_distance": price_distance,
    "audience_fit": audience_fit,
    "audience_lift": audience_lift,
    "audience_bought": audience_bought,
}
"""Features that take both sides; all others are columns of the creators' or items' table."""
