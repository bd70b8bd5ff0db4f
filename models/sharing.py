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
    is not binomial noise. Given is the upper end, two standard errors (over pairs of creator and
    brand) above the estimate, which errs on the wide side: pairs that never met are few here and
    share more. 1 (errors move as one) when fewer than 50 pairs had two products.
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
    together, possible = _products(w * e, group), _products(w**2, group)
    share = together.sum() / possible.sum()
    error_of_share = np.sqrt(np.sum((together - share * possible) ** 2)) / possible.sum()
    return float(np.clip(share + 2 * error_of_share, 0, 1))


def _products(values: Floats, group: npt.NDArray[np.intp]) -> Floats:
    """Of each group the sum of the products of all ordered pairs of different members."""
    return np.asarray(np.bincount(group, values) ** 2 - np.bincount(group, values**2))
