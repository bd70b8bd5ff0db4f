"""How many evenings and lines a benchmark rests on: what its luck depends on."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.benchmark import LEVELS, SUMS, brand_groups
from features.facts import Facts
from features.known import FeatureTables
from features.lines import lines
from features.rates import shrunken
from features.settings import LONG_DAYS

Floats = npt.NDArray[np.float64]

COLUMNS = ("benchmark_sessions", "benchmark_lines")


def benchmark_evidence(facts: Facts, tables: FeatureTables) -> pd.DataFrame:
    """`COLUMNS` of each brand of the tables: effective numbers, nan where it has no benchmark.

    So many sessions (lines) that all add the same would have as much luck between them as those
    of the 90 days: one over the sum of squares of the shares that each adds to the mean rate of
    the merchants. Where one giant evening made most of the sales it is little more than one.
    """
    return evidence(tables.brands, sales(facts, tables), tables.settings.prior_orders)


def sales(facts: Facts, tables: FeatureTables) -> pd.DataFrame:
    """One row per merchant and session that sold in the 90 days before the tables' date.

    brand (its place in the tables), session (a number), is_field, converted, and squares: the sum
    of squares of what each line converted.
    """
    today = (tables.as_of - date(1970, 1, 1)).days
    table = lines(facts, tables.grain)
    sold = table.filter(
        (table.day >= today - LONG_DAYS)
        & (table.day < today)
        & table.denominator.notnull()
        & (table.orders > 0)
    )
    orders = sold.orders.cast("float64")
    sums = sold.group_by("brand_id", "session_id", "is_field").aggregate(
        converted=orders.sum(), squares=(orders * orders).sum()
    )
    found = sums.order_by("brand_id", "session_id").to_pandas()
    return pd.DataFrame(
        {
            "brand": tables.brands.index.get_indexer(pd.Index(found["brand_id"])),
            "session": pd.factorize(found["session_id"])[0],
            **{name: found[name] for name in ("is_field", "converted", "squares")},
        }
    )


def evidence(brands: pd.DataFrame, sold: pd.DataFrame, strength: float) -> pd.DataFrame:
    """The same from `sales`; `brands` has its benchmarks and the `SUMS` they were made of."""
    numbers = np.full((len(brands), len(COLUMNS)), np.nan)
    for level, keys in LEVELS.items():
        chosen = (brands["benchmark_level"] == level) & brands["benchmark_spread"].notna()
        if chosen.any():
            of_level = _effective(
                brands, sold if not keys else sold[sold["is_field"]], keys, strength
            )
            numbers[chosen] = of_level[chosen]
    return pd.DataFrame(numbers, index=brands.index, columns=list(COLUMNS))


def _effective(
    brands: pd.DataFrame, sold: pd.DataFrame, keys: Sequence[str], strength: float
) -> Floats:
    """Effective sessions and lines behind the mean rate of each merchant's others, (brands, 2).

    A rate r that was pulled to its group's is r / (K + strength) for each of its K sales.
    """
    group = brand_groups(brands, keys)
    known = group >= 0
    many = int(group.max(initial=-1)) + 1

    def of_group(values: Floats) -> Floats:
        return np.asarray(np.bincount(group[known], values[known], many)[np.maximum(group, 0)])

    converted, trials = (
        brands[name].to_numpy(dtype=np.float64, na_value=0.0) for name in SUMS[bool(keys)]
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = of_group(converted) / of_group(trials)
        rate = np.where(trials > 0, shrunken(converted, trials, whole, strength), 0.0)
    each = rate / (converted + strength)

    brand = sold["brand"].to_numpy()
    adds = each[brand] * sold["converted"].to_numpy()
    session = pd.MultiIndex.from_arrays([group[brand], sold["session"]])
    place = pd.factorize(session)[0]
    together = np.bincount(place, adds)[place]

    def of_brand(values: Floats) -> Floats:
        return np.asarray(np.bincount(brand, values, len(brands)))

    sessions = of_group(of_brand(together * adds)) - of_brand(together**2 - (together - adds) ** 2)
    lines = of_brand(each[brand] ** 2 * sold["squares"].to_numpy())
    others = of_group(rate) - rate
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.column_stack([others**2 / sessions, others**2 / (of_group(lines) - lines)])
