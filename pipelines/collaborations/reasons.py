"""Reasons of a collaboration score: what facts add to it, in the odds of being chosen."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.collaboration.partners import Floats, Positions, Side, Ties
from models.collaboration.predictor import CollaborationPredictor
from models.collaboration.words import worded
from models.matrix.columns import REASONS
from models.shortlists.reasons import top_reasons
from pipelines.collaborations.reach import bare
from pipelines.columns import Columns, against_brand, spread_over

SUM_TO: Final = (
    "reasons are what facts add to p_collaboration beyond the brand's usual candidate, a point of "
    "it counting {:.2f} in the log odds of being chosen, as it did for brands held out"
)
NOTHING_HELD_OUT: Final = "too few brands to hold some out and learn what the score is worth"
OF_PARTNERS: Final = (".industry_partners", ".own_partners")
"""Features that no vector of the brand is in."""
REASON_COLUMNS: Final = tuple(
    f"reason{i}_{part}" for i in REASONS for part in ("feature", "value", "effect")
)


@dataclass(frozen=True)
class ScoreReasons:
    """Reason columns, why they are null, and what they sum to."""

    columns: Columns = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def score_reasons(
    predictor: CollaborationPredictor,
    sides: tuple[Side, Side, Ties],
    rows: tuple[Positions, Positions],
    scores: Floats,
    a_point: float | None,
    explained: int | None,
) -> ScoreReasons:
    """The three strongest reasons of each pair of brand and creator; `sides` are all of both, and
    who has collaborated by now.

    Given for the `explained` best pairs of each brand (None: for all). What features add to a
    score is held against its mean over the brand's explained candidates; `a_point` of the score
    is its worth in log odds.
    """
    if a_point is None:
        return ScoreReasons(absent=dict.fromkeys(REASON_COLUMNS, NOTHING_HELD_OUT))
    ranks = pd.Series(-scores).groupby(rows[0]).rank(method="first").to_numpy()
    wanted = np.isfinite(scores)
    if explained is not None:
        wanted &= ranks <= explained
    chosen = np.flatnonzero(wanted)
    some = rows[0][chosen], rows[1][chosen]
    features, added = predictor.contributions(*sides, some)
    words = worded(predictor.pairs_.names)
    held = a_point * against_brand(added, sides[0].ids[some[0]].astype(object))
    held[:, :-1] *= _told_of(predictor, sides[0])[some[0]]
    told = top_reasons(held, features, [f.name for f in words], [f.group for f in words])
    return ScoreReasons(spread_over(told, chosen, len(scores)), {}, (SUM_TO.format(a_point),))


def _told_of(predictor: CollaborationPredictor, brands: Side) -> npt.NDArray[np.bool_]:
    """Which features can be a reason, (brands, f): none from a vector that the brand lacks."""
    views, names = predictor.pairs_.views, predictor.pairs_.names
    told = np.ones((len(brands), len(names)), dtype=bool)
    nothing = bare(brands, views.of_brands) & bool(views.of_brands)
    for i, name in enumerate(names):
        if not name.endswith(OF_PARTNERS):
            told[nothing, i] = False
        for of_set in views.shared:
            if name.startswith(f"{of_set}.") and "close" in name:
                told[bare(brands, (of_set,)), i] = False
    return told
