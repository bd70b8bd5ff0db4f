"""How many more sessions would settle whether a pair is above its benchmark, or that none would."""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from models.diagnosis import HIGH
from models.tails import quantile

Floats = npt.NDArray[np.float64]

MOST: Final = 1_000
"""Sessions; a question that would take more is not one that sessions answer."""
EVEN: Final = 0.5

CONVERSION: Final = "conversion"
TRAFFIC: Final = "traffic"
CONVERSION_NEVER: Final = "conversion, and no number of sessions would tell"
TRAFFIC_NEVER: Final = "traffic, and no number of sessions would tell"
NO_BENCHMARK: Final = "no benchmark"
NO_IMPRESSIONS: Final = "traffic, and impressions are not counted"
OPEN_QUESTIONS: Final = (
    CONVERSION,
    TRAFFIC,
    CONVERSION_NEVER,
    TRAFFIC_NEVER,
    NO_BENCHMARK,
    NO_IMPRESSIONS,
)
"""What keeps a pair from a quadrant."""


def settled_odds(
    sessions: npt.ArrayLike,
    gap: Floats,
    lasting: Floats,
    removable: Floats,
    told: Floats,
    wild: float = 0.0,
) -> Floats:
    """P(after so many more sessions P(above) is at least .8 or at most .2), as expected today.

    On the link scale: `gap` the pair's middle less its benchmark's, `lasting` the variance that no
    session removes (the benchmark's own and what moves from month to month), `removable` the one
    that they do, leaving removable / (1 + removable * told * sessions); `told` is one over the
    variance of what one session shows. What sessions will remove is how far the middle will move:
    gap' ~ N(gap, removed), and P(above) then lies outside when |gap'| > z sqrt(what is left).
    """
    many = np.asarray(sessions, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        left = np.where(np.isinf(many), 0.0, removable / (1 + removable * told * many))
        moved = np.sqrt(np.maximum(removable - left, 0.0))
        edge = quantile(HIGH, wild) * np.sqrt(lasting + left)
        above, below = (gap - edge) / moved, (-gap - edge) / moved
    return np.where(moved > 0, ndtr(above) + ndtr(below), np.where(np.abs(gap) >= edge, 1.0, 0.0))


def sessions_to_settle(
    gap: Floats, lasting: Floats, removable: Floats, told: Floats, wild: float = 0.0
) -> Floats:
    """Fewest further sessions after which the odds of `settled_odds` are at least even, (n,).

    0 where it is settled now; nan where something is unknown and where none would do: with all
    that sessions can tell the odds stay below even, or it takes more than 1,000.

    >>> one = np.ones(1)
    >>> sessions_to_settle(0.1 * one, 0.01 * one, 0.3 * one, 2.0 * one).tolist()
    [3.0]
    >>> sessions_to_settle(0.1 * one, 0.3 * one, 0.01 * one, 2.0 * one).tolist()
    [nan]
    """

    def enough(sessions: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        return settled_odds(sessions, gap, lasting, removable, told, wild) >= EVEN

    known = np.isfinite(gap) & np.isfinite(lasting) & np.isfinite(removable) & (told > 0)
    few, many = np.zeros(len(gap)), np.full(len(gap), float(MOST))
    possible = known & enough(many)
    at_once = known & enough(few)
    while (many - few > 1).any():  # the odds rise with the sessions until they are even
        middle = np.floor((few + many) / 2)
        done = enough(middle)
        few, many = np.where(done, few, middle), np.where(done, middle, many)
    return np.where(at_once, 0.0, np.where(possible, many, np.nan))
