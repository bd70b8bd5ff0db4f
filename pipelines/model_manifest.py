"""Manifest of a trained model: what it learned from, when, with which settings, and what lacked."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version
from typing import Any

import numpy as np

from features.facts import Facts
from models.prediction import PairRows, Target
from pipelines.settings import TrainSettings
from pipelines.snapshot import FEATURE_NAMES
from pipelines.training_rows import TargetRows
from pipelines.windows import Window, WindowPlan


def manifest_of(
    facts: Facts,
    as_of: date,
    plans: Mapping[Target, WindowPlan],
    rows: Mapping[Target, TargetRows],
    settings: TrainSettings,
    missing: Sequence[str],
) -> dict[str, Any]:
    """What a reader of the model must know: data, windows, settings, versions, gaps."""
    return {
        "trained_as_of": as_of.isoformat(),
        "data_fingerprint": facts.fingerprint,
        "feature_names": list(FEATURE_NAMES),
        "settings": settings.as_dict(),
        "windows": {target.value: _dates(plans[target]) for target in rows},
        "rows": {target.value: len(of_target.learn) for target, of_target in rows.items()},
        "seen": {target.value: _ranges(of_target.learn) for target, of_target in rows.items()},
        "cold_rows": {target.value: _cold(of_target.learn) for target, of_target in rows.items()},
        "categories": sorted({c for r in rows.values() for c in np.unique(r.learn.category)}),
        "missing": list(missing),
        "versions": {name: version(name) for name in ("alliance", "lightgbm", "numpy", "implicit")},
    }


def _dates(plan: WindowPlan) -> dict[str, Any]:
    def days(window: Window) -> list[str]:
        return [window.as_of.isoformat(), window.end.isoformat()]

    return {
        "learn": [days(window) for window in plan.learn],
        "calibrate": days(plan.calibrate),
        "evaluate": days(plan.evaluate),
    }


def _ranges(rows: PairRows) -> dict[str, list[float]]:
    """Smallest and largest value of each feature seen in learning; absent where never known."""
    with _quiet_empty_columns():
        low, high = np.nanmin(rows.features, axis=0), np.nanmax(rows.features, axis=0)
    return {
        name: [float(a), float(b)]
        for name, a, b in zip(rows.feature_names, low, high, strict=True)
        if np.isfinite(a)
    }


def _cold(rows: PairRows) -> int:
    """How many rows to learn from are of creators of whom nothing was known then."""
    nothing = (np.zeros(len(rows)), np.zeros(len(rows)))
    return int((rows.counts.get("creator", nothing)[1] <= 0).sum())


@contextmanager
def _quiet_empty_columns() -> Iterator[None]:
    import warnings

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="All-NaN")
        yield
