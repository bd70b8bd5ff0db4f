"""Brands that would choose a creator, where only collaborations are known."""

from typing import Final

import numpy as np

from models.collaboration.partners import HAPPENED
from models.matrix.matrix import AllianceMatrix
from models.opportunities.place import likeness, place, tenths
from models.opportunities.reasons import Reasons, text
from models.opportunities.rows import Opportunity

PLACED: Final = (
    "only collaborations are known: brands are ranked by where the score of collaborating, to rank "
    "by, places you among all the brand could ask; no probability of a deal and no money is known"
)
UNPLACED: Final = "no brand has a score of you: nothing is known to compare you by"


def courting_brands(matrix: AllianceMatrix, creator: int) -> list[Opportunity]:
    """Brands in the order of the creator's place in each one's order by `p_collaboration`.

    Scores of two brands cannot be compared, places can. Ties keep the order of brand ids; a brand
    for which the creator has no score is left out.
    """
    scores = matrix.columns["p_collaboration"]
    found: list[tuple[float, Opportunity]] = []
    for row in np.flatnonzero(matrix.columns["creator_id"] == creator).tolist():
        if np.isnan(scores[row]):
            continue
        position = int(matrix.columns["brand_id"][row])
        here = place(matrix, position, row)
        found.append((here, _of_brand(matrix, position, row, creator, tenths(here))))
    return [one for _, one in sorted(found, key=lambda placed: -placed[0])]


def _of_brand(
    matrix: AllianceMatrix, position: int, row: int, creator: int, interest: float
) -> Opportunity:
    brand = matrix.brands.iloc[position]
    status = int(matrix.columns["collaboration_status"][row])
    met = status >= 0 and matrix.texts["collaboration_status"][status] in HAPPENED
    reasons = Reasons()
    reasons.of_past("you have collaborated with the brand" if met else "")
    guess = "the place" if matrix.columns["extrapolated"][row] else None
    reasons.of_fit(likeness(matrix, position, creator), interest, guess)
    return Opportunity(
        rank=0,
        brand_id=str(brand["brand_id"]),
        brand_name=text(brand["name"]),
        industry=text(brand["industry"]),
        product_id=None,
        product_title=None,
        category=None,
        price=None,
        commission_rate=None,
        slot_fee=None,
        net_gmv=None,
        earnings=None,
        interest=interest,
        score=None,
        sessions_together=0,
        reasons=tuple(reasons.for_),
        counter_reasons=tuple(reasons.against),
    )
