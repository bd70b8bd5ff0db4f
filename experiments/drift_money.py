"""Money that came beside money forecast, and whether forecasts err otherwise than when evaluated.

A forecast of money may be off from the start: only a change of its error is drift.
"""

from collections.abc import Mapping
from math import exp, isnan, log
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from experiments.promise import drawn_sums
from models.prediction import Floats

Mask = npt.NDArray[np.bool_]
EVENINGS: Final = 3.0
"""Squared coefficient of variation of an evening's GMV: log sd 1.2 within a host."""
Z95: Final = float(ndtri(0.975))
MEASURES: Final = ("said", "happened", "ratio", "ratio_lo95", "ratio_hi95", "ratio_se")


def judged_money(
    frame: pd.DataFrame, slices: Mapping[str, Mask], random_state: int = 0
) -> pd.DataFrame:
    """One row per slice: money a line said and happened, ratio and its 95 % interval.

    The frame has brand_id, creator_id, the sums `lines`, `said` and `happened` of each row, and
    its `weight` in the ratio (`line_weight`: else one head creator would decide it alone).
    Brands and creators are drawn anew; `ratio_se` is of the ratio's logarithm. nan without any.
    `creators` counts as many of equal weight as would spread it as far: where a few sell nearly
    everything, others drawn anew say little.
    """
    records = [
        {"slice": name, **_slice(frame[mask], random_state)} for name, mask in slices.items()
    ]
    return pd.DataFrame(records)


def _slice(part: pd.DataFrame, random_state: int) -> dict[str, Any]:
    lines, said, happened = (float(part[name].sum()) for name in ("lines", "said", "happened"))
    told = {
        "pairs": len(part[["brand_id", "creator_id"]].drop_duplicates()),
        "creators": _effective(part),
        "lines": lines,
        **dict.fromkeys(MEASURES, float("nan")),
    }
    if not (lines > 0 and said > 0 and happened > 0):
        return told
    clusters = [part["brand_id"].to_numpy(dtype=str), part["creator_id"].to_numpy(dtype=str)]
    weight = part["weight"].to_numpy(dtype=np.float64)
    columns = [weight * part[name].to_numpy(dtype=np.float64) for name in ("happened", "said")]
    drawn = drawn_sums(columns, clusters, random_state)
    drawn = drawn[:, (drawn > 0).all(axis=0)]
    off = log(columns[0].sum() / columns[1].sum())
    se = float(np.std(np.log(drawn[0] / drawn[1])))
    return told | {
        "said": said / lines,
        "happened": happened / lines,
        **_ends("ratio", off, se),
    }


def line_weight(a_line: Floats, an_order: Floats) -> Floats:
    """How much a line counts: 1 / (variance of its money over its forecast).

    Orders come by chance (variance: forecast x money of an order), and evenings differ by a
    factor (`EVENINGS` x forecast^2).
    """
    return np.asarray(1 / (an_order + EVENINGS * a_line))


def _effective(part: pd.DataFrame) -> float:
    """1 / sum of squared shares of the creators in what is compared, said or happened."""
    weighted = part[["said", "happened"]].mul(part["weight"], axis=0)
    sums = weighted.groupby(part["creator_id"]).sum().to_numpy(dtype=np.float64)
    squared = (sums**2).sum(axis=0)
    if not (squared > 0).all():
        return 0.0
    return float((sums.sum(axis=0) ** 2 / squared).min())


def against_evaluation(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """The slices of `now` with `then`, the ratio of the same slice when the model was evaluated,
    and `change`, now over then, with its 95 % interval (nan where either is not known).
    """
    before = {row["slice"]: row for row in then.to_dict("records")}
    records = []
    for row in now.to_dict("records"):
        old = before.get(row["slice"])
        off = float("nan") if old is None else log(row["ratio"]) - log(old["ratio"])
        se = float("nan") if old is None else float(np.hypot(row["ratio_se"], old["ratio_se"]))
        fewest = 0 if old is None else min(row["creators"], old["creators"])
        told = {"then": float("nan") if old is None else old["ratio"], "both_creators": fewest}
        records.append(row | told | _ends("change", off, se))
    return pd.DataFrame(records)


def changed(table: pd.DataFrame | None, fewest_creators: int) -> dict[str, Mapping[Any, Any]]:
    """The slices whose change is known from enough creators, by name."""
    rows = [] if table is None else table.to_dict("records")
    return {
        str(row["slice"]): row
        for row in rows
        if not isnan(row["change"]) and row["both_creators"] >= fewest_creators
    }


def _ends(name: str, off: float, se: float) -> dict[str, float]:
    return {
        name: exp(off),
        f"{name}_lo95": exp(off - Z95 * se),
        f"{name}_hi95": exp(off + Z95 * se),
        f"{name}_se": se,
    }
