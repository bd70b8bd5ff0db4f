"""Parts of an outcome: which of a manager's levers each feature speaks of."""

from collections.abc import Mapping
from typing import Final

PARTS: Final = (
    "creator",
    "product",
    "price",
    "paid_traffic",
    "organic_traffic",
    "campaign",
    "fit",
)
"""Fit is of this creator with this product: what neither of them has with anybody else."""

OF_GROUP: Final[Mapping[str, str]] = {
    "creator's conversion": "creator",
    "creator's activity": "creator",
    "creator's size and terms": "creator",
    "paid traffic": "paid_traffic",
    "product": "product",
    "brand": "product",
    "category": "product",
    "benchmark": "product",
    "fit with the category": "fit",
    "history with the brand": "fit",
    "history with the product": "fit",
    "audience": "fit",
    "similarity": "fit",
    "season": "campaign",
}
"""Groups of features (`features.registry`) that speak of one part alone."""

OF_SUBJECT: Final[Mapping[str, Mapping[str, str]]] = {
    "returns": {"pair": "fit", "creator": "creator", "product": "product"},
    "traffic": {"pair": "fit", "creator": "organic_traffic", "product": "product"},
    "price": {"pair": "price", "creator": "creator", "product": "price"},
}
"""The other groups speak of a part that depends on whom the feature is of."""

OF_PAIRS: Final = ("creator_category_", "creator_brand_", "pair_", "fit_", "price_distance")
OF_PRODUCTS: Final = ("item_", "brand_", "category_", "peer_")

TERMS: Final = ("item_commission_rate", "item_margin_rate")
"""Stand in the group of prices, and are none: whoever buys does not pay them."""


def part_of(feature: str, group: str, *, of_volume: bool = False) -> str:
    """The part that a feature of this group speaks of; KeyError for a group without one.

    In a forecast of volume (how often a product is shown, who comes) what a creator brings is
    organic traffic.

    >>> part_of("creator_conversion", "creator's conversion"), part_of("item_price", "price")
    ('creator', 'price')
    >>> part_of("creator_followers", "creator's size and terms", of_volume=True)
    'organic_traffic'
    """
    if feature in TERMS:
        return "product"
    part = OF_GROUP.get(group) or OF_SUBJECT[group][_subject(feature)]
    return "organic_traffic" if of_volume and part == "creator" else part


def _subject(feature: str) -> str:
    if feature.startswith(OF_PAIRS):
        return "pair"
    return "product" if feature.startswith(OF_PRODUCTS) else "creator"
