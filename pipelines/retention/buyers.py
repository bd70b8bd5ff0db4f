"""Buyers of a pair who had bought before: what was known as of a day, and what then happened."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from features.facts import Facts
from features.retention import buyer_days
from features.tables import FeatureTables
from features.windows import day_number
from models.prediction import PairRows
from pipelines.retention.rows import decayed, level_codes, looked_up, retention_rows
from pipelines.snapshot import Positions

ROWS_AT_MOST = 6_000
"""Pairs of a window whose repurchases are learned from."""


@dataclass(frozen=True)
class Buyers:
    """Days of creator x product with their buyers, and how many of those had bought before."""

    tables: FeatureTables
    days: pd.DataFrame

    @classmethod
    def before(cls, facts: Facts, tables: FeatureTables, as_of: date) -> "Buyers":
        seen = buyer_days(facts, as_of)
        creator = tables.creators.index.get_indexer(pd.Index(seen["creator_id"], dtype="str"))
        item = tables.items.index.get_indexer(pd.Index(seen["item_id"], dtype="str"))
        known = (creator >= 0) & (item >= 0)
        return cls(tables, seen.assign(creator=creator, item=item)[known])

    def known(self, day: date, creators: Positions, items: Positions) -> PairRows:
        """These pairs as of the day."""
        past = self.days[self.days["day"] < day_number(day)]
        weights = decayed(past["day"].to_numpy(np.float64), day, self.tables)
        k, n = (weights * past[name].to_numpy() for name in ("repeat_buyers", "buyers"))
        seen = level_codes(self.tables, past["creator"].to_numpy(), past["item"].to_numpy())
        wanted = level_codes(self.tables, creators, items)
        counts = {
            level: (looked_up(codes, k, wanted[level]), looked_up(codes, n, wanted[level]))
            for level, codes in seen.items()
        }
        return retention_rows(self.tables, day, creators, items, counts)

    def happened(self, day: date, end: date) -> PairRows:
        """Pairs with buyers in [day, end), and how many of those had bought before."""
        days = self.days["day"]
        window = self.days[(days >= day_number(day)) & (days < day_number(end))]
        pairs = window.groupby(["creator", "item"], sort=True)[["repeat_buyers", "buyers"]].sum()
        pairs = pairs.iloc[:: max(1, -(-len(pairs) // ROWS_AT_MOST))]
        creators, items = (
            pairs.index.get_level_values(name).to_numpy(np.intp) for name in ("creator", "item")
        )
        return replace(
            self.known(day, creators, items),
            successes=pairs["repeat_buyers"].to_numpy(np.float64),
            trials=pairs["buyers"].to_numpy(np.float64),
        )
