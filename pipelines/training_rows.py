"""Rows to learn from: pairs as of each window's start, with what happened in the window."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from features.daily import DailyFacts
from features.facts import Facts
from features.outcomes import outcomes, zero_outcomes
from models.prediction import Floats, Lines, PairRows, Target
from pipelines.progress import Progress, silent
from pipelines.settings import TrainSettings
from pipelines.snapshot import OUTCOME_COLUMNS, Snapshot, snapshot
from pipelines.windows import Window

WindowRows = Mapping[tuple[Target, Window], PairRows]


@dataclass(frozen=True)
class TargetRows:
    """The rows of one target: to learn from, to calibrate on, to be judged on."""

    learn: PairRows
    calibrate: PairRows
    evaluate: PairRows


def rows_of_windows(
    facts: Facts,
    daily: DailyFacts,
    windows: Mapping[Target, Iterable[Window]],
    known_by: date,
    settings: TrainSettings,
    progress: Progress = silent,
) -> WindowRows:
    """Rows of every target and window asked for; features are made once per window.

    Outcomes of a window are those known by `known_by` (returns arrive later than orders).
    """
    wanted: dict[Window, list[Target]] = {}
    for target, of_target in windows.items():
        for window in of_target:
            wanted.setdefault(window, []).append(target)
    rows: dict[tuple[Target, Window], PairRows] = {}
    stage = "features and embeddings" + (" (brands)" if daily.grain == "brand" else "")
    for done, window in enumerate(sorted(wanted, key=lambda w: w.as_of)):
        progress(stage, done, len(wanted))
        known = snapshot(facts, daily, window.as_of, settings.embedding_size, settings.random_state)
        labels = labelled_pairs(facts, known, window, known_by, settings)
        for target, part in _rows_of_window(known, labels, wanted[window]).items():
            rows[target, window] = part
    progress(stage, len(wanted), len(wanted))
    return rows


def labelled_pairs(
    facts: Facts, known: Snapshot, window: Window, known_by: date, settings: TrainSettings
) -> pd.DataFrame:
    """What happened to each pair in the window; where no line means no sale, pairs without a
    line are sampled from the creators on air and the items on sale when it began.
    """
    grain = known.tables.grain
    happened = outcomes(
        facts,
        grain,
        window.as_of,
        window.end,
        return_days=settings.return_days,
        return_known_by=known_by,
    )
    happened = sampled(happened, settings.pairs_per_window, settings.random_state)
    if facts.meaning.absent != "zero":
        return happened
    items = known.tables.items
    zeros = zero_outcomes(
        facts,
        grain,
        window.as_of,
        window.end,
        items.index[items["is_active"].to_numpy(dtype=bool)],
        size=settings.zeros_per_window,
        random_state=settings.random_state,
    )
    return pd.concat([happened, zeros], ignore_index=True)


def sampled(pairs: pd.DataFrame, most: int, random_state: int) -> pd.DataFrame:
    """At most so many of the pairs, in order, with the `weight` that makes up for the others."""
    if len(pairs) <= most:
        return pairs.assign(weight=1.0)
    random = np.random.default_rng(random_state)
    kept = np.sort(random.choice(len(pairs), most, replace=False))
    return pairs.iloc[kept].assign(weight=len(pairs) / most)


def _rows_of_window(
    known: Snapshot, labels: pd.DataFrame, targets: Iterable[Target]
) -> dict[Target, PairRows]:
    creators, items = known.positions(labels)
    there = (creators >= 0) & (items >= 0)
    labels, creators, items = labels[there], creators[there], items[there]
    features = known.features(creators, items)
    rows = {}
    for target in targets:
        successes, trials = (
            labels[column].fillna(0).to_numpy(dtype=np.float64)
            for column in OUTCOME_COLUMNS[target]
        )
        whole = replace(
            known.rows(target, creators, items, features),
            successes=np.minimum(successes, trials) if target.is_rate else successes,
            trials=trials,
            lines=lines_of(target, labels),
            weight=labels["weight"].to_numpy(dtype=np.float64),
        )
        rows[target] = whole if (trials > 0).all() else whole.take(trials > 0)
    return rows


SPREAD_OVER_LINES = {
    Target.CONVERSION: ("converted", "denominator", "converted_repeats", "denominator_lines"),
    Target.BRAND_CONVERSION: ("converted", "denominator", "converted_repeats", "denominator_lines"),
    Target.CLICK_THROUGH: ("clicks", "clicked_impressions", "click_repeats", "clicked_lines"),
}
"""Of each rate read line by line: successes, trials, sum of k^2 / n, and lines."""

LOGS = {Target.EXPOSURE: ("impressions", "shown"), Target.TRAFFIC: ("denominator", "lines")}


def lines_of(target: Target, labels: pd.DataFrame) -> Lines | None:
    """How each outcome fell on its lines; None for returns, which are counted over all lines."""

    def numbers(name: str) -> Floats:
        return labels[name].fillna(0).to_numpy(dtype=np.float64)

    if target in LOGS:
        name, counted = LOGS[target]
        count, logs = numbers(counted), numbers(f"{name}_logs")
        scatter = numbers(f"{name}_logs_squared") - logs**2 / np.maximum(count, 1)
        return Lines(count, count, np.where(count > 1, np.maximum(scatter, 0), 0.0))
    if target not in SPREAD_OVER_LINES:
        return None
    successes, trials, repeats, count = (numbers(name) for name in SPREAD_OVER_LINES[target])
    squared = numbers(f"{SPREAD_OVER_LINES[target][1]}_squared")
    effective = trials**2 / np.maximum(squared, 1e-12)
    scatter = repeats - successes**2 / np.maximum(trials, 1e-12)
    return Lines(effective, count, np.where(count > 1, np.maximum(scatter, 0), 0.0))
