"""Which feature stands for what the counts of a level say, when a forecast is explained."""

from collections.abc import Mapping, Sequence
from typing import Final

from models.prediction import Target

MEASURES: Final[Mapping[Target, str]] = {
    Target.CONVERSION: "conversion",
    Target.BRAND_CONVERSION: "conversion",
    Target.CLICK_THROUGH: "click_through",
    Target.RETURN: "return_rate",
    Target.EXPOSURE: "impressions_per_line",
    Target.TRAFFIC: "views_per_session",
    Target.NEW_FOLLOWERS: "new_followers_per_session",
    Target.REPURCHASE: "repurchase_rate",
}
"""How the features call the rate of each target."""

NEAREST: Final[Mapping[str, tuple[str, ...]]] = {
    "category": ("category",),
    "brand": ("brand", "category"),
    "item": ("item", "brand"),
    "creator": ("creator",),
    "creator_category": ("creator_category", "creator"),
    "creator_brand": ("creator_brand", "pair", "creator_category", "creator"),
    "pair": ("pair", "creator_brand", "item"),
}
"""Levels whose feature may stand for a level, nearest first."""


def feature_of_level(level: str, target: Target, feature_names: Sequence[str]) -> str | None:
    """The nearest feature that shows the level's rate; None where there is none.

    >>> feature_of_level("creator_brand", Target.RETURN, ("creator_return_rate", "price"))
    'creator_return_rate'
    """
    for near in NEAREST[level]:
        name = f"{near}_{MEASURES[target]}"
        if name in feature_names:
            return name
    return None
