"""What creators sell: an assortment picked by fit and price, and a draw from it each session."""

from dataclasses import dataclass

import numpy as np

from experiments.world.brands import Brands, Products
from experiments.world.categories import of_all
from experiments.world.collaborations import Invitations
from experiments.world.creators import FIT_SPREAD, Creators
from experiments.world.randomness import Flags, Floats, Ints, stream
from experiments.world.sessions import Sessions
from experiments.world.settings import WorldSettings

CHOICE_BY_FIT = 0.7
"""What one standard deviation of fit adds to the log odds of choosing a product. Not sourced."""
PRICE_WIDTH = 1.2
"""How far, in log price, a creator strays from the price level of the audience. Not sourced."""
THEME_WIDTH = 0.5
"""How far a product strays from the price level of one session, in log price. Not sourced."""
THEME_SPREAD = 1.4
"""How far a session's price level lies from the creator's usual one, in log price."""
_WIDER = 3.0
"""The assortment holds so many times the products of one session."""
_COLLABORATION_BOOST = 2.5
"""Log odds of a product whose sample was sent, whatever the session's price level."""
_BLOCK = 512


@dataclass(frozen=True)
class Assortment:
    """Creator by creator, the products that the creator may show and since when (in days)."""

    creator: Ints
    product: Ints
    since: Floats
    weight: Floats
    """Log odds of being shown in a session."""
    is_agreed: Flags
    """Whether it came by a collaboration and not from the open market."""


def log_market_price(products: Products) -> Floats:
    """Log price over the median of all products: what a price level refers to."""
    log_price = np.log(products.price)
    return log_price - np.median(log_price)


def choice(creators: Creators, products: Products, who: Ints) -> Floats:
    """Creator x product: log odds that a creator takes the product up, apart from chance."""
    distance = log_market_price(products)[None, :] - creators.price_level[who][:, None]
    fit = creators.fit[who][:, products.category] / FIT_SPREAD
    main = creators.main_category[who][:, None] == products.category[None, :]
    rare = -0.3 * np.log(of_all("share"))[products.category]
    return (
        CHOICE_BY_FIT * fit
        + 1.0 * main
        + rare
        + 0.1 * products.own_effect
        - distance**2 / (2 * PRICE_WIDTH**2)
    )


def assortment(
    settings: WorldSettings,
    creators: Creators,
    brands: Brands,
    products: Products,
    invitations: Invitations,
) -> Assortment:
    """Products picked on the open market, most of them from the first day, and accepted ones."""
    rng = stream(settings.seed, "assortment")
    open_products = np.flatnonzero(brands.with_alliance[products.brand])
    parts = []
    for first in range(0, settings.creators, _BLOCK):
        who = np.arange(first, min(first + _BLOCK, settings.creators))
        odds = choice(creators, products, who)[:, open_products]
        odds += rng.gumbel(size=odds.shape)
        order = np.argsort(-odds, axis=1)
        wanted = np.ceil(_WIDER * creators.session_products[who]).astype(np.int64) + 2
        limit = max(1, len(open_products) * 3 // 5)
        rank = np.arange(len(open_products))[None, :] < np.minimum(wanted, limit)[:, None]
        row, place = np.nonzero(rank)
        parts.append(np.stack([who[row], open_products[order[row, place]]]))
    creator, product = np.concatenate(parts, axis=1)
    late = rng.random(len(creator)) < 0.35
    since = np.where(late, rng.random(len(creator)) * settings.days, 0.0)
    weight = rng.normal(0, 0.5, len(creator))

    sent = np.flatnonzero(np.isfinite(invitations.sampled))
    creator = np.concatenate([creator, invitations.creator[sent]])
    product = np.concatenate([product, invitations.product[sent]])
    since = np.concatenate([since, invitations.sampled[sent] + 0.5])
    weight = np.concatenate([weight, np.full(len(sent), _COLLABORATION_BOOST)])
    agreed = np.repeat([False, True], [len(creator) - len(sent), len(sent)])
    since = np.maximum(since, products.launch_day[product])
    order = np.lexsort((since, product, creator))
    return Assortment(creator[order], product[order], since[order], weight[order], agreed[order])


def lines_of_creators(
    settings: WorldSettings,
    creators: Creators,
    products: Products,
    assortment: Assortment,
    sessions: Sessions,
) -> tuple[Ints, Ints]:
    """Session and product of each line of creators' sessions: a weighted draw, none twice."""
    rng = stream(settings.seed, "lines of creators")
    live = np.flatnonzero(~sessions.is_field)
    theme = rng.normal(0, THEME_SPREAD, len(live)) + 0.3 * sessions.view_shock[live]
    counts = np.bincount(assortment.creator, minlength=settings.creators)
    starts = np.cumsum(counts) - counts
    seller = sessions.seller[live]
    at = np.repeat(np.arange(len(live)), counts[seller])
    within = np.arange(len(at)) - np.repeat(
        np.cumsum(counts[seller]) - counts[seller], counts[seller]
    )
    entry = starts[seller][at] + within
    open_now = assortment.since[entry] <= sessions.day[live][at]
    at, entry = at[open_now], entry[open_now]
    product = assortment.product[entry]

    level = creators.price_level[seller] + theme
    distance = log_market_price(products)[product] - level[at]
    odds = np.where(assortment.is_agreed[entry], 0.0, -(distance**2) / (2 * THEME_WIDTH**2))
    odds += assortment.weight[entry]
    wait = rng.exponential(size=len(at)) / np.exp(np.clip(odds, -15, 15))
    order = np.lexsort((wait, at))
    at, product = at[order], product[order]
    keep = _only_first_brand(at, products.brand[product], sessions.format[live] == 2)
    at, product = at[keep], product[keep]
    pair = np.unique(at * len(products.ids) + product, return_index=True)[1]
    pair.sort()
    at, product = at[pair], product[pair]
    place = np.arange(len(at)) - np.searchsorted(at, at)
    shown = place < sessions.many_products[live][at]
    return live[at[shown]], product[shown]


def _only_first_brand(at: Ints, brand: Ints, dedicated: np.ndarray) -> np.ndarray:
    """Keep, in dedicated sessions, only the products of the brand that was drawn first."""
    first = np.searchsorted(at, at)
    return ~dedicated[at] | (brand == brand[first])


def lines_of_brands(
    settings: WorldSettings, products: Products, sessions: Sessions
) -> tuple[Ints, Ints]:
    """Session and product of each line of the brands' own sessions: launched ones, at random."""
    rng = stream(settings.seed, "lines of brands")
    live = np.flatnonzero(sessions.is_field)
    brand = sessions.seller[live] - settings.creators
    counts = np.bincount(products.brand, minlength=settings.brands)
    starts = np.cumsum(counts) - counts
    at = np.repeat(np.arange(len(live)), counts[brand])
    within = np.arange(len(at)) - np.repeat(np.cumsum(counts[brand]) - counts[brand], counts[brand])
    product = starts[brand][at] + within
    launched = products.launch_day[product] <= sessions.day[live][at]
    at, product = at[launched], product[launched]
    order = np.lexsort(
        (rng.exponential(size=len(at)) / np.exp(0.3 * products.own_effect[product]), at)
    )
    at, product = at[order], product[order]
    place = np.arange(len(at)) - np.searchsorted(at, at)
    shown = place < sessions.many_products[live][at]
    return live[at[shown]], product[shown]
