"""Uncertainty: of what was said 80 % sure, how much was so; on held-out weeks and known truth."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from benchmarks.quality.report import save_svg, table
from benchmarks.quality.section import QualitySettings, Section
from benchmarks.quality.uncertainty_scores import Judged, Said, WorldJudged, judged
from benchmarks.quality.world_runs import PROCESSES, WorldPlan, each_run
from benchmarks.quality.worlds import PLANS as WORLDS
from benchmarks.quality.worlds import SEEDS, looked_at_worlds
from experiments.pit import Mask, central, coverage_table, reliability_table
from pipelines.progress import Progress, silent

NAME: Final = "uncertainty"
TITLE: Final = "Uncertainty: of what is said to be sure"
NEWCOMERS: Final = tuple(WorldPlan("newcomers", seed) for seed in SEEDS)
PLANS: Final = (*NEWCOMERS, *(plan for plan in WORLDS if plan.size in ("small", "medium")))
SMALL_PLANS: Final = (WorldPlan("tiny", 0),)
SLICES: Final = ("all", "cold", "thin", "medium", "rich", "new pairs")
BINS: Final = 20

HEAD: Final = """
{worlds} worlds ({sizes}), each trained once; models learned from windows that end 60 days before
the end, were calibrated on the month after, and never saw the last one. In the *newcomers* worlds
two creators in five go live for the first time within the last eight months, so that there are
pairs of creators of whom nothing was known. Evidence is the creator's: *cold* without a click (or
line), the others in thirds of each world's rows; *new pairs* never met.

Where an outcome lies in its predictive distribution is told by its randomised PIT, since a count
below twenty has few values to fall on. **Holds** means: within two points plus two standard
errors of the level, creators (not rows) counted as independent, all worlds pooled. A world's
creators are not quite independent either: they share its products, the level of its forecasts and
its benchmark. **By worlds** is the same verdict with whole worlds counted.
"""
OBSERVED: Final = """What was seen in the last month for every pair with a line: conversion given
its clicks and lines, click-through given its impressions and lines, impressions and GMV given its
lines. Predictive: doubt about the true rate, lines that differ, chance of single clicks."""
TRUE: Final = """The true rate is what a pair would show on the mean of many sessions of the coming
month, and what the matrix's `_lo80` and `_hi80` are of: creators drift from month to month. Money
is the expected profit of a usual session. Judged for
{creators} creators of each world with every brand: every product, the brand's mean, and the product
that the matrix names as best (a maximum: errors that made it best would show here). Profit has an
80 % interval alone. True profit takes the price, costs and commission of the forecast."""
ABOVE: Final = """Of the pairs said to lie above their benchmark with this probability, the share
that does. Conversion: the benchmark's true value is the mean of what the peers' pooled rates of its
90 days were expected to be, each line at the rate of its month. Impressions: the benchmark is taken
as it is published."""
BENCHMARK: Final = """How far the published benchmark of conversion lies from the true one, on the
logit scale, beside its spread (root mean squares). All brands of a world have nearly the same
benchmark, so that each world counts as one error, the mean over its brands."""
SCORES: Final = """Beside coverage, since width alone buys it: CRPS and interval scores in units of
the mean outcome (lower is better)."""


def section(settings: QualitySettings, progress: Progress = silent) -> Section:
    """Judge every world's held-out month and truth, pooled over worlds and seeds."""
    plans = SMALL_PLANS if settings.small else PLANS
    processes = 1 if settings.small else PROCESSES
    worlds = each_run(judged, plans, settings.scratch, progress, "uncertainty", processes)
    pooled = {name: pooled_of([w.judged[name] for w in worlds]) for name in worlds[0].judged}
    said = {name: pooled_said([w.said[name] for w in worlds]) for name in worlds[0].said}
    covered = pd.concat([verdicts(name, of_name) for name, of_name in pooled.items()])
    observed = covered[covered["of"].str.startswith("observed")]
    true = covered[~covered["of"].str.startswith("observed")]
    reliable = {name: reliability(of_name) for name, of_name in said.items()}
    sizes = ", ".join(f"{sum(p.size == s for p in plans)} {s}" for s in sized(plans))
    text = [
        HEAD.format(worlds=len(plans), sizes=sizes),
        *([] if settings.small else [looked_at_worlds()]),
        "### Held-out outcomes",
        OBSERVED,
        table(observed, 3),
        "{figure:pit}",
        SCORES,
        table(scores(worlds), 3),
        "### The truth",
        TRUE.format(creators="up to 120"),
        table(true, 3),
        "### P(above benchmark)",
        ABOVE,
        *(f"**{name}**\n\n{table(frame, 3)}" for name, frame in reliable.items()),
        BENCHMARK,
        table(benchmarks([w.benchmark for w in worlds]), 3),
    ]
    figure = save_svg(drawn(pooled), settings.scratch / "uncertainty-pit.svg")
    metrics = metrics_of(covered, reliable)
    return Section(
        NAME, TITLE, "\n\n".join(text), summary_of(covered, reliable), {"pit": figure}, metrics
    )


def sized(plans: Sequence[WorldPlan]) -> list[str]:
    return list(dict.fromkeys(plan.size for plan in plans))


def pooled_of(parts: Sequence[Judged]) -> Judged:
    """All worlds' rows one after the other; a slice that a world lacks has no row of it."""
    slices: dict[str, Mask] = {
        name: np.concatenate([part.slices[name] for part in parts]) for name in parts[0].slices
    }
    return Judged(
        np.concatenate([part.pit for part in parts]),
        np.concatenate([part.creator for part in parts]),
        slices,
        {},
        parts[0].levels,
    )


