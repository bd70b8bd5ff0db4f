"""Drift: are published forecasts still true, and is it time to train again."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, exp, isnan, log
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from experiments.drift_money import changed
from experiments.metrics import log_losses
from experiments.promise import drawn_sums, held80
from models.prediction import Floats, Target

Mask = npt.NDArray[np.bool_]

TOLERANCE: Final = 1.2
"""A level that is off by less than this factor is no reason to train again."""
TELLS: Final = 1.25
"""Factor that the 95 % interval must be able to tell from 1 before "no need" is said."""
FALSE_ALARM: Final = 0.01
"""Of one look, shared by all slices."""
COVERAGE_LOST: Final = 0.15
"""Share of outcomes fewer within their 80 % ranges than at training that is a reason."""
FEWEST_CREATORS: Final = 10
"""Below, creators drawn anew say nothing about others."""
COLUMNS: Final = ("brand_id", "creator_id", "k", "n", "said", "baseline", "spread")
"""Of a frame to judge: successes and trials of a pair in a while, the forecast and the shrunken
rate known then, and how far the rate over so many lines may lie from it (sd of its logit)."""


@dataclass(frozen=True)
class Verdict:
    """Whether to train again: yes, no, or None where too little happened; and why."""

    retrain: bool | None
    sentence: str
    more_sessions: int | None = None
    """About how many more would tell, where too few did."""


def judged(
    frame: pd.DataFrame,
    slices: Mapping[str, Mask],
    random_state: int = 0,
) -> pd.DataFrame:
    """One row per slice: said, happened, ratio and its interval, losses, ranges that held.

    `difference` is the log-loss a trial of the forecasts less that of the shrunken rate.
    Intervals are 95 %, brands and creators drawn anew; `_se` are on the scale used (log ratio).
    """
    table = _losses(frame)
    records = [
        {"slice": name, **_slice(table[mask], random_state)} for name, mask in slices.items()
    ]
    return pd.DataFrame(records)


def _losses(frame: pd.DataFrame) -> pd.DataFrame:
    k, n, said, baseline, spread = (frame[name].to_numpy(dtype=np.float64) for name in COLUMNS[2:])
    return frame.assign(
        expected=n * said,
        loss=log_losses(k, n, said),
        baseline_loss=log_losses(k, n, np.nan_to_num(baseline, nan=0.5)),
        inside=held80(k, n, said, spread, Target.CONVERSION),
        tried=(n > 0).astype(float),
    )


def _slice(part: pd.DataFrame, random_state: int) -> dict[str, Any]:
    nan = float("nan")
    trials = float(part["n"].sum())
    told: dict[str, Any] = {
        "pairs": len(part[["brand_id", "creator_id"]].drop_duplicates()),
        "creators": int(part["creator_id"].nunique()),
        "trials": trials,
        **dict.fromkeys(MEASURES, nan),
    }
    if not trials or not float(part["expected"].sum()):
        return told
    columns = [part[name].to_numpy(dtype=np.float64) for name in SUMMED]
    columns[-2] = np.nan_to_num(columns[-2])
    clusters = [part["brand_id"].to_numpy(dtype=str), part["creator_id"].to_numpy(dtype=str)]
    whole = [float(column.sum()) for column in columns]
    drawn = drawn_sums(columns, clusters, random_state)
    drawn = drawn[:, drawn[2] > 0]
    off = log((whole[0] + 0.5) / (whole[1] + 0.5))
    off_se = float(np.std(np.log((drawn[0] + 0.5) / (drawn[1] + 0.5))))
    difference = (whole[3] - whole[4]) / trials
    difference_se = float(np.std((drawn[3] - drawn[4]) / drawn[2]))
    held, held_se = whole[5] / whole[6], float(np.std(drawn[5] / np.maximum(drawn[6], 1)))
    if part["baseline"].isna().all():
        difference = difference_se = nan
    return told | {
        "said": whole[1] / trials,
        "happened": whole[0] / trials,
        "ratio": exp(off),
        "ratio_lo95": exp(off - Z95 * off_se),
        "ratio_hi95": exp(off + Z95 * off_se),
        "ratio_se": off_se,
        "loss": whole[3] / trials,
        "difference": difference,
        "difference_lo95": difference - Z95 * difference_se,
        "difference_hi95": difference + Z95 * difference_se,
        "difference_se": difference_se,
        "covered80": held,
        "covered80_se": held_se,
    }


Z95: Final = float(ndtri(0.975))
SUMMED: Final = ("k", "expected", "n", "loss", "baseline_loss", "inside", "tried")
MEASURES: Final = (
    "said",
    "happened",
    "ratio",
    "ratio_lo95",
    "ratio_hi95",
    "ratio_se",
    "loss",
    "difference",
    "difference_lo95",
    "difference_hi95",
    "difference_se",
    "covered80",
    "covered80_se",
)


def verdict(
    table: pd.DataFrame,
    promised: Mapping[str, Mapping[str, float]],
    sessions: int,
    money: pd.DataFrame | None = None,
) -> Verdict:
    """Train again or not, from `judged` slices ("all" among them) and what training promised.

    Again when, with all slices sharing a false alarm rate of 1 %, a slice's level is surely off
    by more than the tolerance, or its money (`against_evaluation`) by more than the tolerance
    otherwise than when the model was evaluated; or over all pairs the forecasts are surely worse
    than the shrunken rate though they were not at training, or far fewer outcomes lie within their
    ranges than then. No need when the level of conversion could have been told from 1; else more
    sessions are asked for.
    """
    of_slice = {str(row["slice"]): row for row in table.to_dict("records")}
    whole = of_slice.get("all")
    if whole is None or isnan(whole["ratio"]):
        return Verdict(None, "Not enough data: nothing that was forecast has happened since.")
    enough = {
        name: row
        for name, row in of_slice.items()
        if not isnan(row["ratio"]) and row["creators"] >= FEWEST_CREATORS
    }
    of_money = changed(money, FEWEST_CREATORS)
    sure = float(-ndtri(FALSE_ALARM / 2 / max(len(enough) + len(of_money), 1)))
    why = [*_level("conversion was", enough, "ratio", "than forecast", sure)]
    why += _level("GMV was", of_money, "change", "of its forecast than at evaluation,", sure)
    why += _skill(whole, promised.get("all", {}))
    why += _coverage(whole, promised.get("all", {}))
    if why:
        return Verdict(True, f"Retrain now because {'; '.join(why)}.")
    lacking = (Z95 * whole["ratio_se"] / log(TELLS)) ** 2
    if lacking > 1 or whole["creators"] < FEWEST_CREATORS:
        factor = max(lacking, FEWEST_CREATORS / max(whole["creators"], 1))
        more = max(ceil(sessions * (factor - 1)), 1)
        return Verdict(
            None,
            f"Not enough data: after {sessions:,} sessions happened / said is "
            f"{_interval(whole)}; about {more:,} more sessions would tell.",
            more,
        )
    return Verdict(
        False,
        f"No need yet: over {sessions:,} sessions happened / said is {_interval(whole)}"
        f"{_money(of_money.get('all'))}, and nothing is surely worse than at training.",
    )


def _level(
    what: str, rows: Mapping[str, Mapping[Any, Any]], name: str, than: str, sure: float
) -> list[str]:
    """The slices whose ratio `name` is surely off by more than the tolerance, the overall first."""
    found = []
    for of, row in rows.items():
        off = log(row[name])
        if abs(off) - sure * row[f"{name}_se"] > log(TOLERANCE):
            more = "more" if off > 0 else "less"
            where = "overall" if of == "all" else f"of {of}"
            share = abs(row[name] - 1)
            found.append((of != "all", -abs(off), f"{share:.0%} {more} {than} {where}"))
    return [f"{what} {', '.join(words for _, _, words in sorted(found)[:3])}"] * bool(found)


def _skill(whole: Mapping[Any, Any], promised: Mapping[str, float]) -> list[str]:
    sure = float(-ndtri(FALSE_ALARM / 2))
    if not whole["difference"] - sure * whole["difference_se"] > 0:
        return []
    if whole["creators"] < FEWEST_CREATORS or promised.get("difference_hi95", -1.0) > 0:
        return []
    return [
        "the shrunken rate known at the time forecast better "
        f"({whole['difference']:+.2g} log-loss a trial), which it did not at training"
    ]


def _coverage(whole: Mapping[Any, Any], promised: Mapping[str, float]) -> list[str]:
    then = promised.get("covered80")
    if then is None or whole["creators"] < FEWEST_CREATORS:
        return []
    sure = float(-ndtri(FALSE_ALARM / 2))
    if whole["covered80"] + sure * whole["covered80_se"] > then - COVERAGE_LOST:
        return []
    return [f"{whole['covered80']:.0%} lay within the 80 % ranges, {then:.0%} at training"]


def _interval(row: Mapping[Any, Any], name: str = "ratio") -> str:
    return f"{row[name]:.2f} (95 % from {row[f'{name}_lo95']:.2f} to {row[f'{name}_hi95']:.2f})"


def _money(whole: Mapping[Any, Any] | None) -> str:
    told = "" if whole is None else _interval(whole, "change")
    return f", of GMV {told} times what it was at evaluation" if told else ""


def evidence(known: Floats) -> dict[str, Mask]:
    """Pairs by what was known of the creator then: cold, and thirds of the others."""
    warm = known > 0
    third, two_thirds = np.quantile(known[warm], [1 / 3, 2 / 3]) if warm.any() else (0.0, 0.0)
    return {
        "cold creators": ~warm,
        "thin creators": warm & (known <= third),
        "medium creators": warm & (known > third) & (known <= two_thirds),
        "rich creators": warm & (known > two_thirds),
    }
