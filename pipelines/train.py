"""Training: learn every target from past windows, judge it beside its baselines, register it."""

import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from features.daily import daily_facts
from features.facts import Facts
from features.missing import missing_inputs
from models.bundle import AllianceModel
from models.prediction import PairRows, Predictor, Target, concatenate
from models.predictors.registry import PREDICTORS
from pipelines.code_version import code_version
from pipelines.evaluate import compared, target_board
from pipelines.home import Home
from pipelines.pictures import draw_pictures
from pipelines.plans import TARGETS, refuse_before_the_first_fact, supported_targets, window_plans
from pipelines.progress import Progress, silent
from pipelines.settings import LEARNED, TrainSettings
from pipelines.snapshot import FEATURE_NAMES
from pipelines.store import read_facts
from pipelines.tracking import CHAMPION, RegisteredModel, Tracking
from pipelines.training_rows import rows_of_windows
from pipelines.windows import Window, WindowPlan

MEASURES = (
    "loss",
    "loss_lo95",
    "loss_hi95",
    "difference",
    "calibration_error",
    "ndcg10",
    "rows",
    "trials",
    "brands_unranked",
)
"""What of the leaderboard is recorded as a metric, by target, predictor and slice."""


@dataclass(frozen=True)
class TargetRows:
    """The rows of one target: to learn from, to calibrate on, to be judged on."""

    learn: PairRows
    calibrate: PairRows
    evaluate: PairRows


@dataclass(frozen=True)
class TrainReport:
    """What one training gave."""

    as_of: date
    version: str
    run_id: str
    promoted: bool
    verdict: str
    leaderboard: pd.DataFrame
    missing: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "version": self.version,
            "run_id": self.run_id,
            "promoted": self.promoted,
            "verdict": self.verdict,
            "missing": list(self.missing),
            "rows": self.leaderboard.to_dict("records"),
        }


def train(
    home: Home,
    settings: TrainSettings | None = None,
    as_of: date | None = None,
    progress: Progress = silent,
) -> TrainReport:
    """Learn from the facts known before `as_of` (default: all of them) and register the model.

    The first model becomes champion; a later one only when it beats the champion on the weeks
    that neither has seen. Raises NoFacts and NotEnoughHistory.
    """
    settings = settings or TrainSettings()
    facts = read_facts(home)
    as_of = min(as_of or facts.as_of, facts.as_of)
    refuse_before_the_first_fact(facts, as_of)
    plans = window_plans(facts, as_of, settings)
    rows = target_rows(facts, as_of, plans, settings, progress)
    fitted = fit_predictors(rows, settings, progress)
    board = leaderboard_of(fitted, rows, settings.random_state)
    missing = tuple(missing_inputs(facts)) + _untrained(facts, rows)
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        manifest = manifest_of(facts, as_of, plans, rows, settings, missing)
        for name in PREDICTORS:
            of_name = {target: fitted[target][name] for target in fitted}
            AllianceModel(
                {**manifest, "targets": {target.value: name for target in of_name}}, of_name
            ).save(folder / "model" / name)
        board.to_csv(folder / "leaderboard.csv", index=False)
        draw_pictures(fitted, {t: r.evaluate for t, r in rows.items()}, folder / "plots")
        progress("recording the run", 0)
        tracking = Tracking(home.mlflow_uri, home.artifacts)
        run_id = tracking.record_run(
            f"train as of {as_of}",
            parameters={**settings.as_dict(), "as_of": as_of, "predictor": LEARNED},
            metrics=metrics_of(board),
            tags={
                "data_fingerprint": facts.fingerprint,
                "code_version": code_version(),
                "python": platform.python_version(),
            },
            folder=folder,
        )
    registered = tracking.register(run_id, "model")
    promoted, verdict = promoted_if_better(tracking, registered, rows, settings)
    progress("recording the run", 1)
    return TrainReport(as_of, registered.version, run_id, promoted, verdict, board, missing)


