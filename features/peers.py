"""The second yardstick: how creators like this one convert with goods of the same category."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.known import FeatureTables
from features.pairs import level_counts
from features.rates import shrunken
from features.settings import FeatureSettings

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]

PEER_LEVELS: Final = ("category x tier", "category", "all creators")


@dataclass(frozen=True)
class PeerBenchmarks:
    """For each creator (row) and category of goods (column): the rate of its peers.

    `spread` is the standard deviation of the rate's logit, `level` the position in PEER_LEVELS
    (-1 where nobody else ever sold such goods), `peers` how many creators the mean is over.
    """

    rate: Floats
    spread: Floats
    level: npt.NDArray[np.int8]
    peers: npt.NDArray[np.int32]

    def of(self, creators: Codes, categories: Codes) -> tuple[Floats, Floats, Codes]:
        """Rate, spread and level of these pairs of positions; category -1 is not known."""
        known = categories >= 0
        at = creators, np.where(known, categories, 0)
        if not self.rate.shape[1]:
            nothing = np.full(len(creators), np.nan)
            return nothing, nothing, np.full(len(creators), -1)
        level = np.where(known, self.level[at], -1).astype(np.intp)
        rate, spread = (np.where(known, of[at], np.nan) for of in (self.rate, self.spread))
        return rate, spread, level


def creator_peers(tables: FeatureTables) -> PeerBenchmarks:
    """The yardstick of every candidate, for each category of goods in `category_codes`."""
    codes = category_codes(tables)
    kinds, first = np.unique(codes[codes >= 0], return_index=True)
    an_item = np.flatnonzero(codes >= 0)[first]
    n = len(tables.creators)
    creators, items = np.repeat(np.arange(n), len(kinds)), np.tile(an_item, n)
    if not len(creators):
        nothing = np.empty((n, 0))
        return peer_benchmarks(tables.creators, nothing, nothing, tables.settings)
    converted, trials = level_counts(tables, "conversion", creators, items)["creator_category"]
    shape = n, len(kinds)
    return peer_benchmarks(
        tables.creators,
        np.asarray(converted, np.float64).reshape(shape),
        np.asarray(trials, np.float64).reshape(shape),
        tables.settings,
    )


def category_codes(tables: FeatureTables) -> Codes:
    """Position of each item's category among the sorted ones; -1 where it has none."""
    return np.asarray(pd.factorize(tables.items["category"], sort=True)[0], dtype=np.intp)


def peer_benchmarks(
    creators: pd.DataFrame, converted: Floats, trials: Floats, settings: FeatureSettings
) -> PeerBenchmarks:
    """Of counts (creators, categories of goods) the mean rate of each creator's peers.

    Peers have the creator's `main_category` and `tier`; the creator itself is left out. Each
    peer's rate is pulled to the rate of all creators with those goods, and the plain mean is
    taken, as brands' benchmarks are. With fewer than `settings.benchmark_merchants` peers who sold
    such goods it is those of the main category, else everybody. The spread is that each rate is
    itself uncertain: their own mean is no less certain for their being different.
    """
    sold = trials > 0
    whole = np.divide(
        converted.sum(0), trials.sum(0), out=np.zeros(trials.shape[1]), where=sold.any(0)
    )
    strength = settings.prior_orders
    told = {
        "peers": sold.astype(np.float64),
        "rate": np.where(sold, shrunken(converted, trials, whole, strength), 0.0),
    }
    told["noise"] = told["rate"] ** 2 / (converted + strength)
    found = PeerBenchmarks(
        np.full(trials.shape, np.nan),
        np.full(trials.shape, np.nan),
        np.full(trials.shape, -1, dtype=np.int8),
        np.zeros(trials.shape, dtype=np.int32),
    )
    for place, group in enumerate(_groups(creators)):
        others = _others(told, group)
        least = settings.benchmark_merchants if place < len(PEER_LEVELS) - 1 else 1
        taken = (found.level < 0) & (group >= 0)[:, None] & (others["peers"] >= least)
        n = np.maximum(others["peers"], 1.0)
        found.rate[taken] = (others["rate"] / n)[taken]
        chance = np.sqrt(np.maximum(others["noise"], 0.0))[taken]
        found.spread[taken] = chance / np.maximum(others["rate"][taken], 1e-12)
        found.level[taken] = place
        found.peers[taken] = others["peers"][taken]
    nobody_bought = np.broadcast_to(whole <= 0, trials.shape)
    found.rate[nobody_bought] = np.nan
    found.level[nobody_bought] = -1
    return found


def _groups(creators: pd.DataFrame) -> tuple[Codes, Codes, Codes]:
    """Who is compared with whom, narrowest first; -1 where the creator's group is not known."""

    def codes(*names: str) -> Codes:
        known = creators[list(names)].notna().all(axis=1).to_numpy()
        found = np.full(len(creators), -1, dtype=np.intp)
        found[known] = creators[known].groupby(list(names), observed=True).ngroup()
        return found

    return codes("main_category", "tier"), codes("main_category"), np.zeros(len(creators), np.intp)


def _others(told: Mapping[str, Floats], group: Codes) -> dict[str, Floats]:
    """Sums over the other creators of the same group, (creators, categories)."""
    known = np.maximum(group, 0)
    sums = {}
    for name, values in told.items():
        total = np.zeros((int(known.max(initial=0)) + 1, values.shape[1]))
        np.add.at(total, known[group >= 0], values[group >= 0])
        sums[name] = total[known] - values
    sums["peers"] = np.round(sums["peers"])
    return sums
