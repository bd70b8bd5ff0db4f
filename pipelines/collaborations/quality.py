"""How well collaborations are ranked on brands held out: slices, calibration, what moves scores."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from experiments.collaborations import Ranked, collaboration_board
from experiments.metrics import calibration_table
from models.collaboration.partners import Positions
from models.collaboration.words import worded
from pipelines.collaborations.judge import LEARNED_NAME
from pipelines.collaborations.learn import LearnedCollaborations
from pipelines.columns import against_brand

DRAWS: Final = 200
INDUSTRIES: Final = 6
"""Told as slices: those with most brands judged."""
FEWEST: Final = 5
"""Brands below which a slice tells nothing."""
SAMPLED_BRANDS: Final = 40
SAMPLED_CREATORS: Final = 50


@dataclass(frozen=True)
class CollaborationQuality:
    """Tables of one training; each is empty where there is nothing to tell."""

    slices: pd.DataFrame
    """slice, brands, partners, then r10 and map with `_lo95` and `_hi95`, best_baseline and the
    verdict against it (better, level, worse)."""
    calibration: pd.DataFrame
    """As of `experiments.metrics.calibration_table`: trials are candidates of held-out brands."""
    moved: pd.DataFrame
    """group, factor (of the odds of being chosen), features in words, the strongest group first."""

    def metrics(self) -> dict[str, float]:
        """What of the slices is tracked; industries, whose names may be anything, are not."""
        return {
            f"collaboration/{row['slice']}/{measure}": row[measure]
            for row in self.slices.to_dict("records")
            if not row["slice"].startswith("industry ")
            for measure in ("r10", "map")
        }


def collaboration_quality(learned: LearnedCollaborations) -> CollaborationQuality:
    """Everything that the brands held out, and the predictor kept, tell."""
    return CollaborationQuality(_slices(learned), _calibration(learned), _moved(learned))


def _slices(learned: LearnedCollaborations) -> pd.DataFrame:
    records = []
    for name, ranked in _sliced(learned):
        if len(ranked) < FEWEST:
            continue
        board = collaboration_board(ranked, learned.ours, DRAWS).to_dict("records")
        of = {(str(row["measure"]), str(row["predictor"])): row for row in board}
        ours = {measure: of[measure, learned.ours] for measure in ("r10", "map")}
        others = [row for (m, name), row in of.items() if m == "map" and name != learned.ours]
        best = max(others, key=lambda row: row["value"])
        told: dict[str, Any] = {"slice": name, "brands": len(ranked)}
        told["partners"] = int(sum(brand.chosen.sum() for brand in ranked))
        for measure, row in ours.items():
            told |= {
                measure: row["value"],
                f"{measure}_lo95": row["lo95"],
                f"{measure}_hi95": row["hi95"],
            }
        told |= {"best_baseline": best["predictor"], "verdict": best["verdict"]}
        records.append(told)
    return pd.DataFrame(records)


def _sliced(learned: LearnedCollaborations) -> Iterator[tuple[str, list[Ranked]]]:
    """All; brands by how many partners they have and by industry; partners by their other brands.

    Of a slice of partners the others are no candidates; who was not chosen always is.
    """
    ranked = list(learned.ranked)
    if not ranked:
        return
    yield "all", ranked
    partners = np.array([brand.chosen.sum() for brand in ranked])
    third, two_thirds = (int(q) for q in np.quantile(partners, [1 / 3, 2 / 3]))
    for name, mask in (
        (f"brands with at most {third} partners", partners <= third),
        (f"brands with {third + 1} to {two_thirds}", (partners > third) & (partners <= two_thirds)),
        (f"brands with more than {two_thirds}", partners > two_thirds),
    ):
        yield name, [brand for brand, here in zip(ranked, mask, strict=True) if here]
    known = learned.known
    count = dict(
        zip(
            known.creators.ids.tolist(),
            np.bincount(known.ties.indices, minlength=len(known.creators)).tolist(),
            strict=True,
        )
    )
    for name, low, high in (
        ("partners without another brand", 0, 0),
        ("partners with one other brand", 1, 1),
        ("partners with several other brands", 2, np.inf),
    ):
        yield name, [part for brand in ranked if (part := _partners(brand, count, low, high))]
    of = dict(zip(known.brands.ids.tolist(), known.brands.category.tolist(), strict=True))
    industries = pd.Series([of[brand.brand_id] for brand in ranked])
    for industry in industries[industries != ""].value_counts().index[:INDUSTRIES]:
        yield f"industry {industry}", [b for b in ranked if of[b.brand_id] == industry]


def _partners(brand: Ranked, count: Mapping[str, int], low: float, high: float) -> Ranked | None:
    """The brand with those partners alone who have so many other brands; None without any."""
    others = np.array([count[creator] - 1 for creator in brand.creator_ids.tolist()])
    chosen = brand.chosen & (others >= low) & (others <= high)
    if not chosen.any():
        return None
    kept = chosen | ~brand.chosen
    scores = {name: values[kept] for name, values in brand.scores.items()}
    return replace(brand, creator_ids=brand.creator_ids[kept], chosen=chosen[kept], scores=scores)


def _calibration(learned: LearnedCollaborations) -> pd.DataFrame:
    """Share of candidates that a score says are chosen, and that were.

    A brand's partners share its candidates by the odds that scores stand for (`odds_per_point`).
    """
    a_point = learned.told.get("odds_per_point")
    if a_point is None:
        return pd.DataFrame()
    said, happened = [], []
    for brand in learned.ranked:
        known = np.isfinite(brand.scores[LEARNED_NAME])
        odds = a_point * brand.scores[LEARNED_NAME][known]
        if not len(odds):
            continue
        share = np.exp(odds - odds.max())
        chosen = brand.chosen[known]
        said.append(np.minimum(share / share.sum() * chosen.sum(), 1))
        happened.append(chosen.astype(float))
    p, k = np.concatenate(said), np.concatenate(happened)
    return calibration_table(k, np.ones(len(k)), p)


def _moved(learned: LearnedCollaborations) -> pd.DataFrame:
    """By what each group of facts typically moves the odds, among candidates of one brand."""
    predictor, a_point = learned.predictor, learned.told.get("odds_per_point")
    if predictor is None or a_point is None:
        return pd.DataFrame()
    known = learned.known
    brands = _spaced(len(known.brands), SAMPLED_BRANDS)
    creators = _spaced(len(known.creators), SAMPLED_CREATORS)
    rows = np.repeat(brands, len(creators)), np.tile(creators, len(brands))
    _, added = predictor.contributions(known.brands, known.creators, known.ties, rows)
    there = np.isfinite(added).all(axis=1)
    if not there.any():
        return pd.DataFrame()
    held = a_point * against_brand(added[there], known.brands.ids[rows[0][there]].astype(object))
    words = worded(predictor.pairs_.names)
    each = np.abs(held[:, : len(words)]).mean(axis=0)
    records = []
    for group in dict.fromkeys(word.group for word in words):
        members = [i for i, word in enumerate(words) if word.group == group]
        together = float(np.abs(held[:, members].sum(axis=1)).mean())
        strongest = sorted((i for i in members if each[i] > 0), key=lambda i: -each[i])[:3]
        told = [words[i].words.rsplit(", ", 1)[0] for i in strongest]
        records.append({"group": group, "factor": float(np.exp(together)), "features": told})
    table = pd.DataFrame(records)
    return table.sort_values("factor", ascending=False, kind="stable", ignore_index=True)


def _spaced(n: int, most: int) -> Positions:
    """At most so many of n, evenly spaced."""
    return np.unique(np.linspace(0, n - 1, min(n, most)).astype(np.intp))
