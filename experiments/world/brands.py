"""Brands and their products: what is for sale, at which price, and how well it sells."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.world import names
from experiments.world.categories import CATEGORIES, NAMES, PROFILES, audience_frame, of_all
from experiments.world.randomness import Flags, Floats, Ints, logistic, logit, stream
from experiments.world.settings import WorldSettings

PRODUCT_SPREAD = 1.08
"""The part of the domain notes' 1.14 that belongs to the product itself."""
PRICE_SPREAD = 1.4
"""Log price around the category's reference. Not sourced."""
PRICE_ELASTICITY = -0.21
"""Of conversion (domain notes)."""
FIELD_CONVERSION = 0.15
FIELD_SPREAD = 0.25
"""Log conversion of a brand's own account over a middling creator's. Not sourced."""


@dataclass(frozen=True)
class Brands:
    """What is true of each brand; arrays are in the order of `ids`."""

    ids: NDArray[np.object_]
    industry: Ints
    size: Floats
    """Standard normal: large brands have larger field sessions, more invitations."""
    generosity: Floats
    """Log of the slot fee that the brand offers over the one asked."""
    commission_offered: Floats
    paid_share: Floats
    field_effect: Floats
    """Of the brand's own account, on log conversion."""
    price_level: Floats
    with_alliance: Flags
    """False: the brand only sells by itself so far."""
    table: pd.DataFrame


@dataclass(frozen=True)
class Products:
    """What is true of each product; arrays are in the order of `ids`."""

    ids: NDArray[np.object_]
    brand: Ints
    category: Ints
    price: Floats
    log_conversion: Floats
    """Category mean, price and the product's own part; a creator adds to it."""
    own_effect: Floats
    click_effect: Floats
    appeal: Floats
    """Log share of a session's impressions, relative to other products."""
    return_effect: Floats
    commission: Floats
    launch_day: Ints
    """Days from the first day of the history; negative when launched before."""
    table: pd.DataFrame


def brands(settings: WorldSettings) -> Brands:
    """Draw every brand; industries come in their shares, each world has some of the largest."""
    n = settings.brands
    rng = stream(settings.seed, "brands")
    share = np.cumsum(of_all("share")) / of_all("share").sum()
    industry = rng.permutation(np.searchsorted(share, (np.arange(n) + 0.5) / n))
    size = rng.normal(0, 1, n)
    price_level = rng.normal(0.25 * size, 0.5)
    with_alliance = np.ones(n, dtype=bool)
    if n > 1:
        with_alliance[-max(1, n // 20) :] = False
    buyers = PROFILES[industry] * np.exp(rng.normal(0, 0.25, (n, PROFILES.shape[1])))
    tier = np.array(["small", "middle", "large"], dtype=object)[np.searchsorted([-0.45, 0.6], size)]
    tier[rng.random(n) < 0.15] = None
    table = pd.DataFrame({"brand_id": [f"b{i + 1:04d}" for i in range(n)]})
    table["valid_from"] = pd.Series(
        np.full(n, np.datetime64(settings.start, "us")), dtype="datetime64[us]"
    )
    table["name"] = names.brand_names(rng, n)
    table["industry"] = NAMES[industry]
    table["brand_tier"] = tier
    shares = buyers / buyers.sum(axis=1, keepdims=True)
    for column, values in audience_frame(shares, "buyer").items():
        table[column] = values
    return Brands(
        ids=table["brand_id"].to_numpy(dtype=object),
        industry=industry,
        size=size,
        generosity=rng.normal(0, 0.25, n),
        commission_offered=np.clip(
            of_all("commission")[industry] + rng.normal(0.01, 0.02, n), 0.05, 0.4
        ),
        paid_share=logistic(logit(settings.paid_share) + rng.normal(0, 0.6, n)),
        field_effect=rng.normal(FIELD_CONVERSION, FIELD_SPREAD, n),
        price_level=price_level,
        with_alliance=with_alliance,
        table=table,
    )


def catalogue_sizes(rng: np.random.Generator, settings: WorldSettings) -> Ints:
    """Products of each brand: lognormal, at least two; the first brand has exactly one."""
    spread = 0.45
    sizes = settings.products_per_brand * np.exp(
        rng.normal(-(spread**2) / 2, spread, settings.brands)
    )
    counts = np.maximum(2, np.round(sizes)).astype(np.int64)
    counts[0] = 1
    return counts


def products(settings: WorldSettings, brands: Brands) -> Products:
    """Draw every product: nine in ten from its brand's industry."""
    rng = stream(settings.seed, "products")
    brand = np.repeat(np.arange(settings.brands), catalogue_sizes(rng, settings))
    n = len(brand)
    category = np.where(
        rng.random(n) < 0.9, brands.industry[brand], rng.choice(len(CATEGORIES), n, p=_shares())
    )
    relative = 0.6 * brands.price_level[brand] + rng.normal(0, PRICE_SPREAD, n)
    price = np.maximum(1.0, np.round(of_all("price")[category] * np.exp(relative), 1))
    relative = np.log(price / of_all("price")[category])
    own = rng.normal(0, PRODUCT_SPREAD, n)
    commission = np.clip(of_all("commission")[category] + rng.normal(0, 0.02, n), 0.03, 0.5)
    launch_day = np.where(
        rng.random(n) < 0.7, -rng.integers(1, 500, n), rng.integers(0, settings.days * 9 // 10, n)
    )
    launch_day[0] = -200
    table = pd.DataFrame({"product_id": [f"p{i + 1:05d}" for i in range(n)]})
    table["brand_id"] = brands.ids[brand]
    table["category"] = NAMES[category]
    table["price"] = price
    table["title"] = names.product_titles(
        rng, brands.table["name"].to_numpy(dtype=object)[brand], category
    )
    table["commission_rate"] = np.round(commission, 3)
    table["margin_rate"] = np.round(
        np.clip(of_all("margin")[category] + rng.normal(0, 0.06, n), commission + 0.05, 0.9), 3
    )
    table["sample_cost"] = np.round(price * rng.uniform(0.3, 0.6, n), 2)
    table["sample_stock"] = rng.integers(0, 80, n)
    table["return_handling_rate"] = np.round(rng.uniform(0.02, 0.08, n), 3)
    launched = [settings.start + timedelta(days=int(day)) for day in launch_day]
    table["launched_at"] = pd.to_datetime(pd.Series(launched)).astype("datetime64[us]")
    return Products(
        ids=table["product_id"].to_numpy(dtype=object),
        brand=brand,
        category=category,
        price=price,
        log_conversion=np.log(of_all("conversion")[category]) + PRICE_ELASTICITY * relative + own,
        own_effect=own,
        click_effect=-0.12 * relative - 0.25 * own + rng.normal(0, 0.3, n),
        appeal=rng.normal(0.1 * own, 0.35),
        return_effect=rng.normal(0, 0.35, n),
        commission=commission,
        launch_day=launch_day,
        table=table,
    )


def _shares() -> Floats:
    shares = of_all("share")
    return shares / shares.sum()
