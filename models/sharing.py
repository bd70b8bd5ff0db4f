"""How much of a forecast's error is common to all products of one creator and brand."""

from typing import Final

import numpy as np
import numpy.typing as npt

from models.prediction import Floats, Forecast, PairRows

FEWEST_GROUPS: Final = 50
LARGEST: Final = 4.0
"""Standardised errors are cut off here: a few wild rows should not decide."""


def shared_variance(forecast: Forecast, rows: PairRows) -> float:
    """Share of the variance of true logits around a rate's forecast that such products share.

    By moments on outcomes: standardised errors e of two products of the same creator, brand and
    date correlate as share x w_i w_j, where w is the part of an error's standard deviation that
    is not binomial noise. 1 (errors move as one, which errs on the wide side) when fewer than 50
    pairs of creator and brand had two products.
    """
    successes, trials = rows.outcome()
    information = trials * forecast.mean * (1 - forecast.mean)
    seen = information > 0
    noise = 1 / information[seen]
    spread = forecast.spread[seen]
    error = (successes[seen] - trials[seen] * forecast.mean[seen]) * noise
    deviation = np.sqrt(spread**2 + noise)
    e = np.clip(error / deviation, -LARGEST, LARGEST)
    w = spread / deviation
    keys = np.stack([rows.creator_id[seen], rows.brand_id[seen], rows.as_of[seen].astype(str)])
    _, group = np.unique(keys, axis=1, return_inverse=True)
    if (np.bincount(group) > 1).sum() < FEWEST_GROUPS:
        return 1.0
    together = _sum_of_products(w * e, group)
    possible = _sum_of_products(w**2, group)
    return float(np.clip(together / possible, 0, 1))


def _sum_of_products(values: Floats, group: npt.NDArray[np.intp]) -> float:
    """Sum over groups of the products of all ordered pairs of different members."""
    return float((np.bincount(group, values) ** 2 - np.bincount(group, values**2)).sum())
