"""New followers of a creator's sessions: what was known as of a day, and what then happened."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from features.facts import Facts
from features.retention import follower_sessions, followers_as_of
from features.settings import LONG_DAYS
from features.tables import FeatureTables
from features.windows import day_number
from models.prediction import Lines, PairRows
from pipelines.retention.rows import decayed, retention_rows, sums_at


@dataclass(frozen=True)
class Followers:
    """Sessions of the candidates that tell who began to follow."""

    facts: Facts
    tables: FeatureTables
    sessions: pd.DataFrame

    @classmethod
    def before(cls, facts: Facts, tables: FeatureTables, as_of: date) -> "Followers":
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
