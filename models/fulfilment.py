"""Fulfilment: how many of those who accept an invitation go live."""

from datetime import date

import pandas as pd
from pydantic import BaseModel, ConfigDict

WAIT_DAYS = 60
"""An invitation accepted so long ago had its time to become a session. Posting takes up to 14
days by the platforms' rules; samples are waited for longer. Not sourced."""
FEWEST = 20
"""Of fewer accepted invitations no share is told."""
YES = ("accepted", "sampled", "aired")


class Fulfilment(BaseModel):
    """Learned from collaborations."""

    model_config = ConfigDict(frozen=True)

    share: float
    accepted: int
    """Accepted invitations it was learned from."""


def fulfilment(history: pd.DataFrame, as_of: date) -> Fulfilment | None:
    """(aired + 1/2) / (accepted + 1) of the invitations accepted WAIT_DAYS before the date.

    `history` has collaboration_id, status and at (naive UTC) of every status recorded before the
    date. None where fewer than FEWEST were accepted, or where no session was ever recorded.
    """
    said = history[history["status"].isin(YES)]
    accepted = said.groupby("collaboration_id")["at"].min()
    old = accepted.index[accepted < pd.Timestamp(as_of) - pd.Timedelta(days=WAIT_DAYS)]
    aired = said.loc[said["status"] == "aired", "collaboration_id"]
    if len(old) < FEWEST or not len(aired):
        return None
    live = int(old.isin(set(aired)).sum())
    return Fulfilment(share=round((live + 0.5) / (len(old) + 1), 4), accepted=len(old))
