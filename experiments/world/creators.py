"""Creators: how many follow them, what they sell well, how they grow, what they ask for."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.world import names
from experiments.world.categories import CATEGORIES, NAMES, PROFILES, audience_frame, of_all
from experiments.world.randomness import Flags, Floats, Ints, logistic, logit, stream
from experiments.world.settings import WorldSettings

HOST_SPREAD = 0.49
"""Standard deviation of a creator's effect on log conversion (domain notes)."""
FIT_SPREAD = 0.27
"""Standard deviation of creator x category fit on log conversion (domain notes)."""
DRIFT_SPREAD = 0.17
"""The part of the creator's effect that changes from month to month. Not sourced."""
DRIFT_MEMORY = 0.8
VIEWS_EXPONENT = 1.45
"""Views grow with followers to this power: 2M views a session at the head, thousands below."""
VIEWS_RESIDUAL = 0.38
HEAD_VIEWS = 1.5e6
HEAD_FOLLOWERS = 1.8e7
"""Log views of a creator with so many followers centre on HEAD_VIEWS (domain notes: 2.05M)."""
_TIERS = np.array([1e6, 5e6, 1e7])
MONTH = 30
"""Days between the moves of a creator's effect."""
TIER_NAMES = np.array(["tail", "waist", "shoulder", "head"], dtype=object)


@dataclass(frozen=True)
class Creators:
    """What is true of each creator; arrays are in the order of `ids`."""

    ids: NDArray[np.object_]
    main_category: Ints
    followers: Floats
    fit: Floats
    """Creator x category, on log conversion."""
    drift: Floats
    """Creator x `MONTH`: the creator's effect on log conversion in that month."""
    log_views: Floats
    """Centre of log views a session on the first day."""
    price_level: Floats
    """Log price relative to the market that the creator's audience buys."""
    click_effect: Floats
    paid_share: Floats
    return_effect: Floats
    """On the logit of returns."""
    session_weight: Floats
    """How often the creator goes live, relative; 0 without history."""
    session_products: Floats
    """Typical number of products in a session."""
    growth: Floats
    """Log growth of views over the history; 0 unless rising."""
    growth_middle: Floats
    """The day on which half of the growth is done."""
    is_rising: Flags
    has_history: Flags
    audience: Floats
    """Creator x audience group; rows sum to one."""
    commission_asked: Floats
    slot_fee: Floats
    """Asked for a slot, CNY; 0 means pure commission."""

    @property
    def tier(self) -> Ints:
        """0 tail, 1 waist, 2 shoulder, 3 head, by followers on the first day."""
        return np.searchsorted(_TIERS, self.followers, side="right").astype(np.int64)

    def grown(self, creator: Ints, day: Floats) -> Floats:
        """Log growth of views that the creators have had by these days."""
        return self.growth[creator] * logistic((day - self.growth_middle[creator]) / 18.0)


def power_law(rng: np.random.Generator, settings: WorldSettings, n: int) -> Floats:
    """Followers from a truncated Pareto law, one draw in each of n equal slices of probability.

    So even a small world has its share of large creators.
    """
    a = settings.follower_exponent
    least = (settings.min_followers / settings.max_followers) ** a
    u = (rng.permutation(n) + rng.random(n)) / n
    return settings.min_followers * (1 - u * (1 - least)) ** (-1 / a)


