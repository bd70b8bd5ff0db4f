"""Complete Journey as a benchmark: what each store sold of each brand, week by week."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

import ibis
import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.quality.looks import look
from experiments.metrics import calibration_error, log_loss, ndcg
from features.daily import DailyFacts
from features.facts import Facts
from models.prediction import Floats, PairRows, Target
from pipelines.code_version import code_version
from pipelines.settings import TrainSettings
from pipelines.snapshot import snapshot

Counts = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

LAST_KNOWN_WEEK: Final = 40
FEWEST_BRAND_BASKETS: Final = 150
"""Of a brand by the last known week: below it a brand is left out."""
CATEGORY_WEEK: Final = 28
"""A brand's main category is the one that sold most by then."""
FEWEST_STORE_BASKETS: Final = 20
"""Of a store in the target weeks, for its realised rate to say something."""
FEWEST_STORES: Final = 20
"""Such stores of a brand, for their ranking to say something."""
DATA: Final = "complete-journey"
"""Their name in the ledger of looks."""


@dataclass(frozen=True)
class Split:
    """Windows (last week known, last week of the outcome) to learn from, and the one to judge."""

    learn: tuple[tuple[int, int], ...]
    judge: tuple[int, int]


TUNE: Final = Split(learn=((16, 28), (22, 28)), judge=(28, 40))
"""Everything is chosen here."""
FINAL: Final = Split(learn=((16, 28), (22, 34), (28, 40)), judge=(40, 53))
"""Looked at as rarely as possible: every look is written to the ledger."""


@dataclass(frozen=True)
class Journey:
    """Distinct baskets with a brand, and all baskets, by week and store."""

    brand_ids: npt.NDArray[np.str_]  # (B,), sorted
    store_ids: npt.NDArray[np.str_]  # (S,), sorted
    category: npt.NDArray[np.str_]  # (B,)
    k: Counts  # (weeks + 1, B, S); week 0 is empty
    n: Counts  # (weeks + 1, S)

    def counts(self, first_week: int, last_week: int) -> tuple[Floats, Floats]:
        """Baskets with the brand (B, S) and all baskets (S,) of these weeks, both ends included."""
        weeks = slice(first_week, last_week + 1)
        return self.k[weeks].sum(axis=0, dtype=float), self.n[weeks].sum(axis=0, dtype=float)


def journey(facts: Facts) -> Journey:
    """Brands with at least 150 baskets by week 40, all stores; a brand unsold in a week has 0."""
    weeks = _weeks(facts)
    sessions = facts["sessions"].select("session_id", "creator_id", "ended_at", "viewers")
    visits = sessions.to_pandas()
    visits["week"] = weeks.get_indexer(pd.Index(visits["ended_at"])) + 1
    stores = np.unique(visits["creator_id"].to_numpy(dtype=str))
    visits["store"] = np.searchsorted(stores, visits["creator_id"].to_numpy(dtype=str))
    n = np.zeros((len(weeks) + 1, len(stores)), dtype=np.int32)
    np.add.at(n, (visits["week"], visits["store"]), visits["viewers"].to_numpy(dtype=np.int32))
    sold = facts["session_brands"].select("session_id", "brand_id", "orders").to_pandas()
    sold = sold.merge(visits[["session_id", "week", "store"]], on="session_id")
    by_then = sold[sold["week"] <= LAST_KNOWN_WEEK].groupby("brand_id")["orders"].sum()
    brands = np.sort(by_then.index[by_then >= FEWEST_BRAND_BASKETS].to_numpy(dtype=str))
    sold = sold[sold["brand_id"].isin(brands)]
    k = np.zeros((len(weeks) + 1, len(brands), len(stores)), dtype=np.int32)
    brand = np.searchsorted(brands, sold["brand_id"].to_numpy(dtype=str))
    np.add.at(k, (sold["week"], brand, sold["store"]), sold["orders"].to_numpy(dtype=np.int32))
    return Journey(brands, stores, _main_categories(facts, brands, weeks), k, n)


def as_of_day(facts: Facts, week: int) -> date:
    """The first day on which all of that week is known: the day after its last receipt."""
    return (_weeks(facts)[week - 1] + timedelta(days=1)).date()


def rows(
    facts: Facts,
    daily: DailyFacts,
    as_of_week: int,
    last_week: int,
    of: Journey,
    settings: TrainSettings | None = None,
) -> PairRows:
    """Every brand in every store, brand by brand (row = brand * S + store), as of a week's end.

    Features know the weeks up to `as_of_week`; the outcome is of the weeks after it, up to
    `last_week`. Stores not known by then, or not open after it, have no trials.
    """
    settings = settings or TrainSettings()
    end = _weeks(facts)[as_of_week - 1]
    known = snapshot(
        facts,
        _without_later_products(daily, end),
        as_of_day(facts, as_of_week),
        settings.embedding_size,
        settings.random_state,
    )
    grid = pd.MultiIndex.from_product([of.brand_ids, of.store_ids], names=["item_id", "creator_id"])
    creators, items = known.positions(grid.to_frame(index=False))
    assert (creators >= 0).all()
    assert (items >= 0).all()
    k, n = of.counts(as_of_week + 1, last_week)
    return replace(
        known.rows(Target.BRAND_CONVERSION, creators, items),
        successes=k.ravel(),
        trials=np.tile(n, len(of.brand_ids)),
    )


