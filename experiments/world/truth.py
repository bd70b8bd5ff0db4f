"""The truth of a world: what every pair would do, known because we made it."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from experiments.world.assortment import choice
from experiments.world.brands import Brands, Products
from experiments.world.categories import NAMES, of_all
from experiments.world.collaborations import usual_acceptance
from experiments.world.creators import MONTH, TIER_NAMES, Creators
from experiments.world.lines import (
    CLICK_RATE,
    DEPTH_EXPONENT,
    HIGHEST_CONVERSION,
    PAID_CLICKS,
    PAID_CONVERSION,
    cards_per_view,
)
from experiments.world.randomness import Floats, Ints, logistic
from experiments.world.sessions import (
    HIGHEST_PAID,
    PAID_STEADINESS,
    PRODUCTS_SPREAD,
    WITHIN_VIEWS,
    Sessions,
)
from experiments.world.settings import WorldSettings

Truth = Mapping[str, pd.DataFrame]
_BLOCK = 256


def truth_tables(
    settings: WorldSettings,
    creators: Creators,
    brands: Brands,
    products: Products,
    sessions: Sessions,
) -> dict[str, pd.DataFrame]:
    """Everything the evaluation needs, as of the last day.

    `creators`, `products`, `brands`, `fit` (creator x category), `creator_brands` (acceptance
    of the usual offer, fit with the industry), `sessions` (which were junk) and, when there are
    at most `settings.truth_pairs`, `pairs` (creator x product).
    """
    truth = {
        **truth_of_sides(settings, creators, brands, products, settings.days - 1),
        "creator_brands": _creator_brands(creators, brands),
        "sessions": pd.DataFrame({"session_id": sessions.ids, "is_junk": sessions.is_junk}),
    }
    if len(creators.ids) * len(products.ids) <= settings.truth_pairs:
        truth["pairs"] = all_pairs(truth)
    return truth


def truth_of_sides(
    settings: WorldSettings, creators: Creators, brands: Brands, products: Products, day: int
) -> dict[str, pd.DataFrame]:
    """`creators`, `products`, `brands` and `fit` as they are on a day, counted from 0."""
    return {
        "creators": _creators(settings, creators, products, day),
        "products": _products(products),
        "brands": pd.DataFrame(
            {
                "brand_id": brands.ids,
                "size": brands.size,
                "with_alliance": brands.with_alliance,
                "field_effect": brands.field_effect,
                "products": np.bincount(products.brand, minlength=settings.brands),
            }
        ),
        "fit": _fit(creators),
    }


def _creators(
    settings: WorldSettings, creators: Creators, products: Products, day: int
) -> pd.DataFrame:
    n = len(creators.ids)
    log_views = creators.log_views + creators.grown(np.arange(n), np.full(n, float(day)))
    begins = creators.growth_middle - 36
    organic = (1 - settings.paid_share) * views_over_organic(creators.paid_share)
    return pd.DataFrame(
        {
            "creator_id": creators.ids,
            "tier": TIER_NAMES[creators.tier],
            "has_history": creators.has_history,
            "is_rising": creators.is_rising,
            "growth": np.where(creators.is_rising, np.exp(creators.growth), 1.0),
            "rises_from_day": np.where(creators.is_rising, np.maximum(begins, 0), np.nan),
            "conversion_effect": creators.drift[:, day // MONTH],
            "click_effect": creators.click_effect,
            "return_effect": creators.return_effect,
            "paid_share": creators.paid_share if settings.paid_share > 0 else 0.0,
            "views": np.exp(log_views + WITHIN_VIEWS**2 / 2) * organic,
            "session_products": creators.session_products,
            "usual_appeal": _usual_appeal(creators, products),
        }
    )


def views_over_organic(paid_share: Floats) -> Floats:
    """Mean of 1 / (1 - paid share) over sessions, whose paid shares are beta-distributed."""
    mean = (PAID_STEADINESS - 1) / (PAID_STEADINESS * (1 - paid_share) - 1)
    return np.where(PAID_STEADINESS * (1 - paid_share) > 1.5, mean, 1 / (1 - HIGHEST_PAID))


def _usual_appeal(creators: Creators, products: Products) -> Floats:
    """Mean appeal factor of the products that each creator tends to show."""
    factor = np.exp(products.appeal)
    parts = []
    for first in range(0, len(creators.ids), _BLOCK):
        who = np.arange(first, min(first + _BLOCK, len(creators.ids)))
        odds = np.exp(choice(creators, products, who))
        parts.append(odds @ factor / odds.sum(axis=1))
    return np.concatenate(parts)


def _products(products: Products) -> pd.DataFrame:
    usual = of_all("return_rate")[products.category]
    return pd.DataFrame(
        {
            "product_id": products.ids,
            "category": NAMES[products.category],
            "price": products.price,
            "log_conversion": products.log_conversion,
            "click_effect": products.click_effect,
            "appeal": products.appeal,
            "return_logit": np.log(usual / (1 - usual)) + products.return_effect,
        }
    )


def _fit(creators: Creators) -> pd.DataFrame:
    table = pd.DataFrame(creators.fit, columns=list(NAMES))
    table.insert(0, "creator_id", creators.ids)
    return table


def _creator_brands(creators: Creators, brands: Brands) -> pd.DataFrame:
    n, m = len(creators.ids), len(brands.ids)
    return pd.DataFrame(
        {
            "creator_id": np.repeat(creators.ids, m),
            "brand_id": np.tile(brands.ids, n),
            "acceptance": usual_acceptance(creators, brands).ravel().astype(np.float32),
            "fit": creators.fit[:, brands.industry].ravel().astype(np.float32),
        }
    )


def true_conversion(truth: Truth, creator_ids: Iterable[str], product_ids: Iterable[str]) -> Floats:
    """Expected orders / clicks of each pair on the last day, at the creator's usual paid share.

    The ids are paired one to one. Raises KeyError for an id the world does not have.
    """
    rows = _rows(truth, creator_ids, product_ids)
    return _conversion(truth, *rows)


def true_impressions(
    truth: Truth, creator_ids: Iterable[str], product_ids: Iterable[str]
) -> Floats:
    """Expected impressions of each product in one session of the creator on the last day.

    Outside of campaigns, over mixed sessions as they differ in views, paid share and size, beside
    the creator's usual products. Raises KeyError for an id the world does not have.
    """
    rows = _rows(truth, creator_ids, product_ids)
    return _impressions(truth, *rows)


def all_pairs(truth: Truth) -> pd.DataFrame:
    """Every creator x product: conversion, impressions a session, click-through, return rate."""
    creators, products = truth["creators"], truth["products"]
    n, m = len(creators), len(products)
    row, column = (index.ravel() for index in np.indices((n, m)))
    pairs = pd.DataFrame(
        {
            "creator_id": creators["creator_id"].to_numpy(dtype=object)[row],
            "product_id": products["product_id"].to_numpy(dtype=object)[column],
        }
    )
    rates = _rates(truth, row, column)
    return pairs.assign(**{name: rate.astype(np.float32) for name, rate in rates.items()})


def true_rates(
    truth: Truth, creator_ids: Iterable[str], product_ids: Iterable[str]
) -> dict[str, Floats]:
    """conversion, impressions (a session), click_through and return_rate of each pair.

    The ids are paired one to one. Raises KeyError for an id the world does not have.
    """
    return _rates(truth, *_rows(truth, creator_ids, product_ids))


def _rates(truth: Truth, row: Ints, column: Ints) -> dict[str, Floats]:
    creators, products = truth["creators"], truth["products"]
    clicks = creators["click_effect"].to_numpy()[row] + products["click_effect"].to_numpy()[column]
    paid = 1 - PAID_CLICKS * creators["paid_share"].to_numpy()[row]
    returned = (
        creators["return_effect"].to_numpy()[row] + products["return_logit"].to_numpy()[column]
    )
    return {
        "conversion": _conversion(truth, row, column),
        "impressions": _impressions(truth, row, column),
        "click_through": CLICK_RATE * np.exp(clicks) * paid,
        "return_rate": logistic(returned),
    }


def _rows(
    truth: Truth, creator_ids: Iterable[str], product_ids: Iterable[str]
) -> tuple[Ints, Ints]:
    found = []
    for ids, table, key in (
        (creator_ids, "creators", "creator_id"),
        (product_ids, "products", "product_id"),
    ):
        wanted = pd.Index(list(ids))
        rows = pd.Index(truth[table][key]).get_indexer(wanted)
        if (rows < 0).any():
            raise KeyError(f"{key} not in this world: {wanted[rows < 0][:3].tolist()}")
        found.append(rows.astype(np.int64))
    return found[0], found[1]


def _conversion(truth: Truth, creator: Ints, product: Ints) -> Floats:
    creators, products = truth["creators"], truth["products"]
    fit = truth["fit"]
    columns = fit.columns[1:].get_indexer(pd.Index(products["category"]))
    log_rate = (
        products["log_conversion"].to_numpy()[product]
        + creators["conversion_effect"].to_numpy()[creator]
        + fit.iloc[:, 1:].to_numpy()[creator, columns[product]]
    )
    paid = 1 - PAID_CONVERSION * creators["paid_share"].to_numpy()[creator]
    return np.minimum(np.exp(log_rate), HIGHEST_CONVERSION) * paid


def _impressions(truth: Truth, creator: Ints, product: Ints) -> Floats:
    creators = truth["creators"]
    many = creators["session_products"].to_numpy()
    shown = creators["views"].to_numpy() * cards_per_view(many) / many
    shown = shown * np.exp(((1 - DEPTH_EXPONENT) * PRODUCTS_SPREAD) ** 2 / 2)
    relative = np.exp(truth["products"]["appeal"].to_numpy())
    return shown[creator] * relative[product] / creators["usual_appeal"].to_numpy()[creator]