def creators(settings: WorldSettings) -> Creators:
    """Draw every creator."""
    n = settings.creators
    rng = stream(settings.seed, "creators")
    followers = np.round(power_law(rng, settings, n))
    size = np.log(followers / HEAD_FOLLOWERS)
    tier = np.searchsorted(_TIERS, followers, side="right")
    fit = rng.normal(0, FIT_SPREAD, (n, len(CATEGORIES)))
    taste = 1.2 * fit / FIT_SPREAD + np.log(of_all("share")) + rng.gumbel(size=fit.shape)
    main = taste.argmax(axis=1)
    drift = _drift(rng, n, settings.days // MONTH + 1)
    host = drift.mean(axis=1) / HOST_SPREAD
    residual = rng.normal(0, VIEWS_RESIDUAL, n)
    rising = (rng.random(n) < settings.rising_share) & (followers < 1e6)
    cold = (rng.random(n) < settings.cold_share) & ~rising
    cold[0] = False
    return Creators(
        ids=np.array([f"c{i + 1:05d}" for i in range(n)], dtype=object),
        main_category=main,
        followers=followers,
        fit=fit,
        drift=drift,
        log_views=np.log(HEAD_VIEWS) + VIEWS_EXPONENT * size + residual,
        price_level=_price_level(rng, size, residual, host),
        click_effect=_click_effect(rng, VIEWS_EXPONENT * size + residual),
        paid_share=logistic(logit(settings.paid_share) + 0.5 * host + rng.normal(0, 0.7, n)),
        return_effect=rng.normal(0, 0.3, n),
        session_weight=np.where(cold, 0.0, (1 + tier / 2) * np.exp(rng.normal(0, 0.6, n))),
        session_products=np.clip(
            settings.head_products * np.exp(0.5 * size + rng.normal(0, 0.15, n)), 3, 200
        ),
        growth=np.where(rising, rng.uniform(np.log(4), np.log(10), n), 0.0),
        growth_middle=rng.uniform(0.35, 0.75, n) * settings.days,
        is_rising=rising,
        has_history=~cold,
        audience=_audience(rng, main, fit),
        commission_asked=np.clip(
            of_all("commission")[main] + 0.02 * tier + rng.normal(0, 0.02, n), 0.05, 0.4
        ),
        slot_fee=_slot_fee(rng, followers, tier),
    )


def _price_level(rng: np.random.Generator, size: Floats, residual: Floats, host: Floats) -> Floats:
    """Cheaper where many watch or where the host sells easily; a few hosts sell luxury."""
    large = np.clip(VIEWS_EXPONENT * np.maximum(size, -0.6) + residual, -1.5, 1.5)
    return -0.30 - 0.55 * large - 0.28 * host + rng.exponential(size=len(size)) - 1


def _click_effect(rng: np.random.Generator, large: Floats) -> Floats:
    """Views of large creators click less; `large` is log views over the head's centre."""
    slope = 0.18
    return -slope * np.clip(large, -6.0, 1.5) + rng.normal(0, 0.12, len(large))


def _audience(rng: np.random.Generator, main: Ints, fit: Floats) -> Floats:
    """Shares of the eight groups: the main category's buyers, tilted by fit with the others."""
    tilt = 0.35 * (fit / FIT_SPREAD) @ (PROFILES - PROFILES.mean(axis=0))
    weight = PROFILES[main] * np.exp(tilt + rng.normal(0, 0.35, tilt.shape))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def _slot_fee(rng: np.random.Generator, followers: Floats, tier: Ints) -> Floats:
    """Half of the tail asks none; else nearly proportional to followers, in hundreds."""
    pure_commission = rng.random(len(followers)) < 0.5 - 0.15 * tier
    fee = 0.012 * followers**0.92 * np.exp(rng.normal(0, 0.5, len(followers)))
    return np.where(pure_commission, 0.0, np.round(fee, -2))


def _drift(rng: np.random.Generator, n: int, months: int) -> Floats:
    """Effects whose spread over creators is HOST_SPREAD in every month, and that move slowly."""
    steady = rng.normal(0, np.sqrt(HOST_SPREAD**2 - DRIFT_SPREAD**2), n)
    moving = np.empty((n, months))
    moving[:, 0] = rng.normal(0, DRIFT_SPREAD, n)
    for month in range(1, months):
        shock = rng.normal(0, DRIFT_SPREAD * np.sqrt(1 - DRIFT_MEMORY**2), n)
        moving[:, month] = DRIFT_MEMORY * moving[:, month - 1] + shock
    return steady[:, None] + moving


def creators_table(creators: Creators, settings: WorldSettings) -> pd.DataFrame:
    """Dated rows: the first day for everyone, then every 30 days (rising) or 180 days."""
    rng = stream(settings.seed, "creators table")
    n = settings.creators
    first = pd.DataFrame({"creator_id": creators.ids, "name": ""})
    first["name"] = names.creator_names(rng, creators.main_category)
    first["main_category"] = NAMES[creators.main_category]
    first["region"] = names.regions(rng, n)
    first["agency"] = names.agencies(rng, rng.random(n) < 0.45)
    first["slot_fee"] = creators.slot_fee
    first["commission_rate"] = np.round(creators.commission_asked, 3)
    first["sample_limit"] = rng.integers(3, 20, n)
    flags = np.array([None] * n, dtype=object)
    flags[rng.random(n) < 0.04] = "late fulfilment"
    flags[rng.random(n) < 0.02] = "complaint"
    first["flags"] = flags
    for column, shares in audience_frame(creators.audience, "audience").items():
        first[column] = shares
    usual_growth = rng.normal(0.04, 0.04, n)
    parts = []
    for day in range(0, settings.days, 30):
        who = np.flatnonzero(creators.is_rising | (day % 180 == 0))
        gained = 0.6 * creators.grown(who, np.full(len(who), float(day)))
        followers = creators.followers[who] * np.exp(gained + usual_growth[who] * day / 180)
        rows = first.iloc[who].copy()
        rows.insert(1, "valid_from", pd.Timestamp(settings.start + timedelta(days=day)))
        rows.insert(4, "followers", followers.round().astype(np.int64))
        rows.insert(7, "level", _levels(followers))
        parts.append(rows)
    table = pd.concat(parts, ignore_index=True)
    table["valid_from"] = table["valid_from"].astype("datetime64[us]")
    return table.sort_values(["creator_id", "valid_from"], ignore_index=True)


def _levels(followers: Floats) -> NDArray[np.object_]:
    """LV1 (100,000 followers) to LV7 (25 million and more)."""
    level = np.clip(1 + np.floor(np.log(followers / 1e5) / np.log(2.5)), 1, 7).astype(int)
    return np.array([f"LV{i}" for i in level], dtype=object)
