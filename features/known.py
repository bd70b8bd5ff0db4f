"""What was known on one date: tables of creators, items, brands and of pairs with history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pandas as pd

from features.lines import Grain
from features.lookup import Lookup
from features.settings import FeatureSettings


@dataclass(frozen=True)
class FeatureTables:
    """Everything that features are made of, as of ONE date; rows in the order of sorted ids."""

    as_of: date
    grain: Grain
    creators: pd.DataFrame
    """creator_id -> creator_ features and attributes, of every candidate."""
    items: pd.DataFrame
    """item_id -> item_, brand_, category_, peer_ features and attributes."""
    brands: pd.DataFrame
    """brand_id -> name, industry, brand_tier and its benchmark."""
    creator_categories: pd.DataFrame
    """(creator_id, category) -> sums; only where there is history, as in the next two."""
    creator_brands: pd.DataFrame
    pairs: pd.DataFrame
    overall: Mapping[str, float]
    """Sums and rates of everything, and the calendar_ features of the date."""
    counts: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """creator, item, brand, category -> successes and trials, row by row of creators or items."""
    absent_is_zero: bool = False
    settings: FeatureSettings = field(default_factory=FeatureSettings)

    @cached_property
    def lookup(self) -> Lookup:
        """The tables as arrays to take rows from, made at the first use."""
        return Lookup(
            self.creators,
            self.items,
            self.brands,
            self.creator_categories,
            self.creator_brands,
            self.pairs,
            self.counts,
        )
