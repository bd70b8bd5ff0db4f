"""Contacts as of a date: how far each brand and creator came, and when it was last invited."""

from datetime import date

import numpy as np
import pandas as pd

from features.contract import COLLABORATION_STATUSES


def last_contacts(history: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """(brand_id, creator_id) -> `status` of the last record, `invited_days` since an invitation.

    `history` is `collaboration_history` as of that date. Of records of one instant the furthest
    counts, in the order of the contract. Days are whole ones, before the date began (UTC); nan
    for a pair that was never recorded as invited.
    """
    keys = ["brand_id", "creator_id"]
    stage = history["status"].map({name: i for i, name in enumerate(COLLABORATION_STATUSES)})
    ordered = history.assign(stage=stage).sort_values(["at", "stage"], kind="stable")
    last = ordered.groupby(keys, sort=True)["status"].last()
    invited = history[history["status"] == "invited"].groupby(keys, sort=True)["at"].max()
    age = pd.Timestamp(as_of) - invited
    days = np.floor(age.dt.total_seconds() / 86_400).reindex(last.index)
    return pd.DataFrame({"status": last.astype("str"), "invited_days": days.astype("float64")})
