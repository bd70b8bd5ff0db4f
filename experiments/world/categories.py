"""The categories of goods: how well each converts, what it costs, how often it comes back."""

import math
from dataclasses import dataclass

import numpy as np

from experiments.world.randomness import Floats

AUDIENCE_GROUPS = tuple(
    f"{sex}_{age}" for sex in ("female", "male") for age in ("18_23", "24_30", "31_40", "41_plus")
)
"""Eight groups of people, by sex and age."""


@dataclass(frozen=True)
class Category:
    """One category. Only `conversion` and, in part, `return_rate` are sourced (docs/world.md)."""

    name: str
    conversion: float
    """Median conversion of a product: orders / clicks."""
    return_rate: float
    """Share of orders that come back."""
    price: float
    """Reference price, CNY."""
    commission: float
    """Usual commission, share of GMV."""
    margin: float
    """Gross margin, share of the price."""
    share: float
    """Share of the brands whose industry this is."""
    female: float
    """Share of buyers who are women."""
    age: float
    """Centre of the buyers' age groups, 0 (18-23) to 3 (41 and older)."""


CATEGORIES = (
    Category("beauty", 0.050, 0.20, 160, 0.175, 0.60, 0.19, 0.85, 0.9),
    Category("apparel", 0.069, 0.60, 139, 0.150, 0.52, 0.17, 0.75, 1.2),
    Category("food", 0.076, 0.08, 40, 0.125, 0.38, 0.13, 0.60, 1.4),
    Category("daily goods", 0.117, 0.12, 42, 0.130, 0.42, 0.12, 0.65, 1.8),
    Category("digital", 0.038, 0.15, 1200, 0.100, 0.25, 0.07, 0.30, 0.9),
    Category("shoes and bags", 0.030, 0.45, 320, 0.150, 0.50, 0.07, 0.65, 1.2),
    Category("jewellery", 0.068, 0.50, 300, 0.160, 0.55, 0.06, 0.78, 1.8),
    Category("kitchen appliances", 0.027, 0.12, 180, 0.110, 0.32, 0.05, 0.62, 1.9),
    Category("fresh food", 0.085, 0.08, 99, 0.120, 0.30, 0.05, 0.60, 2.0),
    Category("watches", 0.014, 0.15, 2500, 0.120, 0.45, 0.02, 0.25, 1.6),
    Category("maternity", 0.062, 0.12, 76, 0.140, 0.45, 0.04, 0.82, 1.4),
    Category("sports", 0.029, 0.15, 99, 0.130, 0.42, 0.02, 0.45, 0.9),
    Category("furniture", 0.013, 0.12, 899, 0.110, 0.40, 0.01, 0.52, 2.1),
)

NAMES = np.array([category.name for category in CATEGORIES], dtype=object)


def of_all(attribute: str) -> Floats:
    """One number per category, in the order of CATEGORIES."""
    return np.array([getattr(category, attribute) for category in CATEGORIES], dtype=np.float64)


def buyer_profile(category: Category) -> Floats:
    """Shares of the eight audience groups among a category's buyers; they sum to one."""
    ages = np.array([math.exp(-((age - category.age) ** 2) / 1.6) for age in range(4)])
    ages /= ages.sum()
    return np.concatenate([category.female * ages, (1 - category.female) * ages])


PROFILES = np.array([buyer_profile(category) for category in CATEGORIES])
"""Category x audience group."""


def audience_frame(shares: Floats, prefix: str) -> dict[str, Floats]:
    """Columns `audience_female_18_23` and so on, rounded; each row sums to about one."""
    rounded = np.round(shares, 4)
    return {f"{prefix}_{group}": rounded[:, g] for g, group in enumerate(AUDIENCE_GROUPS)}
