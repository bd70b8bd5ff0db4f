"""How a card names what is forecast, and writes its numbers."""

from math import isnan

from models.prediction import Target
from serving.words import amount, percent

SHORT = {
    "click_through": "click-through",
    "exposure": "impressions",
    "return": "returns",
    "brand_conversion": "conversion of brands",
    "traffic": "the size of sessions",
}


def target_words(target: Target | str, denominator: str) -> str:
    """What is forecast, in words."""
    words = {
        "conversion": f"conversion of a product (orders / {denominator})",
        "brand_conversion": f"conversion of a brand (orders / {denominator})",
        "click_through": "click-through (clicks / impressions)",
        "return": "returns (orders returned / orders)",
        "exposure": "impressions of a product in a session",
        "traffic": f"{denominator} of a session",
        "acceptance": "acceptance (yes / answers)",
    }
    return words.get(str(target), str(target).replace("_", " "))


def short_words(target: Target) -> str:
    """What is forecast, in a word or two."""
    return SHORT.get(target.value, target.value.replace("_", " "))


def number(target: Target, value: float) -> str:
    if isnan(value):
        return "-"
    return percent(value) if target.is_rate else amount(value)


def share(value: float) -> str:
    return "-" if isnan(value) else f"{100 * value:.0f} %"
