"""What of pairs comes back window after window: their lasting part, free of the evenings' luck."""

from typing import Final

import numpy as np
import numpy.typing as npt

from models.links import Link
from models.prediction import Floats, PairRows
from models.uncertainty.noise import Noise

FEWEST_PAIRS: Final = 100
"""Pairs seen in two windows, below which nothing is concluded."""
LEAST: Final = 0.002
ITEM_VARIANCE: Final = 0.3
"""Expected of items' effects, so that an item of few rows does not take its pairs' part."""
MOST_OF_A_MEAN: Final = 0.9
"""A row that makes up more of the means that it is held against tells nothing."""
STEPS: Final = 15

Groups = npt.NDArray[np.intp]


def pair_variance(rows: PairRows, link: Link, noise: Noise) -> float | None:
    """Variance of what is a pair's own, beyond its creator's and its item's.

    Each row is held against its creator's mean in that window, which has the luck of the
    evenings that its products shared, and against its item's mean. What is left is multiplied
    across windows of the same pair: luck does not come twice, so the mean product is the
    variance of what lasts, on the scale of a width: of logits for shares that add as such. At
    least .002; None where too few pairs came twice beside others, and where rows without success
    are a sample (who repeats is then chosen by what it sold). Windows that
    overlap share luck and make it too large.
    """
    k, n = rows.outcome()
    if len(rows) == 0 or (rows.weight != 1).any() or not k.any():
        return None
    creator, item, day = (_numbered(of) for of in (rows.creator_id, rows.item_id, rows.as_of))
    pair, window = _crossed(creator, item), _crossed(creator, day)
    weight = _certainty(rows, link, noise)
    of_means = weight / np.bincount(window, weight)[window]
    of_means += np.bincount(pair, weight)[pair] / _item_weight(item, weight)[item]
    told = of_means < MOST_OF_A_MEAN
    if np.sum(np.bincount(pair[told]) > 1) < FEWEST_PAIRS:
        return None
    left = (weight * _beyond_both(rows, link, weight, window, item))[told]
    free, pair = (weight * (1 - of_means))[told], pair[told]
    products = np.bincount(pair, left) ** 2 - np.bincount(pair, left**2)
    possible = np.bincount(pair, free) ** 2 - np.bincount(pair, free**2)
    found = max(float(products.sum() / max(possible.sum(), 1e-12)), 0.0)
    if link.is_rate:
        found = float(np.log1p(found)) / (1.0 if noise.by_factors else (1 - k.sum() / n.sum()) ** 2)
    return max(found, LEAST)


def _certainty(rows: PairRows, link: Link, noise: Noise) -> Floats:
    """One over the variance of each outcome's logarithm: of its lines, and chance at the mean."""
    k, n = rows.outcome()
    if not link.is_rate:
        return link.certainty(n, k) / max(noise.per_line, LEAST)
    expected = n * k.sum() / n.sum()
    return np.asarray(1 / (noise.per_line / noise.lines(rows) + noise.per_trial / expected + LEAST))


def _beyond_both(
    rows: PairRows, link: Link, weight: Floats, window: Groups, item: Groups
) -> Floats:
    """How far each row lies from its creator's window times its item: of shares by ratio."""
    k, n = rows.outcome()
    level = np.log((k + 0.5) / n) if not link.is_rate else k / (n * k.sum() / n.sum())
    of_window, of_item = np.zeros(window.max() + 1), np.zeros(item.max() + 1)

    def left() -> Floats:
        both = of_window[window] + of_item[item]
        return np.asarray(level * np.exp(-both) - 1 if link.is_rate else level - both)

    for _ in range(STEPS):
        mean = np.bincount(window, weight * left()) / np.bincount(window, weight)
        of_window += np.log1p(np.maximum(mean, -0.9)) if link.is_rate else mean
        mean = np.bincount(item, weight * left()) - of_item / ITEM_VARIANCE
        of_item += mean / _item_weight(item, weight)
    return left()


def _item_weight(item: Groups, weight: Floats) -> Floats:
    return np.asarray(np.bincount(item, weight) + 1 / ITEM_VARIANCE, dtype=np.float64)


def _numbered(of: npt.NDArray[np.generic]) -> Groups:
    return np.unique(of, return_inverse=True)[1].ravel()


def _crossed(left: Groups, right: Groups) -> Groups:
    return _numbered(left * (right.max() + 1) + right)
