"""Drift of rankings: do those published earlier find whom brands then chose, as at training."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, hypot, isnan
from typing import Any, Final

import pandas as pd

from experiments.collaborations import Ranked, collaboration_board

SCORE: Final = "published"
"""The name of the score in what is judged here."""
DRAWS: Final = 500
MEASURES: Final = ("auc", "map", "r10", "r50")
DECIDES: Final = "auc"
"""Alone it does not depend on how many candidates and later partners a brand has."""
TELLS: Final = 0.05
"""A loss of AUC that the 95 % interval must be able to tell before "no need" is said."""
FEWEST_BRANDS: Final = 10
"""Below, brands drawn anew say nothing about others."""
FEWEST_OF_SLICE: Final = 5

Level = tuple[float, float, float]
"""A measure with the ends of its 95 % interval."""


@dataclass(frozen=True)
class RankingVerdict:
    """Whether to train again: yes, no, or None where too little happened; and why."""

    retrain: bool | None
    sentence: str
    more_ties: int | None = None
    """About how many more would tell, where too few did."""


def judged_rankings(slices: Mapping[str, Sequence[Ranked]], random_state: int = 0) -> pd.DataFrame:
    """One row per slice with enough brands, "all" always: brands, ties, then MEASURES with their
    `_lo95` and `_hi95`; brands and creators drawn anew.
    """
    return pd.DataFrame(
        [
            _judged(name, ranked, random_state)
            for name, ranked in slices.items()
            if name == "all" or _brands(ranked) >= FEWEST_OF_SLICE
        ]
    )


def _judged(name: str, ranked: Sequence[Ranked], random_state: int) -> dict[str, Any]:
    board = collaboration_board(ranked, SCORE, DRAWS, random_state).set_index("measure")
    told: dict[str, Any] = {
        "slice": name,
        "brands": _brands(ranked),
        "ties": int(sum(brand.chosen.sum() for brand in ranked)),
    }
    for measure in MEASURES:
        value, low, high = board.loc[measure, ["value", "lo95", "hi95"]].astype(float)
        told |= {measure: value, f"{measure}_lo95": low, f"{measure}_hi95": high}
    return told


def _brands(ranked: Sequence[Ranked]) -> int:
    return len({brand.brand_id for brand in ranked})


def ranking_verdict(whole: Mapping[Any, Any], then: Mapping[str, Level]) -> RankingVerdict:
    """Train again or not, from the row "all" of `judged_rankings` and the levels at training.

    Again when the 95 % interval of the change of AUC, the doubt about both levels in it (the root
    of the sum of both half-widths squared), lies below 0. No need when a loss of TELLS would have
    been seen; else more ties are asked for.
    """
    brands, ties = int(whole["brands"]), int(whole["ties"])
    happened = f"{ties:,} later ties of {brands:,} brands"
    now = (whole["auc"], whole["auc_lo95"], whole["auc_hi95"])
    was = then.get(DECIDES)
    if was is None or isnan(was[0]):
        return RankingVerdict(
            None,
            f"Cannot tell: AUC is {_interval(now)} over {happened}, at training none was held out.",
        )
    if isnan(now[1]) or brands < FEWEST_BRANDS:
        more = ceil(ties * (FEWEST_BRANDS / brands - 1)) if brands < FEWEST_BRANDS else None
        return RankingVerdict(
            None,
            f"Not enough data: {happened} are too few to tell; from {FEWEST_BRANDS} brands on "
            "they are judged.",
            more,
        )
    change, half_now, half_then = now[0] - was[0], _half(now), _half(was)
    half = hypot(half_now, half_then)
    compared = f"AUC is {_interval(now)} over {happened}, at training {_interval(was)}"
    if change + half < 0:
        return RankingVerdict(True, f"Retrain now because {compared}.")
    if half <= TELLS:
        return RankingVerdict(False, f"No need yet: {compared}.")
    if half_then >= TELLS:
        why = f"its level at training is not known to {TELLS:g}"
        return RankingVerdict(None, f"Not enough data: {compared}; {why}.")
    more = max(ceil(ties * (half_now**2 / (TELLS**2 - half_then**2) - 1)), 1)
    asked = f"about {more:,} more ties would tell a loss of {TELLS:g}"
    return RankingVerdict(None, f"Not enough data: {compared}; {asked}.", more)


def _half(level: Level) -> float:
    return 0.0 if isnan(level[1]) else (level[2] - level[1]) / 2


def _interval(level: Level) -> str:
    if isnan(level[1]):
        return f"{level[0]:.3f}"
    return f"{level[0]:.3f} (95 % from {level[1]:.3f} to {level[2]:.3f})"
