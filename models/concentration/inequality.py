"""Inequality: how unevenly something is shared out among creators."""

from dataclasses import dataclass

import numpy as np

from models.prediction import Floats

POINTS = 101
"""Of a Lorenz curve: every hundredth of the creators."""


@dataclass(frozen=True)
class Inequality:
    """One thing shared out, among all creators; who has none counts too."""

    name: str
    total: float
    creators: int
    without: int
    """Creators who have none of it."""
    gini: float | None
    """0 when all have as much, near 1 when one has all; None where there is nothing to share."""
    top_tenth: float | None
    """Share of the tenth of the creators who have most."""
    lorenz: tuple[float, ...]
    """Share of the poorest 0, 1, ... 100 % of the creators; empty where there is nothing."""


def inequality(name: str, amounts: Floats) -> Inequality:
    """Of these amounts, one per creator, none negative; nan counts as none."""
    known = np.nan_to_num(np.asarray(amounts, dtype=np.float64))
    total = float(known.sum())
    empty = total <= 0
    curve = () if empty else tuple(round(float(share), 6) for share in lorenz(known))
    most = np.sort(known)[::-1][: max(round(len(known) / 10), 1)]
    return Inequality(
        name=name,
        total=total,
        creators=len(known),
        without=int((known <= 0).sum()),
        gini=None if empty else round(gini(known), 6),
        top_tenth=None if empty else round(float(most.sum()) / total, 6),
        lorenz=curve,
    )


def gini(amounts: Floats) -> float:
    """Mean difference of two creators over twice the mean amount; nan where all have none.

    >>> round(gini(np.array([1.0, 1.0, 1.0])), 12), gini(np.array([0.0, 0.0, 0.0, 1.0]))
    (0.0, 0.75)
    """
    ordered = np.sort(amounts)
    n, total = len(ordered), float(ordered.sum())
    if total <= 0:
        return float("nan")
    ranks = 2 * np.arange(1, n + 1) - n - 1
    return float(ranks @ ordered / (n * total))


def lorenz(amounts: Floats) -> Floats:
    """(POINTS,) share of the total that the poorest 0, .01, ... 1 of the creators have.

    >>> lorenz(np.array([3.0, 1.0]))[[0, 50, 100]].tolist()
    [0.0, 0.25, 1.0]
    """
    ordered = np.concatenate([[0.0], np.cumsum(np.sort(amounts))])
    at = np.linspace(0, 1, POINTS) * (len(ordered) - 1)
    return np.asarray(np.interp(at, np.arange(len(ordered)), ordered / ordered[-1]))
