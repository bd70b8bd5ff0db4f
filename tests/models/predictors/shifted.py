"""Rows of items that all moved by one number each, for trees to learn or not to learn."""

import numpy as np
import numpy.typing as npt

from models.predictors.together import ErrTogether, Grouping
from models.predictors.trees import Examples

PARAMETERS = {
    "num_leaves": 7,
    "learning_rate": 0.1,
    "min_sum_hessian_in_leaf": 2.0,
    "num_threads": 1,
}
ITEMS, PER_ITEM = 60, 40


def shifted_items(seed: int) -> tuple[Examples, np.ndarray]:
    """Items whose rates all moved by one number each; two features tell the item, one the row."""
    random = np.random.default_rng(seed)
    item = np.repeat(np.arange(ITEMS), PER_ITEM)
    own = np.random.default_rng(0).normal(size=(ITEMS, 2))  # the items stay the same
    row = random.normal(size=ITEMS * PER_ITEM)
    moved = random.normal(0, 0.5, ITEMS)
    logit = -2 + 0.6 * row + moved[item]
    labels = random.binomial(100, 1 / (1 + np.exp(-logit))) / 100
    features = np.column_stack([own[item], row]).astype(np.float32)
    start = np.full(len(item), -2.0)
    return Examples(features, labels, np.full(len(item), 40.0), start), item


def together(item: npt.NDArray[np.integer], variance: float) -> ErrTogether:
    """Rows of an item deviate together, all in one window."""
    return ErrTogether([Grouping(item, np.full(ITEMS, variance))])
