"""Exact: the best portfolio of a few candidates, and a bound on that of many."""

from itertools import combinations

import numpy as np
from scipy.linalg import eigvalsh
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from models.portfolio.candidates import Mask
from models.portfolio.limits import Limits
from models.portfolio.search import relaxed_optimum
from models.portfolio.value import SetValue

TRIED = 8
"""Of so few candidates every set is tried."""
TURNS = 60
"""Linear programs solved for a bound, unless it is within CLOSE of what was reached before."""
CLOSE = 1e-3


def best_of_all(value: SetValue, limits: Limits) -> Mask | None:
    """The best set by trying every one (n up to about 15); None where none keeps the limits."""
    n = len(value)
    best, worth = None, -np.inf
    for size in range(n + 1):
        for who in combinations(range(n), size):
            chosen = np.zeros(n, bool)
            chosen[list(who)] = True
            if limits.hold(chosen) and (reached := value.worth(chosen)) > worth:
                best, worth = chosen, reached
    return best


def exact(value: SetValue, limits: Limits) -> Mask | None:
    """The best set, by integer programs (n up to about 25); None where none keeps the limits.

    V is quadratic with losses >= 0, so a variable y_ij >= x_i + x_j - 1 stands for each pair. One
    program for each number m of creators, where sum x = m gives sum over j of y_ij = (m - 1) x_i:
    without that equality the relaxation takes no losses at all and the search is hopeless.
    """
    n = len(value)
    if n <= TRIED:
        return best_of_all(value, limits)
    nobody = np.zeros(n, bool)
    best, worth = (nobody, 0.0) if limits.hold(nobody) else (None, -np.inf)
    for size in range(1, min(limits.asked, n) + 1):
        found = _of_size(value, limits, size)
        if found is not None and (reached := value.worth(found)) > worth:
            best, worth = found, reached
    return best


def _of_size(value: SetValue, limits: Limits, size: int) -> Mask | None:
    """The best set of exactly so many creators."""
    n = len(value)
    first, second = np.triu_indices(n, 1)
    pairs = len(first)
    one = np.ones(pairs)
    rows = np.arange(pairs)
    above = csr_array(
        (
            np.concatenate([one, one, -one]),
            (np.tile(rows, 3), np.concatenate([first, second, n + rows])),
        ),
        shape=(pairs, n + pairs),
    )
    each = csr_array(
        (
            np.concatenate([one, one, np.full(n, 1.0 - size)]),
            (
                np.concatenate([first, second, np.arange(n)]),
                np.concatenate([n + rows, n + rows, np.arange(n)]),
            ),
        ),
        shape=(n, n + pairs),
    )
    count = np.concatenate([np.ones(n), np.zeros(pairs)])[None]
    kept = np.hstack([limits.weights, np.zeros((len(limits.names), pairs))])
    found = milp(
        -np.concatenate([value.alone, -value.losses[first, second]]),
        constraints=[
            LinearConstraint(above, -np.inf, 1.0),
            LinearConstraint(each, 0.0, 0.0),
            LinearConstraint(count, size, size),
            LinearConstraint(kept, limits.low, limits.high),
        ],
        integrality=np.concatenate([np.ones(n), np.zeros(pairs)]),
        bounds=Bounds(np.concatenate([limits.forced, np.zeros(pairs)]).astype(float), 1.0),
        options={"mip_rel_gap": 0.0},
    )
    return None if found.x is None else np.asarray(found.x[:n] > 0.5)


def bound(value: SetValue, limits: Limits, start: Mask) -> float:
    """No set within the limits is worth more than this.

    Between sets V is the concave f(x) = (alone + d / 2) x - x' (losses + diag d) x / 2, where d is
    `twin`, raised until the matrix is positive semidefinite. For any x and the best s of the
    linear program of its gradient, f <= f(x) + gradient (s - x): Frank & Wolfe (1956), with the
    best step on the way to s, from the set found.
    """
    losses = value.losses + np.diag(value.twin)
    lowest = float(eigvalsh(losses, subset_by_index=(0, 0))[0]) if len(value) else 0.0
    losses += np.diag(np.full(len(value), max(0.0, -lowest)))
    gains = value.alone + np.diag(losses) / 2
    x, best = start.astype(float), np.inf
    for _ in range(TURNS):
        slope = gains - losses @ x
        towards = relaxed_optimum(slope, limits)
        if towards is None:
            return -np.inf
        way = towards - x
        ahead = float(slope @ way)
        reached = float(gains @ x - x @ losses @ x / 2)
        best = min(best, reached + ahead)
        bent = float(way @ losses @ way)
        if ahead <= CLOSE * abs(best):
            break
        x = x + way * (min(1.0, ahead / bent) if bent > 0 else 1.0)
    return best
