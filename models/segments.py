"""Rows of products reduced to rows of pairs: contiguous segments, their means and their best."""

import numpy as np
import numpy.typing as npt

from models.intervals import interval
from models.links import Link
from models.prediction import Floats, Forecast

Positions = npt.NDArray[np.intp]


def segment_means(values: Floats, starts: Positions) -> Floats:
    """Plain mean of each segment; segments are [starts[i], starts[i + 1]), none is empty.

    >>> segment_means(np.array([1.0, 3.0, 5.0]), np.array([0, 2])).tolist()
    [2.0, 5.0]
    """
    lengths = np.diff(np.append(starts, len(values)))
    means: Floats = np.add.reduceat(values, starts) / lengths
    return means


def mean_rate(forecast: Forecast, starts: Positions, shared: float = 1.0) -> Forecast:
    """The mean rate of each segment, with the interval of that mean.

    `shared` is the part of the rates' logit variance that a segment's rows have in common
    (`models.sharing`): of n rows with spread s the mean has s sqrt(shared + (1 - shared) / n).
    1 takes their errors as moving together, which errs on the wide side.
    """
    mean = segment_means(forecast.mean, starts)
    lengths = np.diff(np.append(starts, len(forecast.mean)))
    spread = segment_means(forecast.spread, starts) * np.sqrt(shared + (1 - shared) / lengths)
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
