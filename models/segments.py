"""Rows of products reduced to rows of pairs: contiguous segments, their means and their best."""

import numpy as np
import numpy.typing as npt

from models.links import Link
from models.prediction import Floats, Forecast
from models.uncertainty.intervals import interval

Positions = npt.NDArray[np.intp]


def segment_means(values: Floats, starts: Positions) -> Floats:
    """Plain mean of each segment; segments are [starts[i], starts[i + 1]), none is empty.

    >>> segment_means(np.array([1.0, 3.0, 5.0]), np.array([0, 2])).tolist()
    [2.0, 5.0]
    """
    lengths = np.diff(np.append(starts, len(values)))
    means: Floats = np.add.reduceat(values, starts) / lengths
    return means


def mean_rate(forecast: Forecast, starts: Positions) -> Forecast:
    """The mean rate of each segment, with the interval of that mean.

    A row weighs w = p (1 - p) / sum of the segment's m (1 - m): what an error of its logit does to
    the logit of the mean m. Of its variance s^2 the part `shared` (all of it, where unknown) is an
    error of the whole segment, the rest its own: variance = (sum w s sqrt(shared))^2 +
    sum w^2 s^2 (1 - shared).
    """
    lengths = np.diff(np.append(starts, len(forecast.mean)))
    mean = segment_means(forecast.mean, starts)
    steep = np.repeat(lengths * np.maximum(mean * (1 - mean), 1e-12), lengths)
    weighted = forecast.mean * (1 - forecast.mean) / steep * forecast.spread
    shared = np.ones_like(weighted) if forecast.shared is None else forecast.shared
    together = np.add.reduceat(weighted * np.sqrt(shared), starts) ** 2
    own = np.add.reduceat(weighted**2 * (1 - shared), starts)
    spread = np.sqrt(together + own)
    return Forecast(mean, *interval(mean, spread, Link(is_rate=True)), spread)


def segment_best(values: Floats, starts: Positions) -> Positions:
    """Position of the largest value of each segment; unknown values lose, ties go to the first.

    >>> segment_best(np.array([1.0, 3.0, 3.0, np.nan, 2.0]), np.array([0, 3])).tolist()
    [1, 4]
    """
    known = np.where(np.isnan(values), -np.inf, values)
    largest = np.maximum.reduceat(known, starts)
    lengths = np.diff(np.append(starts, len(values)))
    wins = np.flatnonzero(known == np.repeat(largest, lengths))
    segment = np.repeat(np.arange(len(starts)), lengths)[wins]
    first: Positions = wins[np.searchsorted(segment, np.arange(len(starts)))]
    return first
