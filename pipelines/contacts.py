"""What collaborations say of a pair's last contact, as columns; and how creators go live."""

from datetime import date

import numpy as np
import pandas as pd

from features.contacts import last_contacts
from features.facts import Facts
from features.habits import dedicated_shares
from features.history import collaboration_history
from features.tables import FeatureTables
from models.matrix.encoding import objects
from pipelines.columns import Columns

NO_COLLABORATIONS = "the source has no collaborations"


def contact_columns(columns: Columns, facts: Facts, as_of: date) -> tuple[Columns, dict[str, str]]:
    """`collaboration_status` and `invited_days` of each pair, and why either may be null."""
    history = collaboration_history(facts, as_of)
    if not len(history):
        why = NO_COLLABORATIONS
        if facts.has("collaborations"):
            why = f"no collaboration was recorded before {as_of}"
        return {}, dict.fromkeys(("collaboration_status", "invited_days"), why)
    pairs = pd.MultiIndex.from_arrays(
        [pd.Index(columns[name], dtype="str") for name in ("brand_id", "creator_id")]
    )
    found = last_contacts(history, as_of).reindex(pairs)
    made: Columns = {
        "collaboration_status": objects(found["status"]),
        "invited_days": found["invited_days"].to_numpy(dtype=np.float64),
    }
    return made, {"invited_days": "no invitation was recorded"}


def creators_of(facts: Facts, tables: FeatureTables) -> pd.DataFrame:
    """The candidates as the matrix keeps them: attributes, and how often and how they go live."""
    creators = tables.creators
    dedicated = dedicated_shares(facts, tables.as_of)
    return creators.assign(
        last_live_days=creators["creator_days_since_session"],
        sessions_90=creators["creator_sessions_90"],
        dedicated_share=dedicated.reindex(creators.index),
    )
