"""A champion's collaboration scores against a challenger's, on what came after the champion."""

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from experiments.collaborations import Ranked, collaboration_board
from experiments.leaderboard import Verdict
from features.facts import midnight
from models.collaboration.partners import tied
from models.collaboration.predictor import CollaborationPredictor
from pipelines.collaborations.judge import LEARNED_NAME
from pipelines.collaborations.learn import LearnedCollaborations

FEWEST_NEW_BRANDS: Final = 5
"""With collaborations that a champion has not learned, to compare it by."""


def compared_collaborations(
    learned: LearnedCollaborations, champion: CollaborationPredictor, until: date, seed: int
) -> Verdict | None:
    """Challenger against champion on collaborations after the champion's training.

    The challenger is judged by scores of predictors that had not seen these brands (or weeks).
    None where too few brands have any.
    """
    known, start = learned.known, midnight(until)
    late = known.first[known.first["at"] >= start]
    new = set(zip(late["brand_id"], late["creator_id"], strict=True))
    earlier = known.first[known.first["at"] < start]
    pairs = []
    old = tied(known.brands.ids, known.creators.ids, earlier)
    place = pd.Index(known.brands.ids), pd.Index(known.creators.ids)
    for brand in learned.ranked:
        is_new = np.array([(brand.brand_id, c) in new for c in brand.creator_ids.tolist()])
        kept = is_new | ~brand.chosen
        if not is_new.any():
            continue
        creators = place[1].get_indexer(pd.Index(brand.creator_ids[kept])).astype(np.intp)
        rows = np.full(len(creators), place[0].get_loc(brand.brand_id), np.intp), creators
        by_champion = champion.scores(known.brands, known.creators, old, rows)
        scores = {"challenger": brand.scores[LEARNED_NAME][kept], "champion": by_champion}
        pairs.append(Ranked(brand.brand_id, brand.creator_ids[kept], is_new[kept], scores))
    if len(pairs) < FEWEST_NEW_BRANDS:
        return None
    board = collaboration_board(pairs, "challenger", random_state=seed)
    row = board[(board["measure"] == "map") & (board["predictor"] == "champion")].iloc[0]
    better = bool(row["difference_lo95"] > 0)
    sentence = (
        f"{'Better' if better else 'Not better'}: mean average precision of new collaborations "
        f"changes by {row['difference']:+.4f} (95 % from {row['difference_lo95']:+.4f} to "
        f"{row['difference_hi95']:+.4f}, over {len(pairs)} brands)."
    )
    return Verdict(
        better,
        -float(row["difference"]),
        -float(row["difference_hi95"]),
        -float(row["difference_lo95"]),
        sentence,
    )
