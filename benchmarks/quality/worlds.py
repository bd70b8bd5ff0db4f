"""Known truth: simulated worlds of three sizes, and what of the oracle's lists is recovered."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from benchmarks.quality.looks import look, looks_in_words
from benchmarks.quality.report import save_svg, table
from benchmarks.quality.section import QualitySettings, Section
from benchmarks.quality.world_growth import growing_sentence, growth_table
from benchmarks.quality.world_runs import PROCESSES, SIZES, WorldPlan, each_run
from benchmarks.quality.world_scores import ALL, BASELINES, OBJECTIVES, RANKINGS, Scored, scored
from benchmarks.quality.world_tables import (
    drawn_curve,
    fit_table,
    learning_curve,
    of_size,
    pooled_shares,
    size_table,
    slices_table,
)
from experiments.oracle import beyond_best, interval, pooled
from pipelines.code_version import code_version
from pipelines.progress import Progress, silent
from pipelines.settings import LEARNED

TITLE: Final = "Known truth: simulated worlds"
SEEDS: Final = range(60, 65)
"""Reported alone: what was tried while the predictors were made was tried on other seeds."""
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


def looked_at_worlds() -> str:
    """Write the look at the reported seeds into the ledger; how many there were, in words."""
    seeds = f"seeds {SEEDS[0]} to {SEEDS[-1]}"
    look(f"worlds of {seeds}", code_version(), "make quality")
    return looks_in_words(f"worlds of {seeds}", f"Worlds of the {seeds}")


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
    text += [] if settings.small else [looked_at_worlds()]
    for size in sizes:
        text += [f"### {size.capitalize()} worlds", table(size_table(of_size(at_end, size)), 3)]
    text += [
        "### Creators without history, rising creators, brands without history",
        SLICES_TEXT,
        table(slices_table(at_end), 3),
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


def metrics_of(runs: Sequence[Scored], sizes: Sequence[str]) -> dict[str, float]:
    metrics = {}
    for size in sizes:
        of_this = of_size(runs, size)
        for objective in OBJECTIVES:
            shares = pooled_shares(of_this, objective)
            assert shares is not None
            beyond = beyond_best(shares, RANKINGS, BASELINES)[:, RANKINGS.index(LEARNED)]
            name = objective.replace(" ", "_")
            metrics[f"{size}/{name}/share"] = float(shares[0, RANKINGS.index(LEARNED)])
            for end, value in zip(("", "_lo95", "_hi95"), interval(beyond), strict=True):
                metrics[f"{size}/{name}/beyond{end}"] = float(value)
        metrics[f"{size}/fit_r2"] = float(pooled([r.fit[LEARNED, ALL] for r in of_this])[0])
    return metrics


def summary_of(metrics: Mapping[str, float], sizes: Sequence[str]) -> str:
    parts = [
        f"{size} {metrics[f'{size}/conversion/share']:.2f} of the conversion lift and "
        f"{metrics[f'{size}/GMV_a_line/share']:.2f} of the GMV"
        for size in sizes
    ]
    return f"the first ten hold of what an oracle's would ({'; '.join(parts)})."
