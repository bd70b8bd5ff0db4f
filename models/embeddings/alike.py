"""Sales beyond expectation among those that sell alike, told of every pair of the grid."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.embeddings.history import History

Vectors = npt.NDArray[np.float32]
Positions = npt.NDArray[np.intp]
Grid = npt.NDArray[np.float64]

SIDE_AT_MOST = 6_000
"""Creators or items that are compared with each other."""
CHUNK = 512
"""Rows compared with all others at a time."""
LIKENESS_DOUBT = 3.0
"""Added to the length of what a creator (item) sold beyond expectation: thin histories are like
nobody's."""
LIFT_DOUBT = 0.3
"""Orders' worth of doubt in a lift: those like one count by the square of their likeness."""
PENALTY = 200.0
"""Of the regressions on all others: chance alone makes a surprise of about one a pair."""


@dataclass(frozen=True)
class Alike:
    """What creators and items that sell alike tell of each pair: see ALIKE_FEATURES.

    `told` is (numbers, creators with history, items with history); `row_of_creator` and
    `row_of_item` say where those stand in it, -1 for one without history.
    """

    told: Vectors
    row_of_creator: Positions
    row_of_item: Positions

    def of(self, creator: Positions, item: Positions) -> Vectors:
        """(n, numbers) for n pairs; nan for creators and items without history."""
        row, column = self.row_of_creator[creator], self.row_of_item[item]
        known = ((row >= 0) & (column >= 0))[:, None]
        return np.where(known, self.told[:, row, column].T, np.float32(np.nan))


def alike_of(history: History, cells: int) -> Alike | None:
    """Learned from the whole grid of creators and items with history.

    Only where lines do not tell the exposure of pairs, so that a pair without a line is one that
    sold nothing; None elsewhere, where the grid has more than `cells`, or nothing was sold.
    """
    known = [history.creator_evidence > 0, history.item_evidence > 0]
    n_creators, n_items = (int(side.sum()) for side in known)
    fits = n_creators * n_items <= cells and max(n_creators, n_items) <= SIDE_AT_MOST
    if history.expected is not None or not fits or not history.orders.sum() > 0:
        return None
    rows, columns = map(np.flatnonzero, known)
    orders = history.orders[rows][:, columns].toarray()
    places = [np.where(side, np.cumsum(side) - 1, -1) for side in known]
    return Alike(beyond_expectation(orders), *places)


def beyond_expectation(orders: Grid) -> Vectors:
    """The numbers of ALIKE_FEATURES for a grid of orders: (numbers, creators, items).

    Expected are a creator's orders x an item's / all orders; a pair's surprise is
    (orders - expected) / sqrt(expected + 1).
    """
    expected = np.outer(orders.sum(axis=1), orders.sum(axis=0)) / orders.sum()
    deviation = np.sqrt(expected + 1)
    surprise = (orders - expected) / deviation
    numbers = (
        lift_among_alike(orders, expected, surprise),
        lift_among_alike(orders.T, expected.T, surprise.T).T,
        told_by_others(surprise.T).T / deviation,
        told_by_others(surprise) / deviation,
    )
    return np.stack([number.astype(np.float32) for number in numbers])


def lift_among_alike(orders: Grid, expected: Grid, surprise: Grid) -> Vectors:
    """Log of orders against expected ones among the rows alike, never counting the row itself."""
    length = np.linalg.norm(surprise, axis=1, keepdims=True) + LIKENESS_DOUBT
    directions = (surprise / length).astype(np.float32)
    orders, expected = orders.astype(np.float32), expected.astype(np.float32)
    sold, usual = np.empty_like(expected), np.empty_like(expected)
    for start in range(0, len(directions), CHUNK):
        part = slice(start, start + CHUNK)
        likeness = np.maximum(directions[part] @ directions.T, 0)
        np.fill_diagonal(likeness[:, start:], 0)
        weight = likeness**2
        sold[part], usual[part] = weight @ orders, weight @ expected
    return np.asarray(np.log((sold + LIFT_DOUBT) / (usual + LIFT_DOUBT)), np.float32)


def told_by_others(surprise: Grid) -> Grid:
    """Each column as ridge regression on all other columns tells it.

    In closed form: the column less (its fit by all / its precision); both come from the smaller
    side's products.
    """
    rows, columns = surprise.shape
    side = surprise if rows <= columns else surprise.T
    products = side @ side.T + PENALTY * np.eye(len(side))
    fitted = np.linalg.solve(products, side)
    fitted = fitted if rows <= columns else fitted.T
    precision = (1 - (surprise * fitted).sum(axis=0)) / PENALTY
    return np.asarray(surprise - fitted / precision)
