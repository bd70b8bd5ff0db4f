"""Where an outcome comes from: what every feature adds to its logarithm, and in money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.links import Link
from models.matrix.parts import PARTS, part_of
from models.prediction import Floats

EQUAL = 1e-9
"""Below so small a difference two forecasts are the same, and the limit of a ratio is taken."""


@dataclass(frozen=True)
class Factor:
    """One factor of an outcome: what each feature adds to its forecast on the link scale.

    `contributions` (n, features + 1), the base in the last column; a row's sum is the link of
    the row's mean.
    """

    is_rate: bool
    contributions: Floats


@dataclass(frozen=True)
class Attribution:
    """Differences of n outcomes from their brand's usual one, on the log scale.

    `features` (n, features) is what each feature adds over all factors, `parts[part]` (n,) what
    each part does. A part's sum holds its features', and besides what no feature tells: the
    order value (price) and a factor's base (creator, or organic traffic of volume).
    """

    features: Floats
    parts: Mapping[str, Floats]
    usual: Mapping[str, Floats]
    """Of each pair's brand (n,): how its usual candidate differs from the factors' bases. By it
    brands are compared with each other."""


def attribution(
    factors: Sequence[Factor],
    order_value: Floats | None,
    brand: npt.NDArray[np.intp],
    names: Sequence[str],
    groups: Sequence[str],
) -> Attribution:
    """Split the outcome of n pairs, a product of factors (and of the order value), into parts.

    The usual outcome of a brand is that of a candidate whose every contribution is the mean over
    the brand's pairs given here, and whose order value is their geometric mean. For each pair

        sum over parts = log(product of factors' means) - log(the same of the usual candidate)

    exactly: a factor's contributions, less the usual ones, are multiplied by
    (log mean - log usual mean) / (eta - usual eta), the slope of the log of the mean between
    both on the link scale (the additive logarithmic-mean attribution, LMDI, of B. W. Ang 2004).
    `brand` numbers the pairs' brands from 0. `usual` splits, in the same way, the logarithm of the
    brand's usual outcome less that of the factors' bases.
    """
    n = len(brand)
    told = np.zeros((n, len(names)))
    parts = {part: np.zeros(n) for part in PARTS}
    of_usual = {part: np.zeros(n) for part in PARTS}
    for factor in factors:
        means = _brand_means(factor.contributions, brand)
        base = np.zeros_like(means)
        base[:, -1] = means[:, -1]
        link = Link(factor.is_rate)
        added = _on_log_scale(factor.contributions, means, link)
        usual_added = _on_log_scale(means, base, link)
        told += added[:, :-1]
        of_volume = not factor.is_rate
        of = [part_of(*feature, of_volume=of_volume) for feature in zip(names, groups, strict=True)]
        of.append("organic_traffic" if of_volume else "creator")
        for part in PARTS:
            member = [p == part for p in of]
            parts[part] += added[:, member].sum(axis=1)
            of_usual[part] += usual_added[:, member].sum(axis=1)
    if order_value is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            worth = np.log(order_value)
        worth = np.where(np.isfinite(worth), worth, np.nan)
        worth_of_usual = _brand_means(worth[:, None], brand)[:, 0]
        parts["price"] += worth - worth_of_usual
        of_usual["price"] += worth_of_usual
    return Attribution(told, parts, of_usual)


def logarithmic_mean(one: Floats, other: Floats) -> Floats:
    """(one - other) / log(one / other), and their common value where they are equal.

    It turns parts of a difference of logarithms into parts of the difference itself.

    >>> logarithmic_mean(np.array([np.e, 2.0]), np.array([1.0, 2.0])).round(6).tolist()
    [1.718282, 2.0]
    """
    apart = np.log(one) - np.log(other)
    same = np.abs(apart) < EQUAL
    return np.where(same, (one + other) / 2, (one - other) / np.where(same, 1.0, apart))


def _on_log_scale(contributions: Floats, usual: Floats, link: Link) -> Floats:
    """(n, features + 1): contributions less the usual ones, to the log of the mean."""
    eta, usual_eta = contributions.sum(axis=1), usual.sum(axis=1)
    mean, usual_mean = link.inverse(eta), link.inverse(usual_eta)
    apart = eta - usual_eta
    same = np.abs(apart) < EQUAL
    slope = (np.log(mean) - np.log(usual_mean)) / np.where(same, 1.0, apart)
    slope = np.where(same, link.steepness(mean) / mean, slope)
    return (contributions - usual) * slope[:, None]


def _brand_means(values: Floats, brand: npt.NDArray[np.intp]) -> Floats:
    """Each column's mean over the known values of the row's brand, as rows; nan without any."""
    means = np.full((int(brand.max(initial=-1)) + 1, values.shape[1]), np.nan)
    order = np.argsort(brand, kind="stable")
    starts = np.searchsorted(brand[order], np.arange(len(means) + 1))
    for one in range(len(means)):
        rows = values[order[starts[one] : starts[one + 1]]]
        known = np.isfinite(rows)
        counted = known.sum(axis=0)
        total = np.where(known, rows, 0.0).sum(axis=0)
        means[one] = np.where(counted > 0, total / np.maximum(counted, 1), np.nan)
    return means[brand]
