"""Sessions: who goes live when, for how long, and how many people come."""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.world.brands import Brands, Products
from experiments.world.creators import Creators
from experiments.world.randomness import Flags, Floats, Ints, noise, stream
from experiments.world.seasons import Calendar
from experiments.world.settings import NEWCOMER_DAYS, WorldSettings

WITHIN_VIEWS = 0.72
"""Log spread of a creator's views between sessions (domain notes: .75)."""
MEMORY = -0.10
"""Each session's shock leans against the one before (domain notes: lag-1 about -.07)."""
PRODUCTS_SPREAD = 0.25
"""Log spread of how many products a seller's sessions have. Not sourced."""
PAID_STEADINESS = 6.0
"""A session's paid share is beta-distributed around the seller's with this sum of shapes."""
HIGHEST_PAID = 0.9
PEAK_OVER_MEAN = 1.79
STAY_SECONDS = 121.0
NEW_FOLLOWERS_PER_VIEW = 0.008
_FIELD_VIEWS = 12_000.0
"""Median views of a field session. Not sourced."""
_EMPTY_PLACES = 1.04
"""Dedicated sessions and products launched late leave some places of a session empty."""


@dataclass(frozen=True)
class Sessions:
    """Every session, oldest first. `seller` counts creators first, then brands' own accounts."""

    ids: NDArray[np.object_]
    seller: Ints
    day: Floats
    """Start, in days from the first day of the history."""
    hours: Floats
    format: Ints
    """0 field, 1 mixed, 2 dedicated."""
    views: Ints
    paid_views: Ints
    view_shock: Floats
    """Standard normal: how this session's views differ from the usual."""
    shock: Floats
    """Standard normal: how well this session goes apart from its views."""
    is_junk: Flags
    campaign: Ints
    many_products: Ints
    table: pd.DataFrame

    @property
    def is_field(self) -> Flags:
        return self.format == 0

    @property
    def paid_share(self) -> Floats:
        return self.paid_views / np.maximum(self.views, 1)


def sessions(
    settings: WorldSettings,
    creators: Creators,
    brands: Brands,
    products: Products,
    calendar: Calendar,
) -> Sessions:
    """Draw every session of creators and, unless switched off, of the brands' own accounts."""
    rng = stream(settings.seed, "sessions")
    seller, day = _who_and_when(rng, settings, creators, products, calendar)
    n = len(seller)
    is_field = seller >= len(creators.ids)
    whole_day = day.astype(np.int64)
    shock, view_shock = _shocks(rng, seller), rng.normal(0, 1, n)
    junk = rng.random(n) < settings.junk_share
    dedicated = ~is_field & ~junk & (rng.random(n) < settings.dedicated_share)
    campaign = np.where(rng.random(n) < 0.8, calendar.day_campaign[whole_day], -1)
    centre, paid_share = _usual(rng, creators, brands, seller, day)
    log_views = centre + WITHIN_VIEWS * view_shock + 0.6 * calendar.day_lift[whole_day]
    log_views += np.log((1 - settings.paid_share) / (1 - paid_share))
    log_views += np.where(junk, np.log(rng.uniform(0.002, 0.05, n)), 0.0)
    views = np.maximum(3, np.round(np.exp(log_views))).astype(np.int64)
    drawn = Sessions(
        ids=np.array([f"s{i + 1:07d}" for i in range(n)], dtype=object),
        seller=seller,
        day=day,
        hours=_hours(rng, settings, centre, day, is_field, junk),
        format=np.where(is_field, 0, np.where(dedicated, 2, 1)),
        views=views,
        paid_views=rng.binomial(views, paid_share if settings.paid_share > 0 else 0.0),
        view_shock=view_shock,
        shock=shock,
        is_junk=junk,
        campaign=campaign,
        many_products=_many_products(rng, settings, creators, seller, junk),
        table=pd.DataFrame(),
    )
    return replace(drawn, table=_table(rng, settings, creators, brands, calendar, drawn))


def _usual(
    rng: np.random.Generator, creators: Creators, brands: Brands, seller: Ints, day: Floats
) -> tuple[Floats, Floats]:
    """Centre of each session's log views by its seller and day, and its own paid share."""
    is_field = seller >= len(creators.ids)
    creator = np.where(is_field, 0, seller)
    brand = np.where(is_field, seller - len(creators.ids), 0)
    centre = np.where(
        is_field,
        np.log(_FIELD_VIEWS) + 0.9 * brands.size[brand],
        creators.log_views[creator] + creators.grown(creator, day),
    )
    usual = np.where(is_field, brands.paid_share[brand], creators.paid_share[creator])
    paid = rng.beta(PAID_STEADINESS * usual, PAID_STEADINESS * (1 - usual))
    return centre, np.minimum(paid, HIGHEST_PAID)


def _hours(
    rng: np.random.Generator,
    settings: WorldSettings,
    centre: Floats,
    day: Floats,
    is_field: Flags,
    junk: Flags,
) -> Floats:
    """Longer for large creators; minutes for junk; never past the last day."""
    size = np.where(is_field, 2.3, 4.6 * np.exp(0.12 * (centre - np.log(2e6))))
    hours = np.clip(size * np.exp(rng.normal(0, 0.45, len(day))), 0.5, 16)
    hours = np.minimum(hours, 24 * (settings.days - day) - 0.1)
    return np.where(junk, rng.uniform(0.01, 0.25, len(day)), hours)


