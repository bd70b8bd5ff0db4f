"""Candidates: what one session with each creator would bring a brand, and what asking costs."""

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]
Positions = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Candidates:
    """Whom a brand may ask; arrays (n,), in the order of creator ids, money in major units.

    Numbers are known, but for `session_spread`: who makes this fills in, and says so.
    """

    ids: Texts
    worth: Floats
    """What a session brings before its slot fee and sample: expected."""
    worth_lo80: Floats
    worth_hi80: Floats
    session_spread: Floats
    """Standard deviation of the log of what ONE session brings; nan where unknown."""
    slot_fee: Floats
    sample_cost: Floats
    accept: Floats
    """Probability that an invitation is accepted; assumed where `accept_known` is not set."""
    accept_known: Mask
    sessions: Floats
    """Sessions for the brand so far."""
    rising: Mask
    """In the quadrant of rising stars, or named as rising for their growth."""
    tier: Texts
    """None where unknown, as `agency`."""
    agency: Texts
    followers: Floats
    audience: Floats
    """(n, g): shares of the audience groups, each row summing to one."""

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: Positions) -> Self:
        """These candidates alone, in the order given."""
        values: dict[str, Any] = {f.name: getattr(self, f.name)[rows] for f in fields(self)}
        return type(self)(**values)