def target_rows(
    facts: Facts,
    as_of: date,
    plans: Mapping[Target, WindowPlan],
    settings: TrainSettings,
    progress: Progress = silent,
) -> dict[Target, TargetRows]:
    """The rows of each target by use. A target without any trial to learn from is left out."""
    rows: dict[Target, TargetRows] = {}
    for grain, targets in TARGETS.items():
        asked = {target: plans[target] for target in targets if target in plans}
        if not asked:
            continue
        windows = {t: (*plan.learn, plan.calibrate, plan.evaluate) for t, plan in asked.items()}
        made = rows_of_windows(facts, daily_facts(facts, grain), windows, as_of, settings, progress)
        for target, plan in asked.items():
            learn = concatenate([made[target, window] for window in plan.learn])
            if len(learn):
                rows[target] = TargetRows(
                    learn, made[target, plan.calibrate], made[target, plan.evaluate]
                )
    return rows


def fit_predictors(
    rows: Mapping[Target, TargetRows], settings: TrainSettings, progress: Progress = silent
) -> dict[Target, dict[str, Predictor]]:
    """Every predictor of every target, fitted and calibrated on the same rows."""
    fitted: dict[Target, dict[str, Predictor]] = {}
    total, done = len(rows) * len(PREDICTORS), 0
    for target, of_target in rows.items():
        fitted[target] = {}
        for name, predictor in PREDICTORS.items():
            progress("training", done, total)
            fitted[target][name] = (
                predictor(
                    target,
                    random_state=settings.random_state,
                    num_threads=settings.num_threads,
                )
                .fit(of_target.learn)
                .calibrate(of_target.calibrate)
            )
            done += 1
    progress("training", total, total)
    return fitted


def leaderboard_of(
    fitted: Mapping[Target, Mapping[str, Predictor]],
    rows: Mapping[Target, TargetRows],
    random_state: int,
) -> pd.DataFrame:
    """Every target's leaderboard on its last window, one below the other."""
    boards = [
        target_board(target, of_target, rows[target].evaluate, random_state)
        for target, of_target in fitted.items()
        if len(rows[target].evaluate)
    ]
    return pd.concat(boards, ignore_index=True) if boards else pd.DataFrame()


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
        "categories": sorted({c for r in rows.values() for c in np.unique(r.learn.category)}),
        "missing": list(missing),
        "versions": {name: version(name) for name in ("alliance", "lightgbm", "numpy", "implicit")},
    }


def metrics_of(board: pd.DataFrame) -> dict[str, float]:
    """Metrics by target, predictor and slice, under names MLflow accepts."""
    return {
        f"{row['target']}/{row['predictor']}/{row['slice']}/{measure}": float(row[measure])
        for row in board.to_dict("records")
        for measure in MEASURES
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


@contextmanager
def _quiet_empty_columns() -> Iterator[None]:
    import warnings

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="All-NaN")
        yield


def _untrained(facts: Facts, rows: Mapping[Target, TargetRows]) -> tuple[str, ...]:
    return tuple(
        f"{target.value} is not forecast: no window of the facts holds an outcome to learn from."
        for target in supported_targets(facts)
        if target not in rows
    )


def promoted_if_better(
    tracking: Tracking,
    registered: RegisteredModel,
    rows: Mapping[Target, TargetRows],
    settings: TrainSettings,
) -> tuple[bool, str]:
    """Promote the challenger when it is the first or beats the champion; say why (not)."""
    champion, version = tracking.alias(CHAMPION), registered.version
    if champion is None:
        tracking.promote(version)
        return True, f"Version {version} is the first model and becomes champion."
    verdict = compared(
        AllianceModel.load(registered.folder / LEARNED),
        AllianceModel.load(champion.folder / LEARNED),
        {target: of_target.evaluate for target, of_target in rows.items()},
        settings.random_state,
    )
    if verdict is None:
        return False, (
            f"Version {version} stays challenger: champion {champion.version} has learned from "
            "the weeks they would be compared on, or knows other features. Ingest newer sessions "
            "and train again."
        )
    sentence = f"Champion {champion.version}, challenger {version}: {verdict.sentence}"
    if verdict.better:
        tracking.promote(version)
        return True, f"{sentence} Promoted."
    return False, f"{sentence} The champion stays."
