"""One seed, one independent random stream for each part of the world."""

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Times = NDArray[np.datetime64]
Texts = NDArray[np.object_]


def stream(seed: int, part: str) -> np.random.Generator:
    """The generator of one part; what another part draws does not move it.

    >>> bool(stream(1, "views").random() == stream(1, "views").random())
    True
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(crc32(part.encode()),)))


def noise(rng: np.random.Generator, spread: float, size: int | tuple[int, ...]) -> Floats:
    """Lognormal factors with mean one and log standard deviation `spread`."""
    return np.exp(rng.normal(0.0, spread, size) - spread**2 / 2)


def logit(share: float) -> float:
    """Log odds of a share; shares of 0 and 1 are taken as one in a million.

    >>> round(logit(0.5), 6)
    0.0
    """
    share = min(max(share, 1e-6), 1 - 1e-6)
    return float(np.log(share / (1 - share)))


def logistic(x: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-x))
