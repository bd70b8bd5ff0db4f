"""What sessions say of every creator as of a date: growth, exposure, invitations, as columns."""

from datetime import date

import numpy as np
import pandas as pd

from features.exposure import exposed_by, exposure, invitations
from features.facts import Facts
from features.history import collaboration_history
from features.session_views import counted_by, session_views
from features.windows import day_number
from models.rising import DISCOVERY_RATE, growth, named, session_levels

NOBODY_CAME = "no creator can be called rising: the source does not tell how many came to a session"


def discovery_rate(facts: Facts) -> float | None:
    """The rate at which creators are named; None where growth cannot be told."""
    return None if counted_by(facts) is None else DISCOVERY_RATE


def reach_columns(facts: Facts, creators: pd.Index, as_of: date) -> pd.DataFrame:
    """`exposure_90` and `invitations_90` of each creator; left out where the source has none."""
    columns = {}
    if exposed_by(facts) is not None:
        columns["exposure_90"] = exposure(facts, as_of).reindex(creators).fillna(0.0)
    if facts.has("collaborations"):
        invited = invitations(collaboration_history(facts, as_of), as_of)
        columns["invitations_90"] = invited.reindex(creators).fillna(0.0)
    return pd.DataFrame(columns, index=creators)


def growth_columns(facts: Facts, creators: pd.Index, as_of: date) -> pd.DataFrame:
    """One row per creator of the index: what `models.matrix` keeps of growth; nan where untested.

    `growth` is the level of recent sessions over the level before (1 = unchanged) with its 80 %
    interval, `growth_probability` that it is above the least that counts, `growth_p` its p-value,
    `growth_days`, `growth_sessions`, `growth_sessions_before` what it rests on, `rising` 1 for
    those named at DISCOVERY_RATE, else 0.
    """
    if counted_by(facts) is None:
        return pd.DataFrame(index=creators)
    rows = session_views(facts, as_of)
    place = creators.get_indexer(pd.Index(rows["creator_id"]))
    rows, place = rows[place >= 0], place[place >= 0]
    levels = session_levels(
        place.astype(np.int64),
        rows["day"].to_numpy(np.int64),
        rows["came"].to_numpy(float, na_value=np.nan),
        rows["minutes"].to_numpy(float, na_value=np.nan),
        rows["campaign"].to_numpy(bool),
        len(creators),
    )
    told = growth(levels, day_number(as_of))
    tested = ~np.isnan(told.p)
    law = told.log_growth
    return pd.DataFrame(
        {
            "growth": np.exp(law.mean),
            "growth_lo80": np.exp(law.lo80),
            "growth_hi80": np.exp(law.hi80),
            "growth_probability": law.p_above,
            "growth_p": told.p,
            "growth_days": told.days,
            "growth_sessions": np.where(tested, told.recent, np.nan),
            "growth_sessions_before": np.where(tested, told.before, np.nan),
            "rising": np.where(tested, named(told.p, DISCOVERY_RATE), np.nan),
        },
        index=creators,
    )