def _many_products(
    rng: np.random.Generator,
    settings: WorldSettings,
    creators: Creators,
    seller: Ints,
    junk: Flags,
) -> Ints:
    """How many products the session has room for."""
    n = len(seller)
    is_field = seller >= len(creators.ids)
    usual = creators.session_products[np.where(is_field, 0, seller)]
    typical = np.where(is_field, _field_products(settings), usual)
    many = np.round(typical * np.exp(rng.normal(0, PRODUCTS_SPREAD, n))).astype(np.int64)
    return np.where(junk, rng.integers(1, 3, n), np.maximum(many, 1))


def field_account_ids(brands: Brands) -> NDArray[np.object_]:
    """The account with which each brand broadcasts itself."""
    return np.array([f"f{brand[1:]}" for brand in brands.ids], dtype=object)


def _field_products(settings: WorldSettings) -> float:
    return max(1.0, 0.45 * settings.products_per_brand)


def _who_and_when(
    rng: np.random.Generator,
    settings: WorldSettings,
    creators: Creators,
    products: Products,
    calendar: Calendar,
) -> tuple[Ints, Floats]:
    """Sellers and start days, oldest first; at most one session a seller and day."""
    left = settings.lines * _EMPTY_PLACES / (1 - 0.95 * settings.junk_share)
    field_lines = settings.field_share * left if settings.field_sessions else 0.0
    weight = creators.session_weight * creators.session_products
    rate = creators.session_weight * (left - field_lines) / max(weight.sum(), 1e-9)
    counts = np.where(
        creators.has_history, np.maximum(rng.poisson(np.minimum(rate, settings.days)), 1), 0
    )
    catalogue = np.bincount(products.brand, minlength=settings.brands)
    shown = np.minimum(catalogue, _field_products(settings)).sum()
    field_rate = np.full(settings.brands, field_lines / shown)
    field_counts = np.minimum(rng.poisson(field_rate), settings.days)
    if settings.field_sessions:
        field_counts = np.maximum(field_counts, 2)
    seller = np.repeat(
        np.arange(len(counts) + len(field_counts)), np.concatenate([counts, field_counts])
    )
    chance = np.cumsum(calendar.day_weight) / calendar.day_weight.sum()
    whole_day = np.minimum(np.searchsorted(chance, rng.random(len(seller))), settings.days - 1)
    once = np.unique(seller * settings.days + whole_day)
    seller, whole_day = once // settings.days, once % settings.days
    begun = whole_day >= _first_days(settings, creators, settings.brands)[seller]
    once, seller, whole_day = once[begun], seller[begun], whole_day[begun]
    local_hour = np.clip(rng.normal(18.5, 2.5, len(once)), 8.5, 22.5)
    day = whole_day + np.round((local_hour - 8) * 3600) / 86_400
    order = np.argsort(day, kind="stable")
    return seller[order], day[order]


def _first_days(settings: WorldSettings, creators: Creators, brands: int) -> Ints:
    """Day on which each seller first may go live: 0 but for newcomers."""
    rng, n = stream(settings.seed, "newcomers"), len(creators.ids)
    earliest = max(settings.days - NEWCOMER_DAYS, 0)
    day = rng.integers(earliest, settings.days, n)
    is_new = rng.random(n) < settings.newcomer_share
    return np.concatenate([np.where(is_new, day, 0), np.zeros(brands, dtype=np.int64)])


def _shocks(rng: np.random.Generator, seller: Ints) -> Floats:
    """Standard normal, with lag-1 correlation MEMORY between a seller's sessions in turn."""
    fresh = rng.normal(0, 1, len(seller))
    order = np.argsort(seller, kind="stable")
    before = np.empty_like(fresh)
    before[order[1:]] = fresh[order[:-1]]
    if len(order):
        before[order[0]] = 0.0
    return (fresh + MEMORY * before) / np.sqrt(1 + MEMORY**2)


def _table(
    rng: np.random.Generator,
    settings: WorldSettings,
    creators: Creators,
    brands: Brands,
    calendar: Calendar,
    drawn: Sessions,
) -> pd.DataFrame:
    """The contract's table; what follows from views and hours is drawn here."""
    n, views = len(drawn.ids), drawn.views
    start = np.datetime64(datetime.combine(settings.start, datetime.min.time()), "us")
    started = start + np.round(drawn.day * 86_400).astype("timedelta64[s]")
    viewers = np.clip(np.round(views * rng.beta(42, 18, n)), 1, views).astype(np.int64)
    online = views * STAY_SECONDS / (drawn.hours * 3600)
    peak = online * PEAK_OVER_MEAN * np.exp(rng.normal(0, 0.25, n))
    new = views * NEW_FOLLOWERS_PER_VIEW * np.exp(rng.normal(0, 0.35, n))
    accounts = np.concatenate([creators.ids, field_account_ids(brands)])
    campaigns = np.array([*calendar.campaigns["campaign_id"], None], dtype=object)
    return pd.DataFrame(
        {
            "session_id": drawn.ids,
            "creator_id": accounts[drawn.seller],
            "started_at": started,
            "ended_at": started + np.round(drawn.hours * 3600).astype("timedelta64[s]"),
            "format": np.array(["field", "mixed", "dedicated"], dtype=object)[drawn.format],
            "views": views,
            "viewers": viewers,
            "paid_views": drawn.paid_views,
            "ad_spend": np.round(drawn.paid_views * 0.3 * noise(rng, 0.3, n), 2),
            "peak_online": np.clip(np.round(peak), 1, viewers).astype(np.int64),
            "new_followers": rng.poisson(new),
            "campaign_id": campaigns[drawn.campaign],
        }
    )
