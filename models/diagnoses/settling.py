"""How many more sessions would settle whether a pair is above its benchmark, or that none would."""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from models.matrix.diagnosis import HIGH, LOW
from models.uncertainty.tails import quantile

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

NEVER: Final = {CONVERSION_NEVER: CONVERSION, TRAFFIC_NEVER: TRAFFIC}
ONE_QUESTION: Final = np.array([*OPEN_QUESTIONS, None], dtype=object)


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


def open_questions(
    p_conversion: Floats, p_impressions: Floats, sessions: Floats
) -> npt.NDArray[np.object_]:
    """What keeps each pair from a quadrant, of OPEN_QUESTIONS; None where it has one.

    Traffic is asked only of pairs whose conversion is high. `sessions` would settle it (nan: none).

    >>> p = np.array([0.5, 0.5, 0.9, 0.9, np.nan])
    >>> shown, sessions = np.array([0.5, 0.5, 0.9, 0.5, 0.5]), np.array([3, np.nan, 0, 2, np.nan])
    >>> [str(word) for word in open_questions(p, shown, sessions)]
    ['conversion', 'conversion, and no number of sessions would tell', 'None', 'traffic', \
'no benchmark']
    """
    high, never = p_conversion >= HIGH, np.isnan(sessions)
    middling = ~high & (p_conversion > LOW)
    of_traffic = high & (p_impressions > LOW) & (p_impressions < HIGH)
    cases = {
        NO_BENCHMARK: np.isnan(p_conversion),
        CONVERSION_NEVER: middling & never,
        CONVERSION: middling,
        NO_IMPRESSIONS: high & np.isnan(p_impressions),
        TRAFFIC_NEVER: of_traffic & never,
        TRAFFIC: of_traffic,
    }
    places = [OPEN_QUESTIONS.index(word) for word in cases]
    return ONE_QUESTION[np.select(list(cases.values()), places, default=len(OPEN_QUESTIONS))]


def settling_words(question: str | None, sessions: float | None) -> str | None:
    """How the open question could be settled, as a sentence; None where nothing is open.

    >>> settling_words(CONVERSION, 3.0), settling_words(TRAFFIC, 1.0)
    ('about 3 more sessions would settle conversion', 'about 1 more session would settle traffic')
    """
    if question is None:
        return None
    if question in (CONVERSION, TRAFFIC) and sessions is not None:
        return f"about {sessions:,.0f} more session{'s'[: sessions != 1]} would settle {question}"
    if question in NEVER:
        return (
            f"no number of sessions would settle {NEVER[question]}: creators differ less from "
            "the benchmark than what sessions cannot tell"
        )
    return {
        NO_BENCHMARK: "there is no benchmark to compare conversion with",
        NO_IMPRESSIONS: "conversion is high; impressions are not counted, so traffic is not known",
    }.get(question, question)
