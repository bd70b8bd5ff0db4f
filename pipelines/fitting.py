"""Fitting: the rows of every target, every predictor learned from them, and their leaderboard."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from features.daily import daily_facts
from features.facts import Facts
from models.prediction import Predictor, Target, concatenate
from models.predictors.registry import PREDICTORS
from pipelines.evaluate import target_board
from pipelines.plans import TARGETS
from pipelines.progress import Progress, silent
from pipelines.settings import TrainSettings
from pipelines.training_rows import TargetRows, rows_of_windows
from pipelines.windows import WindowPlan

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


def metrics_of(board: pd.DataFrame) -> dict[str, float]:
    """Metrics by target, predictor and slice, under names MLflow accepts."""
    return {
        f"{row['target']}/{row['predictor']}/{row['slice']}/{measure}": float(row[measure])
        for row in board.to_dict("records")
        for measure in MEASURES
    }