def pooled_said(parts: Sequence[Said]) -> Said:
    return Said(
        np.concatenate([part.probability for part in parts]),
        np.concatenate([part.happened for part in parts]),
        np.concatenate([part.creator for part in parts]),
    )


def verdicts(name: str, of_name: Judged) -> pd.DataFrame:
    """One row per slice: coverage and band at each level, and whether all of them hold."""
    inside = {level: central(of_name.pit, level) for level in of_name.levels}
    slices = {s: of_name.slices[s] for s in SLICES if of_name.slices[s].any()}
    long = coverage_table(inside, of_name.creator, slices)
    worlds = coverage_table(inside, world_of(of_name.creator), slices).groupby("slice")
    records = []
    for slice_of, of_slice in long.groupby("slice", sort=False):
        first = of_slice.iloc[0]
        record: dict[str, object] = {
            "of": name,
            "evidence": slice_of,
            "rows": int(first["rows"]),
            "creators": int(first["creators"]),
        }
        for level in (0.8, 0.95):
            row = of_slice[of_slice["level"] == level]
            there = len(row) > 0
            record[f"in {level:.0%}"] = float(row["covered"].iloc[0]) if there else np.nan
            record[f"band {level:.0%}"] = float(row["band"].iloc[0]) if there else np.nan
        known = of_slice["holds"].notna().all()
        record["holds"] = told(bool(of_slice["holds"].all())) if known else "too few creators"
        record["by worlds"] = _by_worlds(worlds.get_group(slice_of)["holds"])
        records.append(record)
    return pd.DataFrame(records)


def told(holds: bool) -> str:
    return "yes" if holds else "**no**"


def reliability(said: Said) -> pd.DataFrame:
    """Bins of what was said, with the share that was so and whether it holds."""
    known = ~np.isnan(said.probability)
    found = reliability_table(said.probability[known], said.happened[known], said.creator[known])
    verdict = ["too few creators" if held is None else told(bool(held)) for held in found["holds"]]
    worlds = reliability_table(
        said.probability[known], said.happened[known], world_of(said.creator[known])
    )
    by_worlds = [_by_worlds(pd.Series([held])) for held in worlds["holds"]]
    return found.assign(holds=verdict, **{"by worlds": by_worlds}).drop(columns="se")


def _by_worlds(holds: pd.Series) -> str:
    return told(bool(holds.all())) if holds.notna().all() else "too few worlds"


def world_of(creator: np.ndarray) -> np.ndarray:
    """The world of each clustered creator, "<world> <creator>"."""
    return np.char.partition(creator.astype(str), " ")[..., 0]


def benchmarks(worlds: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """By size and over all: worlds, how far benchmarks are off, what was said, and their ratio."""
    each = pd.DataFrame(
        {
            "size": [str(of_world["size"].iloc[0]) for of_world in worlds],
            "off": [of_world["off"].mean() for of_world in worlds],
            "said": [np.sqrt((of_world["spread"] ** 2).mean()) for of_world in worlds],
        }
    )
    each["off / said"] = each["off"] / each["said"]
    records = []
    for size, of_size in [*each.groupby("size", sort=False), ("all", each)]:
        squares = of_size.drop(columns="size").pow(2).mean().pow(0.5)
        records.append({"worlds of size": size, "worlds": len(of_size), **squares})
    return pd.DataFrame(records)


def scores(worlds: Sequence[WorldJudged]) -> pd.DataFrame:
    """Means over worlds of each kind's scores."""
    frames = {
        name: pd.DataFrame([w.judged[name].scores for w in worlds]).mean()
        for name in worlds[0].judged
    }
    return pd.DataFrame(frames).T.rename_axis("of").reset_index()


def drawn(pooled: Mapping[str, Judged]) -> Figure:
    """PIT histograms: flat where forecasts know how sure they are."""
    shown = [name for name, of_name in pooled.items() if len(of_name.levels) > 1]
    columns = 4
    height = -(-len(shown) // columns)
    figure = Figure(figsize=(11, 2.4 * height), layout="constrained")
    for place, name in enumerate(shown):
        axes = figure.add_subplot(height, columns, place + 1)
        axes.hist(pooled[name].pit, bins=BINS, range=(0, 1), density=True, color="#4878a8")
        axes.axhline(1, color="black", linewidth=0.8)
        axes.set_title(name, fontsize=8)
        axes.set_yticks([])
        axes.tick_params(labelsize=7)
    return figure


def metrics_of(covered: pd.DataFrame, reliable: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Coverage of every kind, slice and level; share of reliability bins that hold."""
    metrics = {}
    for row in covered.to_dict("records"):
        for level in ("80%", "95%"):
            value = float(row[f"in {level}"])
            if not np.isnan(value):
                key = f"{row['of']}/{row['evidence']}/{level.rstrip('%')}"
                metrics[key.replace(" ", "_")] = value
    for name, frame in reliable.items():
        metrics[f"{name}/bins_that_hold".replace(" ", "_")] = float(
            (frame["holds"] == "yes").mean()
        )
    return metrics


def summary_of(covered: pd.DataFrame, reliable: Mapping[str, pd.DataFrame]) -> str:
    """How many of the coverages and of the said probabilities hold, and which do not."""
    judged_ = covered[covered["holds"].isin(["yes", "**no**"])]
    held = judged_["holds"] == "yes"
    failed = [f"{row['of']} ({row['evidence']})" for row in judged_[~held].to_dict("records")]
    bins = pd.concat(list(reliable.values()))
    right = int((bins["holds"] == "yes").sum())
    off = f" Off: {', '.join(failed)}." if failed else ""
    return (
        f"{int(held.sum())} of {len(judged_)} coverages of kind and evidence hold at 80 and 95 %; "
        f"{right} of {len(bins)} bins of P(above benchmark) are true.{off}"
    )
