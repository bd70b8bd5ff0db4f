"""Naming at a false-discovery rate: of those named, at most a share q is expected to be wrong."""

import numpy as np

from models.prediction import Floats
from models.rising.levels import Flags

DISCOVERY_RATE = 0.1
"""The share q that is stated unless another is asked for."""


def named(p: Floats, q: float = DISCOVERY_RATE) -> Flags:
    """Which are named at rate q (Benjamini and Hochberg 1995); nan was not tested, never named.

    Holds for independent p-values and for those that rise together (Benjamini and Yekutieli
    2001), as those of creators in one market do.

    >>> named(np.array([0.001, 0.2, 0.03, np.nan, 0.9])).tolist()
    [True, False, True, False, False]
    """
    tested = np.flatnonzero(~np.isnan(p))
    ranked = np.sort(p[tested])
    within = np.flatnonzero(ranked <= q * np.arange(1, len(tested) + 1) / max(len(tested), 1))
    least = ranked[within[-1]] if len(within) else -1.0
    return np.asarray(np.nan_to_num(p, nan=np.inf) <= least)
