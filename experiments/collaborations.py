"""How well scores find the creators who did collaborate, brand by brand, and how sure that is.

Brands and creators are both samples, so both are drawn with replacement: a creator drawn twice
is ranked twice, next to itself, and a brand that was asked twice is drawn with both its answers.
Every scorer is judged on the same draws.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.prediction import Floats

MEASURES: Final = ("auc", "r10", "r50", "mrr", "map")
"""Area under the ROC curve, recall in the first 10 and 50, mean reciprocal rank of the first
partner, mean average precision: means over brands."""


@dataclass(frozen=True)
class Ranked:
    """One brand, the creators it could have had, those it did have, and a score by each scorer."""

    brand_id: str
    creator_ids: npt.NDArray[np.str_]
    chosen: npt.NDArray[np.bool_]
    scores: Mapping[str, Floats]


def measures(scores: Floats, chosen: npt.NDArray[np.bool_], copies: Floats | None = None) -> Floats:
    """(draws, 5): MEASURES when candidate i comes copies[draw, i] times (default: once, (1, 5)).

    Higher scores rank first, ties keep the order given, nan ranks last. nan without a chosen
    candidate (or, for the AUC, without another one).
    """
    order = np.argsort(-np.nan_to_num(scores, nan=-np.inf), kind="stable")
    times = np.ones((1, len(scores))) if copies is None else copies
    times, hit = times[:, order], chosen[order]
    through = np.cumsum(times, axis=1)
    own = times[:, hit]
    before = through[:, hit] - own
    found = np.cumsum(own, axis=1) - own
    partners, all_ = own.sum(axis=1), through[:, -1]
    others = all_ - partners
    recalls = [
        (np.clip(before + own, None, k) - np.clip(before, None, k)).sum(axis=1) for k in (10, 50)
    ]
    first = np.where(own > 0, before, np.inf).min(axis=1, initial=np.inf)
    precision = np.zeros(len(times))
    for i in range(1, int(own.max(initial=0)) + 1):
        precision += np.where(own >= i, (found + i) / (before + i), 0).sum(axis=1)
    below = (own * (others[:, None] - (before - found))).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_partner = [recall / partners for recall in recalls]
        auc = below / (partners * others)
        table = [auc, *by_partner, np.where(partners > 0, 1 / (first + 1), np.nan)]
        return np.column_stack([*table, precision / partners])


def collaboration_board(
    ranked: Sequence[Ranked], ours: str, draws: int = 500, random_state: int = 0
) -> pd.DataFrame:
    """One row per measure and scorer, in the order given.

    `value` with its 95 % interval (`lo95`, `hi95`), `difference` of ours to this scorer with its
    paired interval and a verdict on ours (better, level, worse; empty for itself), `brands`.
    """
    scorers = list(ranked[0].scores)
    told = drawn_measures(ranked, draws, random_state)
    records = []
    for m, measure in enumerate(MEASURES):
        for s, scorer in enumerate(scorers):
            value, gap = told[s, :, m], told[scorers.index(ours), :, m] - told[s, :, m]
            low, high = _ends(value)
            gap_low, gap_high = _ends(gap)
            verdict = "better" if gap_low > 0 else "worse" if gap_high < 0 else "level"
            records.append(
                {
                    "measure": measure,
                    "predictor": scorer,
                    "value": float(value[0]),
                    "lo95": low,
                    "hi95": high,
                    "difference": float(gap[0]),
                    "difference_lo95": gap_low,
                    "difference_hi95": gap_high,
                    "verdict": "" if scorer == ours else verdict,
                    "brands": len(ranked),
                }
            )
    return pd.DataFrame(records)


def drawn_measures(ranked: Sequence[Ranked], draws: int, random_state: int) -> Floats:
    """(scorers, draws + 1, measures): means over brands as they are, then of each draw."""
    random = np.random.default_rng(random_state)
    creators = np.unique(np.concatenate([brand.creator_ids for brand in ranked]))
    of_creator = _times(len(creators), draws, random)
    brands = {name: i for i, name in enumerate(dict.fromkeys(brand.brand_id for brand in ranked))}
    of_brand = _times(len(brands), draws, random)
    scorers = list(ranked[0].scores)
    total = np.zeros((len(scorers), draws + 1, len(MEASURES)))
    weight = np.zeros_like(total)
    for brand in ranked:
        copies = of_creator[:, np.searchsorted(creators, brand.creator_ids)].astype(float)
        drawn = of_brand[:, brands[brand.brand_id], None]
        for s, scorer in enumerate(scorers):
            each = measures(brand.scores[scorer], brand.chosen, copies)
            said = drawn * ~np.isnan(each)
            total[s] += said * np.nan_to_num(each)
            weight[s] += said
    return np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > 0)


def _times(things: int, draws: int, random: np.random.Generator) -> npt.NDArray[np.int16]:
    drawn = random.multinomial(things, np.full(things, 1 / things), size=draws)
    return np.vstack([np.ones(things), drawn]).astype(np.int16)


def _ends(drawn: Floats) -> tuple[float, float]:
    """Central 95 % of what draws add to their mean, around what was found; nan without a draw.

    A draw lacks a third of the creators, first partners among them: by itself that lowers
    reciprocal ranks and raises precision, which is no uncertainty and is taken off.
    """
    said = drawn[1:][~np.isnan(drawn[1:])]
    if len(said) == 0:
        return float("nan"), float("nan")
    low, high = np.quantile(said - said.mean(), [0.025, 0.975]) + drawn[0]
    return float(low), float(high)
