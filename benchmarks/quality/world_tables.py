"""Tables of known truth: shares of the oracle's by size and slice, fit, and learning curves."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from benchmarks.quality.world_scores import (
    ALL,
    BASELINES,
    HISTORY,
    NEW_BRANDS,
    NO_HISTORY,
    OBJECTIVES,
    RANKINGS,
    RISING,
    Scored,
)
from experiments.oracle import beyond_best, interval, pooled
from models.prediction import Floats
from pipelines.settings import LEARNED


def of_size(runs: Sequence[Scored], size: str) -> list[Scored]:
    return [run for run in runs if run.plan.size == size]


def pooled_shares(runs: Sequence[Scored], objective: str, name: str = ALL) -> Floats | None:
    """Shares of all rankings over the worlds that have such a slice."""
    found = [run.shares[objective, name] for run in runs if (objective, name) in run.shares]
    return pooled(found) if found else None


def size_table(runs: Sequence[Scored]) -> pd.DataFrame:
    """One row per ranking: share and what it recovers beyond the best baseline, per objective."""
    columns: dict[str, list[object]] = {"ranking": list(RANKINGS)}
    for objective in OBJECTIVES:
        shares = pooled_shares(runs, objective)
        assert shares is not None
        columns[objective] = [told(shares[:, i]) for i in range(len(RANKINGS))]
        beyond = beyond_best(shares, RANKINGS, BASELINES)[:, RANKINGS.index(LEARNED)]
        columns[f"{objective}: beyond"] = [*[""] * len(BASELINES), judged(beyond)]
    return pd.DataFrame(columns)


def slices_table(runs: Sequence[Scored]) -> pd.DataFrame:
    records = []
    for name in (NO_HISTORY, RISING, NEW_BRANDS):
        for objective in ("conversion", "GMV a line"):
            shares = pooled_shares(runs, objective, name)
            if shares is None:
                continue
            mean = shares[0, : len(BASELINES)]
            best = int(np.argmax(mean))
            ours = shares[:, RANKINGS.index(LEARNED)]
            records.append(
                {
                    "slice": name,
                    "cases": sum(run.creators[name] for run in runs),
                    "objective": objective,
                    "best baseline": BASELINES[best],
                    "its share": told(shares[:, best]),
                    "ours": told(ours),
                    "difference": judged(ours - shares[:, best]),
                }
            )
    return pd.DataFrame(records)


def fit_table(runs: Sequence[Scored], sizes: Sequence[str]) -> pd.DataFrame:
    records = []
    for name in (ALL, *HISTORY):
        record: dict[str, object] = {"creators with": "any history" if name == ALL else name}
        for size in sizes:
            of_this = of_size(runs, size)
            for predictor in (LEARNED, "logistic") if size == sizes[-1] else (LEARNED,):
                drawn = pooled([run.fit[predictor, name] for run in of_this])
                record[f"{size}: {predictor}"] = told(drawn)
        records.append(record)
    return pd.DataFrame(records)


def learning_curve(runs: Sequence[Scored]) -> pd.DataFrame:
    """One row per date: how much history, and shares and fit with their ends."""
    records = []
    for days in sorted({run.plan.days_before_end for run in runs}, reverse=True):
        of_date = [run for run in runs if run.plan.days_before_end == days]
        whole = of_date[0].plan.settings.days
        record: dict[str, object] = {
            "day": whole - days,
            "lines a creator": float(np.mean([run.lines for run in of_date])),
        }
        for objective in OBJECTIVES:
            shares = pooled_shares(of_date, objective)
            assert shares is not None
            record[objective] = told(shares[:, RANKINGS.index(LEARNED)])
            record[f"{objective}: best baseline"] = told(shares[:, : len(BASELINES)].max(axis=1))
        record["fit (R2)"] = told(pooled([run.fit[LEARNED, ALL] for run in of_date]))
        records.append(record)
    return pd.DataFrame(records)


def drawn_curve(curve: pd.DataFrame) -> Figure:
    """Shares of ours and of the best baseline, and the fit, by days of history."""
    figure = Figure(figsize=(9, 3), layout="constrained")
    panels = figure.subplots(1, len(OBJECTIVES) + 1)
    names = [(name, f"{name}: best baseline") for name in OBJECTIVES]
    for panel, (ours, best) in zip(panels, [*names, ("fit (R2)", "")], strict=True):
        for column, label, colour in ((ours, "ours", "C0"), (best, "best baseline", "C7")):
            if column:
                value, low, high = np.array([numbers(cell) for cell in curve[column]]).T
                panel.plot(curve["day"], value, color=colour, marker="o", label=label)
                panel.fill_between(curve["day"], low, high, color=colour, alpha=0.15)
        panel.set_title(ours, fontsize=9)
        panel.set_xlabel("days of history")
    panels[0].legend(fontsize=8)
    return figure


def told(drawn: Floats) -> str:
    """`0.950 (0.931 to 0.966)`; a dash where there is no case."""
    value, low, high = interval(drawn)
    return "–" if np.isnan(value) else f"{value:.3f} ({low:.3f} to {high:.3f})"


def judged(drawn: Floats) -> str:
    """The same with a verdict: better or worse where the interval excludes 0, else level."""
    _, low, high = interval(drawn)
    if np.isnan(low):
        return told(drawn)
    return f"{told(drawn)}, {'better' if low > 0 else 'worse' if high < 0 else 'level'}"


def numbers(cell: str) -> tuple[float, float, float]:
    """The three numbers of a `told` cell.

    >>> numbers("0.950 (0.931 to 0.966)")
    (0.95, 0.931, 0.966)
    """
    if cell == "–":
        return (float("nan"),) * 3
    value, low, _, high = cell.replace("(", "").replace(")", "").split()
    return float(value), float(low), float(high)
