"""Numbers as they are answered: no more digits than the matrix holds."""

from collections.abc import Mapping
from typing import Any

from models.shortlists.rows import DIGITS


def rounded(value: Any) -> Any:
    """Every number in it with as many digits as a float32 holds; the last ones are noise.

    >>> rounded({"profit": [117.28089471873427], "k": 10})
    {'profit': [117.2809], 'k': 10}
    """
    if isinstance(value, Mapping):
        return {name: rounded(one) for name, one in value.items()}
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
