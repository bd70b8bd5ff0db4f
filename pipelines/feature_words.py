"""What features are called where no single value is told: in the model card, in warnings."""

import re
from typing import Final

from pipelines.snapshot import ALL_FEATURES

FEATURE: Final = {feature.name: feature for feature in ALL_FEATURES}


def plain_words(name: str, denominator: str) -> str:
    """The words of a feature without a value.

    >>> plain_words("creator_sessions_90", "clicks"), plain_words("price_distance", "clicks")
    ('sessions in 90 days', 'price against what the creator usually sells')
    >>> plain_words("pair_conversion_90", "clicks")
    'sold this very product to ... of clicks over 90 days'
    >>> plain_words("creator_return_rate", "clicks")
    "share of this creator's orders that come back"
    """
    if name not in FEATURE:
        return name.replace("_", " ")
    words = FEATURE[name].words.replace("{denominator}", denominator)
    words = words.partition(": {value}")[0]
    words = words.removeprefix("{value} ").removesuffix(" {value}")
    words = re.sub("^of (.+?) (are|were|is|come) ", r"share of \1 that \2 ", words)
    return words.replace("{value}", "...")
