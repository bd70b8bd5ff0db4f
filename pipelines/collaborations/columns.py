"""What past collaborations say of each pair: how likely a yes, and who a brand would choose."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from features.facts import Facts
from features.history import collaboration_history
from features.tables import FeatureTables
from features.terms import TERMS
from models.acceptance.invitations import Invitations
from models.acceptance.predictor import fit_offer_acceptance
from models.acceptance.terms import OfferTerms
from models.bundle import AllianceModel
from models.collaboration.partners import Floats, Positions, Side
from models.collaboration.predictor import CollaborationPredictor
from models.fulfilment import Fulfilment, fulfilment
from pipelines.collaborations.known import Collaborations, collaborations_as_of, sides_of
from pipelines.collaborations.reach import reach
from pipelines.collaborations.reasons import REASON_COLUMNS, ScoreReasons, score_reasons
from pipelines.collaborations.rules import MEANT, rule_scores
from pipelines.columns import Columns

SCORE_NOT_PROBABILITY = "p_collaboration is a score to rank by, not a probability"
NEVER_DECLINED = (
    "no invitation was ever declined in the source, so a yes cannot be told from silence"
)
NO_VECTORS = "no vectors of creators were given to compare partners by"
NOTHING_LEARNED = "nothing was learned of whom brands choose, so nothing is known to move the score"


@dataclass(frozen=True)
class CollaborationColumns:
    """What past collaborations add to the matrix and to its manifest."""

    columns: Columns
    absent: dict[str, str]
    """Columns without a value -> why."""
    notes: tuple[str, ...] = ()
    terms: OfferTerms | None = None
    fulfilment: Fulfilment | None = None


def collaboration_columns(
    columns: Columns,
    facts: Facts,
    tables: FeatureTables,
    as_of: date,
    model: AllianceModel,
    explained: int | None,
) -> CollaborationColumns:
    """`p_accept` (with its interval) and `p_collaboration` of each pair; where no sale is forecast
    the reasons of the latter, for the `explained` best of each brand (None: for all).

    P(accept) is of an offer on the terms that `profit` was reckoned with: the pair's columns
    commission_rate and slot_fee, as asked where those are not known.
    """
    history = collaboration_history(facts, as_of)
    if not len(history):
        why = "the source has no collaborations"
        return CollaborationColumns({}, {"p_accept": why, "p_collaboration": why})
    known = collaborations_as_of(facts, tables, as_of, history)
    live = fulfilment(history, as_of)
    made: Columns = {}
    absent: dict[str, str] = {}
    learned = fit_offer_acceptance(history, sides_of(tables, known))
    accepted = learned.predict(Invitations.of(pd.DataFrame(_offered(columns))))
    if np.isnan(accepted.p).all():
        absent["p_accept"] = NEVER_DECLINED
    else:
        made |= dict(zip(("p_accept", "p_accept_lo80", "p_accept_hi80"), accepted, strict=True))
    if model.predictors and not known.creators.vectors:
        absent["p_collaboration"] = NO_VECTORS
        return CollaborationColumns(made, absent, (), learned.terms, live)
    brands, creators = columns["brand_id"].astype(str), columns["creator_id"].astype(str)
    rows = (_positions(known.brands, brands), _positions(known.creators, creators))
    scores, how = _scores(known, rows, model.collaboration)
    if np.isnan(scores).all():
        absent["p_collaboration"] = "no vector of a creator, or no collaboration, to compare by"
        return CollaborationColumns(made, absent, (), learned.terms, live)
    made["p_collaboration"] = scores
    if not model.predictors:
        outside = reach(known.brands, known.creators, known.ties, model.collaboration, rows)
        made |= {"extrapolated": pd.notna(outside), "extrapolated_why": outside}
    note, of_score = f"{SCORE_NOT_PROBABILITY}: {how}", ScoreReasons()
    if model.collaboration is None and "reason1_feature" not in columns:
        of_score = ScoreReasons(absent=dict.fromkeys(REASON_COLUMNS, NOTHING_LEARNED))
    elif model.collaboration is not None and "reason1_feature" not in columns:
        sides = known.brands, known.creators, known.ties
        a_point = model.manifest["collaboration"].get("odds_per_point")
        of_score = score_reasons(model.collaboration, sides, rows, scores, a_point, explained)
    return CollaborationColumns(
        made | of_score.columns,
        absent | of_score.absent,
        (note, *of_score.notes),
        learned.terms,
        live,
    )


def _offered(columns: Columns) -> Columns:
    names = ("brand_id", "creator_id", *TERMS)
    return {name: columns[name] for name in names if name in columns}


def _scores(
    known: Collaborations,
    rows: tuple[Positions, Positions],
    predictor: CollaborationPredictor | None,
) -> tuple[Floats, str]:
    """The learned score of each row, or that of a rule where nothing was learned; and which."""
    if predictor is not None:
        how = "learned from past collaborations, for brands without any too"
        return predictor.scores(known.brands, known.creators, known.ties, rows), how
    if known.rule is None:
        return np.full(len(rows[0]), np.nan), "no collaboration happened to go by"
    grid = rule_scores(known.rule, known.brands, known.creators, known.ties)
    return grid[rows], MEANT[known.rule]


def _positions(side: Side, ids: np.ndarray) -> Positions:
    return pd.Index(side.ids).get_indexer(pd.Index(ids)).astype(np.intp)
