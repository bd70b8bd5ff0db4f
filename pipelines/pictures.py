"""Pictures of a training for the tracking pages: calibration and importance of each target."""

from collections.abc import Mapping
from pathlib import Path

from experiments.metrics import calibration_table
from experiments.plots import calibration_plot, importance_plot
from models.prediction import PairRows, Predictor, Target
from models.predictors.boosted import BoostedPredictor
from pipelines.collaborations import CollaborationQuality
from pipelines.settings import LEARNED


def record_quality(quality: CollaborationQuality, folder: Path) -> None:
    """Write how collaborations are ranked into the folder: tables, and a PNG of calibration."""
    quality.slices.to_csv(folder / "collaboration-slices.csv", index=False)
    quality.moved.to_csv(folder / "collaboration-importance.csv", index=False)
    if len(quality.calibration):
        (folder / "plots").mkdir(parents=True, exist_ok=True)
        calibration_plot(
            quality.calibration,
            "Share chosen, by what scores stand for",
            folder / "plots" / "calibration-collaboration.png",
        )


def draw_pictures(
    fitted: Mapping[Target, Mapping[str, Predictor]],
    rows: Mapping[Target, PairRows],
    folder: Path,
) -> None:
    """Write PNGs on the rows each model was judged on (`rows` by target) into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for target, predictors in fitted.items():
        predictor, judged_on = predictors[LEARNED], rows[target]
        words = target.value.replace("_", " ")
        if target.is_rate and len(judged_on):
            successes, trials = judged_on.outcome()
            forecast = predictor.predict(judged_on).mean
            table = calibration_table(successes, trials, forecast, judged_on.weight)
            calibration_plot(table, f"Calibration of {words}", folder / f"calibration-{target}.png")
        if isinstance(predictor, BoostedPredictor):
            importance_plot(
                predictor.importance(),
                f"What {words} rests on",
                folder / f"importance-{target}.png",
            )
