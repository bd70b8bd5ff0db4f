"""Selection events: which brands and creators met, and the one that comes next."""

from datetime import timedelta

import numpy as np
import pandas as pd

from experiments.world.brands import Brands, Products
from experiments.world.creators import Creators
from experiments.world.randomness import stream
from experiments.world.seasons import Calendar
from experiments.world.settings import WorldSettings

_EVERY_DAYS = 90
_COMING_AFTER_DAYS = 10


def events_tables(
    settings: WorldSettings,
    creators: Creators,
    brands: Brands,
    products: Products,
    calendar: Calendar,
) -> dict[str, pd.DataFrame]:
    """One event every quarter, and one ten days after the history ends."""
    rng = stream(settings.seed, "events")
    days = [*range(45, settings.days, _EVERY_DAYS), settings.days + _COMING_AFTER_DAYS]
    held = [pd.Timestamp(settings.start + timedelta(days=day)) for day in days]
    held = [at + pd.Timedelta(hours=2) for at in held]
    ids = [f"e{i + 1:03d}" for i in range(len(days))]
    events = pd.DataFrame(
        {
            "event_id": ids,
            "held_at": pd.Series(held).astype("datetime64[us]"),
            "name": [f"{at:%Y年%m月}选品会" for at in held],
            "campaign_id": [_next_campaign(calendar, at) for at in held],
        }
    )
    brand_rows, creator_rows = [], []
    for event_id, at in zip(ids, held, strict=True):
        few = rng.permutation(settings.brands)[: max(1, min(20, settings.brands // 2))]
        brand_rows.append(_brands_of(rng, event_id, np.sort(few), brands, products))
        some = rng.permutation(settings.creators)[: max(1, min(120, settings.creators // 4))]
        creator_rows.append(_creators_of(rng, event_id, at, np.sort(some), creators))
    event_brands = pd.concat(brand_rows, ignore_index=True)
    if not settings.products:
        event_brands["product_id"] = None
    return {
        "events": events,
        "event_brands": event_brands,
        "event_creators": pd.concat(creator_rows, ignore_index=True),
    }


def _next_campaign(calendar: Calendar, at: pd.Timestamp) -> str | None:
    """The campaign that the event prepares: the first to end after it, within 60 days."""
    table = calendar.campaigns.sort_values("starts_at")
    near = table[(table["ends_at"] > at) & (table["starts_at"] < at + pd.Timedelta(days=60))]
    return str(near["campaign_id"].iloc[0]) if len(near) else None


def _brands_of(
    rng: np.random.Generator, event_id: str, who: np.ndarray, brands: Brands, products: Products
) -> pd.DataFrame:
    n = len(who)
    first = np.searchsorted(products.brand, who)
    rival = np.array([None] * n, dtype=object)
    same = brands.industry[who[:-1]] == brands.industry[who[1:]]
    rival[1:][same] = brands.ids[who[:-1]][same]
    return pd.DataFrame(
        {
            "event_id": event_id,
            "brand_id": brands.ids[who],
            "product_id": products.ids[first],
            "slots": rng.integers(2, 9, n),
            "budget": np.round(60_000 * np.exp(0.8 * brands.size[who] + rng.normal(0, 0.4, n)), -3),
            "exclusive_with": rival,
        }
    )


def _creators_of(
    rng: np.random.Generator,
    event_id: str,
    at: pd.Timestamp,
    who: np.ndarray,
    creators: Creators,
) -> pd.DataFrame:
    n = len(who)
    arrives = at + pd.to_timedelta(rng.integers(0, 4, n), unit="h")
    leaves = arrives + pd.to_timedelta(rng.integers(3, 9, n), unit="h")
    return pd.DataFrame(
        {
            "event_id": event_id,
            "creator_id": creators.ids[who],
            "slots": rng.integers(1, 6, n),
            "arrives_at": arrives.astype("datetime64[us]"),
            "leaves_at": leaves.astype("datetime64[us]"),
        }
    )
