"""What is expected of retention: new followers of a session, and buyers who bought before.

Both are learned when the matrix is filled, from what was known before its date: windows of the
past teach and the last of them calibrates, so that intervals hold for a window to come.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from features.facts import Facts
from features.retention import buyer_days, follower_sessions, followers_as_of
from features.settings import LONG_DAYS
from features.tables import FeatureTables
from features.windows import day_number
from models.prediction import Forecast, Lines, PairRows, Target
from models.predictors.pair_rate import PairRatePredictor
from models.predictors.volume_rate import VolumeRatePredictor
from pipelines.columns import Columns, three
from pipelines.grid import taken
from pipelines.retention_rows import (
    decayed,
    level_codes,
    looked_up,
    retention_rows,
    sums_at,
    windows_of_rows,
)
from pipelines.snapshot import Positions

ROWS_AT_MOST = 6_000
"""Pairs of a window whose repurchases are learned from."""


def retention_columns(
    columns: Columns, facts: Facts, tables: FeatureTables, as_of: date
) -> tuple[Columns, dict[str, str]]:
    """`new_followers` of each pair's creator and `repurchase_rate` of its best product.

    With their intervals; and why either is null.
    """
    made: Columns = {}
    absent: dict[str, str] = {}
    creators = tables.creators.index.get_indexer(pd.Index(columns["creator_id"], dtype="str"))
    if facts.has("sessions", "new_followers"):
        expected = new_followers(facts, tables, as_of)
        made |= three("new_followers", taken(expected, creators))
    else:
        absent["new_followers"] = "no session tells how many began to follow"
    if not _counts_buyers(facts):
        absent["repurchase_rate"] = "the source does not count buyers and repeat buyers"
    elif "best_product_id" in columns:
        items = tables.items.index.get_indexer(pd.Index(columns["best_product_id"], dtype="str"))
        made |= three("repurchase_rate", repurchase(facts, tables, as_of, creators, items))
    return made, absent


def _counts_buyers(facts: Facts) -> bool:
    lines = "session_products"
    return facts.has(lines, "buyers") and facts.has(lines, "repeat_buyers")


def new_followers(facts: Facts, tables: FeatureTables, as_of: date) -> Forecast:
    """Of one session of every candidate on the mean of many, (creators,)."""
    seen = _Followers.before(facts, tables, as_of)
    learn, calibrate = windows_of_rows(facts, as_of, seen.happened)
    predictor = VolumeRatePredictor(Target.NEW_FOLLOWERS).fit(learn).calibrate(calibrate)
    return predictor.predict(seen.known(as_of))


def repurchase(
    facts: Facts, tables: FeatureTables, as_of: date, creators: Positions, items: Positions
) -> Forecast:
    """Share of these pairs' buyers who had bought before."""
    seen = _Buyers.before(facts, tables, as_of)
    learn, calibrate = windows_of_rows(facts, as_of, seen.happened)
    predictor = PairRatePredictor(Target.REPURCHASE).fit(learn).calibrate(calibrate)
    return predictor.predict(seen.known(as_of, creators, items))


@dataclass(frozen=True)
class _Followers:
    """Sessions of the candidates that tell who began to follow."""

    facts: Facts
    tables: FeatureTables
    sessions: pd.DataFrame

    @classmethod
    def before(cls, facts: Facts, tables: FeatureTables, as_of: date) -> "_Followers":
        seen = follower_sessions(facts, as_of)
        place = tables.creators.index.get_indexer(pd.Index(seen["creator_id"], dtype="str"))
        return cls(facts, tables, seen.assign(creator=place)[place >= 0])

    def known(self, day: date) -> PairRows:
        """Every candidate as of the day."""
        size = len(self.tables.creators)
        past = self.sessions[self.sessions["day"] < day_number(day)]
        weights = decayed(past["day"].to_numpy(np.float64), day, self.tables)
        at, new = past["creator"].to_numpy(), past["new_followers"].to_numpy()
        lately = past[past["day"] >= day_number(day) - LONG_DAYS]
        views = lately.groupby("creator")["views"].mean().reindex(np.arange(size))
        followers = followers_as_of(self.facts, day, self.tables.creators.index)
        return retention_rows(
            self.tables,
            day,
            np.arange(size),
            None,
            {"creator": (sums_at(at, weights * new, size), sums_at(at, weights, size))},
            np.column_stack([np.log(followers + 1), views]).astype(np.float32),
            ("creator_followers", "creator_views_per_session"),
        )

    def happened(self, day: date, end: date) -> PairRows:
        """Those who went live in [day, end), with how many began to follow."""
        size, days = len(self.tables.creators), self.sessions["day"]
        window = self.sessions[(days >= day_number(day)) & (days < day_number(end))]
        at, new = window["creator"].to_numpy(), window["new_followers"].to_numpy()
        count, logs = sums_at(at, np.ones(len(at)), size), np.log(new + 0.5)
        mean = sums_at(at, logs, size) / np.maximum(count, 1)
        scatter = sums_at(at, (logs - mean[at]) ** 2, size)
        rows = replace(
            self.known(day),
            successes=sums_at(at, new, size),
            trials=count,
            lines=Lines(count, count, scatter),
        )
        return rows.take(count > 0)


@dataclass(frozen=True)
class _Buyers:
    """Days of creator x product with their buyers, and how many of those had bought before."""

    tables: FeatureTables
    days: pd.DataFrame

    @classmethod
    def before(cls, facts: Facts, tables: FeatureTables, as_of: date) -> "_Buyers":
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
