"""How pairs are ranked where past collaborations are too few, or too bare, to learn from."""

from typing import Final

from models.collaboration.closeness import closeness, cosine, popularity
from models.collaboration.partners import Floats, Side, Ties
from models.collaboration.past import past_scores

CLOSENESS: Final = "closeness"
PAST: Final = "past collaborations"
MEANT: Final = {
    CLOSENESS: "closeness to past partners, as too few are known to learn from",
    PAST: "the number of other brands a creator has collaborated with, those of the brand's "
    "industry first, as no vectors of creators were given to compare partners by",
}
"""What each rule ranks by, and why nothing was learned instead."""


def rule_of(brands: Side, creators: Side, ties: Ties) -> str | None:
    """The rule these collaborations allow; None where none happened to go by."""
    if creators.vectors and (ties.nnz or brands.vectors):
        return CLOSENESS
    return PAST if ties.nnz else None


def rule_scores(rule: str, brands: Side, creators: Side, ties: Ties) -> Floats:
    """The score of each pair by what had happened, (brands, creators); nan where not known."""
    if rule == CLOSENESS:
        return closeness(brands, creators, ties)
    return past_scores(brands, ties)


def scores_of_rules(rule: str, brands: Side, creators: Side, ties: Ties) -> dict[str, Floats]:
    """The rule's scores, then those of its baselines, (brands, creators) each."""
    scores = {rule: rule_scores(rule, brands, creators, ties)}
    if rule == CLOSENESS:
        scores["cosine"] = cosine(brands, creators)
    return scores | {"popularity": popularity(brands, ties)}
