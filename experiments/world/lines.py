"""Lines: what one product did in one session, from impressions to money."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.world.brands import Brands, Products
from experiments.world.creators import MONTH, Creators
from experiments.world.randomness import Floats, Ints, noise, stream
from experiments.world.sessions import Sessions
from experiments.world.settings import WorldSettings

SESSION_CONVERSION = 0.20
LINE_CONVERSION = 0.30
"""1.08 (product), .20 (session) and .30 (line) together make the domain notes' 1.14."""
SESSION_CLICKS = 0.50
LINE_CLICKS = 0.25
LINE_APPEAL = 0.30
CLICK_RATE = 0.060
"""Clicks / impressions of a middling product at a middling creator. Not sourced."""
DEPTH = 2.14
DEPTH_EXPONENT = 0.12
"""A view sees DEPTH * n ** DEPTH_EXPONENT product cards in a session of n products. Not sourced."""
HIGHEST_CONVERSION = 0.9
PAID_CLICKS = 0.45
PAID_CONVERSION = 0.40
"""By how much less a bought view clicks, and a bought click buys. Not sourced."""


@dataclass(frozen=True)
class Lines:
    """Session-product lines, ordered by session and product."""

    session: Ints
    product: Ints
    impressions: Ints
    clicks: Ints
    orders: Ints
    gmv: Floats
    table: pd.DataFrame


def conversion_of_pair(
    creators: Creators, products: Products, creator: Ints, product: Ints, month: Ints
) -> Floats:
    """Orders / clicks without paid traffic or chance: the skeleton of the domain notes."""
    log_rate = (
        products.log_conversion[product]
        + creators.drift[creator, month]
        + creators.fit[creator, products.category[product]]
    )
    return np.minimum(np.exp(log_rate), HIGHEST_CONVERSION)


def cards_per_view(many_products: Floats) -> Floats:
    """Product cards that one view sees in a session of so many products."""
    return DEPTH * many_products**DEPTH_EXPONENT


def lines(
    settings: WorldSettings,
    creators: Creators,
    brands: Brands,
    products: Products,
    sessions: Sessions,
    session: Ints,
    product: Ints,
) -> Lines:
    """Draw impressions, clicks, orders, units, buyers and GMV of every line."""
    order = np.lexsort((product, session))
    session, product = session[order], product[order]
    impressions = _impressions(settings, products, sessions, session, product)
    clicks = _clicks(settings, creators, products, sessions, session, product, impressions)
    orders = _orders(settings, creators, brands, products, sessions, session, product, clicks)
    rng = stream(settings.seed, "money")
    units = orders + rng.poisson(0.12 * orders)
    buyers = orders - rng.binomial(orders, 0.04)
    repeat = rng.binomial(buyers, 0.18)
    discount = np.clip(rng.normal(0.92, 0.05, len(sessions.ids))[session], 0.7, 1.0)
    paid_price = np.round(products.price[product] * discount, 2)
    gmv = np.round(units * paid_price, 2)
    table = pd.DataFrame(
        {
            "session_id": sessions.ids[session],
            "product_id": products.ids[product],
            "orders": orders,
            "gmv": gmv,
            "impressions": impressions,
            "clicks": clicks,
            "units": units,
            "buyers": buyers,
            "repeat_buyers": repeat,
            "slot_fee": np.nan,
            "commission_rate": np.where(
                sessions.is_field[session], np.nan, np.round(products.commission[product], 3)
            ),
        }
    )
    return Lines(session, product, impressions, clicks, orders, gmv, table)


def _impressions(
    settings: WorldSettings, products: Products, sessions: Sessions, session: Ints, product: Ints
) -> Ints:
    """Views times cards a view sees, shared out by appeal."""
    rng = stream(settings.seed, "impressions")
    n = len(sessions.ids)
    many = np.bincount(session, minlength=n)
    weight = np.exp(products.appeal[product] + rng.normal(0, LINE_APPEAL, len(session)))
    total = np.bincount(session, weights=weight, minlength=n)
    share = weight / total[session]
    cards = sessions.views[session] * cards_per_view(many[session].astype(float))
    return rng.poisson(cards * share)


def _clicks(
    settings: WorldSettings,
    creators: Creators,
    products: Products,
    sessions: Sessions,
    session: Ints,
    product: Ints,
    impressions: Ints,
) -> Ints:
    rng = stream(settings.seed, "clicks")
    seller = sessions.seller[session]
    is_field = sessions.is_field[session]
    creator = np.where(is_field, 0, seller)
    log_rate = products.click_effect[product] + np.where(
        is_field, 0.15, creators.click_effect[creator]
    )
    log_rate += SESSION_CLICKS * sessions.shock[session] - SESSION_CLICKS**2 / 2
    log_rate += 0.12 * sessions.view_shock[session]
    rate = CLICK_RATE * np.exp(log_rate) * noise(rng, LINE_CLICKS, len(session))
    rate *= 1 - PAID_CLICKS * sessions.paid_share[session]
    rate *= np.where(sessions.is_junk[session], 0.3, 1.0)
    return rng.binomial(impressions, np.minimum(rate, 0.7))


def _orders(
    settings: WorldSettings,
    creators: Creators,
    brands: Brands,
    products: Products,
    sessions: Sessions,
    session: Ints,
    product: Ints,
    clicks: Ints,
) -> Ints:
    rng = stream(settings.seed, "orders")
    n = len(sessions.ids)
    seller = sessions.seller[session]
    is_field = sessions.is_field[session]
    creator = np.where(is_field, 0, seller)
    month = (sessions.day[session] // MONTH).astype(np.int64)
    rate = conversion_of_pair(creators, products, creator, product, month)
    field_rate = np.exp(
        products.log_conversion[product] + brands.field_effect[products.brand[product]]
    )
    rate = np.where(is_field, np.minimum(field_rate, HIGHEST_CONVERSION), rate)
    rate *= noise(rng, SESSION_CONVERSION, n)[session]
    rate *= noise(rng, LINE_CONVERSION, len(session))
    rate *= 1 - PAID_CONVERSION * sessions.paid_share[session]
    rate *= np.where(sessions.is_junk[session], 0.2, 1.0)
    return rng.binomial(clicks, np.minimum(rate, 0.98))
