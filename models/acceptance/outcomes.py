"""Outcomes of invitations, and what a forecast of a yes looks like."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import betaincinv, polygamma

Floats = npt.NDArray[np.float64]

YES = ("accepted", "sampled", "aired")
NO = ("declined",)
TERMS = ("commission_rate", "slot_fee")
"""What an invitation offers: a share of GMV, and money for the slot."""


class AcceptanceForecast(NamedTuple):
    """Probability of a yes and its 80 % interval, one per pair asked; all nan when unknowable."""

    p: Floats
    lo80: Floats
    hi80: Floats


def invitation_outcomes(history: pd.DataFrame) -> pd.DataFrame:
    """One row per collaboration: its three ids, the TERMS first named (where given), accepted.

    accepted is 1 once the creator ever accepted, got a sample or aired (a later cancellation
    does not undo the yes), else 0 once declined, else nan: cancelled or still open says nothing.
    """
    status = history["status"]
    flags = history.assign(yes=status.isin(YES), no=status.isin(NO))
    keys = ["collaboration_id", "brand_id", "creator_id"]
    terms = [name for name in TERMS if name in history]
    wanted = {"yes": "any", "no": "any"} | dict.fromkeys(terms, "first")
    if "at" in history:
        flags, wanted = flags.sort_values("at", kind="stable"), wanted | {"at": "min"}
    outcomes = flags.groupby(keys, as_index=False, sort=True).agg(wanted)
    accepted = np.where(outcomes["yes"], 1.0, np.where(outcomes["no"], 0.0, np.nan))
    return outcomes.drop(columns=["yes", "no"]).assign(accepted=accepted)


def logit_variance(a: Floats, b: Floats) -> Floats:
    """Variance of the logit of a Beta(a, b)."""
    return np.asarray(polygamma(1, a) + polygamma(1, b))


def beta_interval(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """The 80 % interval of a Beta with that mean whose logit has that variance."""
    low, high = np.full(len(mean), np.log(1e-2)), np.full(len(mean), np.log(1e6))
    for _ in range(50):
        middle = (low + high) / 2
        size = np.exp(middle)
        wide = logit_variance(size * mean, size * (1 - mean)) > variance
        low, high = np.where(wide, middle, low), np.where(wide, high, middle)
    size = np.exp(high)
    a, b = size * mean, size * (1 - mean)
    lo, hi = betaincinv(a, b, 0.1), betaincinv(a, b, 0.9)
    return np.minimum(lo, mean), np.maximum(hi, mean)
