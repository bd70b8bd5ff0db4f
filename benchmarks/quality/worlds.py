"""Known truth: simulated worlds of three sizes, and what of the oracle's lists is recovered."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from benchmarks.quality.report import save_svg, table
from benchmarks.quality.section import QualitySettings, Section
from benchmarks.quality.world_growth import growing_sentence, growth_table
from benchmarks.quality.world_runs import PROCESSES, SIZES, WorldPlan, each_run
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
    scored,
)
from experiments.oracle import beyond_best, interval, pooled
from models.prediction import Floats
from pipelines.progress import Progress, silent
from pipelines.settings import LEARNED

TITLE: Final = "Known truth: simulated worlds"
SEEDS: Final = range(5)
PLANS: Final = tuple(
    WorldPlan(size, seed) for size in ("small", "medium", "large") for seed in SEEDS
)
"""As of each world's end; shared with the section on uncertainty."""
EARLIER: Final = tuple(
    WorldPlan("medium", seed, days) for days in (405, 270, 135) for seed in SEEDS[:3]
)
"""Three of the same worlds when a quarter, a half and three quarters of their days had passed."""
SMALL_PLANS: Final = (WorldPlan("tiny", 0), WorldPlan("tiny", 1), WorldPlan("tiny", 0, 60))

HEAD: Final = """
{worlds} worlds ({sizes}) were simulated, stored and trained on like any source; each has creators,
brands and products whose true rates only its maker knows. Forecasts of the exact grid as of a
world's end are judged by what is true on its last day (paid traffic as usual, no campaign). Every
creator is ranked for every brand with an active product, and a list is judged by the mean truth
of its first ten:

- **conversion**: mean over the brand's active products; share of the oracle's lift (0 is a blind
  draw, 1 the oracle);
- **GMV a line**: impressions x click-through x conversion x price, mean over the brand's active
  products; share of the oracle's worth;
- **net GMV of the named product**: a creator comes with one product (predictors: their best by
  forecast; other rankings: the brand's best seller), returns taken off; share of the worth of the
  oracle's creators with their truly best products.

*Beyond* is (share - best baseline) / (1 - best baseline), the best of all other rows in each draw.
Intervals draw worlds, brands and creators. GMV is heavy-tailed: a few creators hold most of a
list's worth, hence wide intervals.
"""


def section(settings: QualitySettings, progress: Progress = silent) -> Section:
    """Judge the three sizes at their end and the middle one at earlier dates."""
    plans = SMALL_PLANS if settings.small else (*PLANS, *EARLIER)
    runs = each_run(
        scored,
        plans,
        settings.scratch,
        progress,
        stage="simulated worlds",
        processes=1 if settings.small else PROCESSES,
    )
    at_end = [run for run in runs if run.plan.days_before_end == 0]
    sizes = list(dict.fromkeys(run.plan.size for run in at_end))
    followed = {(run.plan.size, run.plan.seed) for run in runs if run.plan.days_before_end}
    curve_size = next(iter(followed))[0]
    curve = learning_curve([run for run in runs if (run.plan.size, run.plan.seed) in followed])
    text = [HEAD.format(worlds=len(at_end), sizes="; ".join(map(described, sizes)))]
    for size in sizes:
        text += [f"### {size.capitalize()} worlds", table(size_table(of_size(at_end, size)), 3)]
    text += [
        "### Creators without history, rising creators, brands without history",
        SLICES_TEXT,
        table(slices_table(at_end, sizes), 3),
        "### Fit recovered",
        FIT_TEXT,
        table(fit_table(at_end, sizes), 3),
        "### As history grows",
        CURVE_TEXT.format(size=curve_size),
        table(curve, 3),
        "{figure:learning-curves}",
        "### Growth",
        GROWTH_TEXT,
        *growth_tables(runs),
    ]
    figure = save_svg(drawn_curve(curve), settings.scratch / "worlds-learning-curves.svg")
    metrics = metrics_of(at_end, sizes)
    return Section(
        "worlds",
        TITLE,
        "\n\n".join(text),
        summary_of(metrics, sizes),
        {"learning-curves": figure},
        metrics,
    )


SLICES_TEXT: Final = """Ranked among themselves (the best third of them, at most ten), all sizes
together; *rising* are those whose views have begun to multiply. Ours beside the best baseline of
the slice, the lift or worth as above."""
FIT_TEXT: Final = """R2 of double-centred logits of every active product x creator: 1 - squared
error / variance of the true ones, so 0 is no fit forecast and below 0 a wrong one. By the lines
that the creator has shown before the date."""
CURVE_TEXT: Final = """Three {size} worlds as of a quarter, a half, three quarters and the whole of
their days, each time trained on what was known and judged by the truth of the day before."""

GROWTH_TEXT: Final = """Log growth of a creator's impressions a line in the last 30 days before each
date against the 90 days before those; forecast by a model that knew nothing of the 30 days, beside
"the trend continues" (the month over its quarter, carried on) and "no growth". A slope of 1 says
that forecast growth comes true as forecast; what is realised is mostly the luck of few sessions, so
rank correlations are low for everybody. A level's return to its mean is growth forecast, too."""


def growth_tables(runs: Sequence[Scored]) -> list[str]:
    """All dates together: who grows in truth, then ours beside its two rivals."""
    creators = pd.concat([run.growth for run in runs], ignore_index=True)
    return [growing_sentence(creators), table(growth_table(creators), 2)]


def described(size: str) -> str:
    s = SIZES[size]
    return f"{size}: {s.brands} brands, {s.creators:,} creators, {s.lines:,} lines, {s.days} days"


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
        columns[f"{objective}: beyond"] = [*[""] * len(BASELINES), told(beyond)]
    return pd.DataFrame(columns)


def slices_table(runs: Sequence[Scored], sizes: Sequence[str]) -> pd.DataFrame:
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
                    "difference": told(ours - shares[:, best]),
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


def numbers(cell: str) -> tuple[float, float, float]:
    """The three numbers of a `told` cell.

    >>> numbers("0.950 (0.931 to 0.966)")
    (0.95, 0.931, 0.966)
    """
    if cell == "–":
        return (float("nan"),) * 3
    value, low, _, high = cell.replace("(", "").replace(")", "").split()
    return float(value), float(low), float(high)


def metrics_of(runs: Sequence[Scored], sizes: Sequence[str]) -> dict[str, float]:
    metrics = {}
    for size in sizes:
        of_this = of_size(runs, size)
        for objective in OBJECTIVES:
            shares = pooled_shares(of_this, objective)
            assert shares is not None
            beyond = beyond_best(shares, RANKINGS, BASELINES)[0, RANKINGS.index(LEARNED)]
            name = objective.replace(" ", "_")
            metrics[f"{size}/{name}/share"] = float(shares[0, RANKINGS.index(LEARNED)])
            metrics[f"{size}/{name}/beyond"] = float(beyond)
        metrics[f"{size}/fit_r2"] = float(pooled([r.fit[LEARNED, ALL] for r in of_this])[0])
    return metrics


def summary_of(metrics: Mapping[str, float], sizes: Sequence[str]) -> str:
    parts = [
        f"{size} {metrics[f'{size}/conversion/share']:.2f} of the conversion lift and "
        f"{metrics[f'{size}/GMV_a_line/share']:.2f} of the GMV"
        for size in sizes
    ]
    return f"the first ten hold of what an oracle's would ({'; '.join(parts)})."