@dataclass(frozen=True)
class Judge:
    """What happened in the target weeks, and how forecasts (B, S) are held against it."""

    k: Floats  # (B, S)
    n: Floats  # (S,)
    before: Floats  # (B, S): baskets with the brand up to the as-of week

    @classmethod
    def of(cls, journey: Journey, split: Split) -> "Judge":
        as_of, last = split.judge
        return cls(*journey.counts(as_of + 1, last), journey.counts(1, as_of)[0])

    @cached_property
    def stores(self) -> Mask:
        """(S,): stores with enough baskets in the target weeks."""
        return self.n >= FEWEST_STORE_BASKETS

    @cached_property
    def mask(self) -> Mask:
        """(B, S): pairs that are judged."""
        return np.broadcast_to(self.stores, self.k.shape)

    @cached_property
    def new(self) -> Mask:
        """(B, S): judged pairs that never had a sale up to the as-of week."""
        return self.mask & (self.before == 0)

    def log_loss(self, p: Floats, mask: Mask) -> float:
        """Nats a basket over the pairs of the mask."""
        n = np.broadcast_to(self.n, p.shape)
        return log_loss(self.k[mask], n[mask], p[mask])

    def calibration_error(self, p: Floats, mask: Mask) -> float:
        """Mean distance of forecast and observed rate over ten bins of equal baskets."""
        n = np.broadcast_to(self.n, p.shape)
        return calibration_error(self.k[mask], n[mask], p[mask])

    def ndcg_by_brand(self, p: Floats, mask: Mask) -> Floats:
        """nDCG@10 of a brand's stores by realised rate, linear gain, (B,).

        NaN for brands with fewer than 20 stores in the mask or without any sale in them.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            gains = np.where(mask, self.k / self.n, np.nan)
        found = ndcg(p, gains)
        return np.where(mask.sum(axis=1) >= FEWEST_STORES, found, np.nan)

    def scores(self, p: Floats) -> dict[str, float]:
        """Log-loss, calibration error and nDCG@10, of all judged pairs and of the new ones."""
        found = {}
        for prefix, mask in (("", self.mask), ("new_", self.new)):
            found[f"{prefix}log_loss"] = self.log_loss(p, mask)
            found[f"{prefix}calibration_error"] = self.calibration_error(p, mask)
            ranked = self.ndcg_by_brand(p, mask)
            ranked = ranked[~np.isnan(ranked)]
            found[f"{prefix}ndcg"] = float(ranked.mean()) if len(ranked) else float("nan")
        return found


def final_judge(of: Journey, what: str) -> Judge:
    """The judge of the final weeks; the look is written to the ledger, once a code version."""
    look(DATA, f"{code_version()}.{_protocol_version()}", what)
    return Judge.of(of, FINAL)


def brand_rate(of: Journey, split: Split) -> Floats:
    """The plainest forecast: each brand's rate over all stores so far, the same in every store."""
    k, n = of.counts(1, split.judge[0])
    rate = (k.sum(axis=1) + 0.5) / (n.sum() + 1)
    return np.repeat(rate[:, None], k.shape[1], axis=1)


def pair_rate(of: Journey, split: Split, strength: float) -> Floats:
    """The pair's own rate, pulled to its brand's as if seen in `strength` more baskets."""
    k, n = of.counts(1, split.judge[0])
    return np.asarray((k + strength * brand_rate(of, split)) / (n + strength))


def _weeks(facts: Facts) -> pd.DatetimeIndex:
    """When each week ended, in order: all stores' weeks end with the last receipt of any."""
    ended = facts["sessions"].select("ended_at").distinct().to_pandas()["ended_at"]
    return pd.DatetimeIndex(np.sort(ended.to_numpy()))


def _without_later_products(daily: DailyFacts, end: pd.Timestamp) -> DailyFacts:
    """A product's first week may begin hours after the last one ended, on the same day."""
    products = daily.rows["products"]
    launched = products.launched_at.isnull() | (products.launched_at <= ibis.literal(end))
    return replace(daily, rows={**daily.rows, "products": products.filter(launched)})


def _main_categories(
    facts: Facts, brands: npt.NDArray[np.str_], weeks: pd.DatetimeIndex
) -> npt.NDArray[np.str_]:
    """Of each brand the category with most orders by week 28; empty without a sale by then."""
    end = ibis.literal(weeks[min(CATEGORY_WEEK, len(weeks)) - 1])
    sessions, lines = facts["sessions"], facts["session_products"]
    early = sessions.filter(sessions.ended_at <= end).select("session_id")
    sold = lines.join(early, "session_id").join(facts["products"], "product_id")
    orders = sold.group_by("brand_id", "category").aggregate(orders=sold.orders.sum()).to_pandas()
    orders = orders.sort_values(["orders", "category"], ascending=[False, True])
    main = orders.drop_duplicates("brand_id").set_index("brand_id")["category"]
    return main.reindex(brands).fillna("").to_numpy(dtype=str)


def _protocol_version() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:6]
