"""Remedies of a pair that sells below its benchmark: product, then pitch, then live offer, or stop.

A state machine without memory of its own: a `Remedy` is read from the moves that were stored, and
`moved_by` and `trying` return the move to store next, with its reason.
"""

from models.diagnoses.remedies.by_matrix import moved_by
from models.diagnoses.remedies.by_people import trying
from models.diagnoses.remedies.remedy import (
    GAVE_UP,
    ITSELF,
    LEADS_TO,
    STATES,
    STILL_LOW,
    Move,
    Remedy,
    Seen,
    Verdict,
)
from models.diagnoses.remedies.rungs import RUNGS

__all__ = [
    "GAVE_UP",
    "ITSELF",
    "LEADS_TO",
    "RUNGS",
    "STATES",
    "STILL_LOW",
    "Move",
    "Remedy",
    "Seen",
    "Verdict",
    "moved_by",
    "trying",
]
