"""Training: learn every target from past windows, judge it beside its baselines, register it."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from features.daily import daily_facts
from features.errors import NotEnoughHistory
from features.facts import Facts
from features.history import collaboration_history
from features.missing import missing_inputs
from models.bundle import AllianceModel
from models.prediction import Predictor, Target, concatenate
from models.predictors.registry import PREDICTORS
from pipelines.code_version import code_version
from pipelines.collaborations import (
    LearnedCollaborations,
    collaboration_quality,
    learned_collaborations,
)
from pipelines.evaluate import target_board
from pipelines.home import Home
from pipelines.learn_acceptance import judged_acceptance
from pipelines.model_card import Training, model_card, promises_of, write_card
from pipelines.model_manifest import manifest_of
from pipelines.pictures import draw_pictures, record_quality
from pipelines.plans import TARGETS, refuse_before_the_first_fact, supported_targets, window_plans
from pipelines.progress import Progress, silent
from pipelines.promised import promised
from pipelines.promotion import deserves_promotion, one_at_a_time
from pipelines.settings import LEARNED, TrainSettings
from pipelines.store import read_facts
from pipelines.tracking import CARD_FOLDER, CARD_HTML, Tracking
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


@dataclass(frozen=True)
class TrainReport:
    """What one training gave."""

    as_of: date
    version: str
    run_id: str
    promoted: bool
    verdict: str
    leaderboard: pd.DataFrame
    card: Path
    """The model card, as one HTML page; beside it the same in Markdown."""
    collaborations: pd.DataFrame = field(default_factory=pd.DataFrame)
    """The leaderboard of collaborations; empty where they are too few to learn from."""
    missing: tuple[str, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())
    """What a reader of the leaderboard must know: sampling, and baselines that did better."""

    def as_dict(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "version": self.version,
            "run_id": self.run_id,
            "promoted": self.promoted,
            "verdict": self.verdict,
            "model_card": str(self.card),
            "missing": list(self.missing),
            "notes": list(self.notes),
            "rows": self.leaderboard.to_dict("records"),
            "collaborations": self.collaborations.to_dict("records"),
        }


def train(
    home: Home,
    settings: TrainSettings | None = None,
    as_of: date | None = None,
    progress: Progress = silent,
) -> TrainReport:
    """Learn from the facts known before `as_of` (default: all of them) and register the model.

    The first model becomes champion; a later one only when it beats the champion on the weeks
    that neither has seen. Raises NoFacts, and NotEnoughHistory also where nothing can be learned
    or gone by: then nothing is registered.
    """
    settings = settings or TrainSettings()
    facts = read_facts(home)
    as_of = min(as_of or facts.as_of, facts.as_of)
    refuse_before_the_first_fact(facts, as_of)
    plans = window_plans(facts, as_of, settings)
    rows = target_rows(facts, as_of, plans, settings, progress)
    fitted = fit_predictors(rows, settings, progress)
    board = leaderboard_of(fitted, rows, settings.random_state)
    partners = learned_collaborations(facts, as_of, settings, progress)
    accepted = judged_acceptance(facts, as_of, settings, progress)
    if accepted is not None:
        board = pd.concat([board, accepted.board], ignore_index=True)
    quality = None if partners is None else collaboration_quality(partners)
    missing = tuple(missing_inputs(facts)) + _untrained(facts, rows)
    if not fitted and partners is None and not answered(facts, as_of):
        raise NotEnoughHistory(nothing_learned(facts, as_of, missing))
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        manifest = manifest_of(facts, as_of, plans, rows, settings, missing)
        judged = {target: of_target.evaluate for target, of_target in rows.items()}
        manifest |= {"promised": promised(fitted, judged)}
        for name in PREDICTORS:
            of_name = {target: fitted[target][name] for target in fitted}
            described = {**manifest, "targets": {target.value: name for target in of_name}}
            if name == LEARNED and partners is not None:
                described |= {"collaboration": partners.told}
                AllianceModel(described, of_name, partners.predictor).save(folder / "model" / name)
            else:
                AllianceModel(described, of_name).save(folder / "model" / name)
        board.to_csv(folder / "leaderboard.csv", index=False)
        if partners is not None and quality is not None:
            partners.board.to_csv(folder / "collaborations.csv", index=False)
            record_quality(quality, folder)
        if accepted is not None:
            accepted.reliability.to_csv(folder / "acceptance.csv", index=False)
        draw_pictures(fitted, {t: r.evaluate for t, r in rows.items()}, folder / "plots")
        progress("recording the run", 0)
        tracking = Tracking(home.mlflow_uri, home.artifacts)
        run_id = tracking.record_run(
            f"train as of {as_of}",
            parameters={**settings.as_dict(), "as_of": as_of, "predictor": LEARNED},
            metrics=metrics_of(board)
            | ({} if partners is None else partners.metrics())
            | ({} if quality is None else quality.metrics())
            | ({} if accepted is None else accepted.metrics()),
            tags={
                "data_fingerprint": facts.fingerprint,
                "code_version": code_version(),
                "python": platform.python_version(),
            },
            folder=folder,
        )
    with one_at_a_time(home):
        registered = tracking.register(run_id, "model")
        promoted, verdict = deserves_promotion(tracking, registered, judged, partners, settings)
        told = notes(facts, board, partners)
        if accepted is not None:
            told = (*told, *accepted.notes())
        training = Training(
            facts=facts,
            as_of=as_of,
            plans=plans,
            rows=rows,
            fitted=fitted,
            board=board,
            promises=promises_of(fitted, judged, settings.random_state),
            collaborations=pd.DataFrame() if partners is None else partners.board,
            partners=partners,
            partners_quality=quality,
            acceptance=accepted,
            settings=settings,
            manifest=manifest,
            missing=missing,
            notes=told,
            version=registered.version,
            verdict=verdict,
            code_version=code_version(),
        )
        with TemporaryDirectory() as scratch:
            write_card(model_card(training), Path(scratch))
            card = tracking.attach(run_id, Path(scratch), CARD_FOLDER) / CARD_HTML
        if promoted:
            tracking.promote(registered.version)
    progress("recording the run", 1)
    return TrainReport(
        as_of,
        registered.version,
        run_id,
        promoted,
        verdict,
        board,
        card,
        pd.DataFrame() if partners is None else partners.board,
        missing,
        told,
    )


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


def answered(facts: Facts, as_of: date) -> bool:
    """Whether an invitation was ever declined: from then on scoring tells who says yes."""
    return bool((collaboration_history(facts, as_of)["status"] == "declined").any())


def nothing_learned(facts: Facts, as_of: date, missing: Sequence[str]) -> str:
    """What is missing to learn anything from, and what to add."""
    if facts.has("session_products"):
        lacking = "; ".join(missing[:3])
        return (
            f"Nothing can be learned from what was known before {as_of}: {lacking}. Add session "
            "lines with orders and clicks (or impressions, viewers, views), ingest, train again."
        )
    return (
        f"Nothing can be learned from what was known before {as_of}: there are no session lines, "
        "and no collaboration was accepted, sampled or aired. Add sessions with their products, "
        "or collaborations with such a status (and vectors of creators and brands, "
        "creator_embeddings.<set> and brand_embeddings.<set>), ingest, and train again."
    )


def _untrained(facts: Facts, rows: Mapping[Target, TargetRows]) -> tuple[str, ...]:
    return tuple(
        f"{target.value} is not forecast: no window of the facts holds an outcome to learn from."
        for target in supported_targets(facts)
        if target not in rows
    )


def notes(
    facts: Facts, board: pd.DataFrame, partners: LearnedCollaborations | None = None
) -> tuple[str, ...]:
    """Sentences about the leaderboard: sampled rows, and each target where a baseline won."""
    told = []
    if facts.meaning.absent == "zero":
        told.append(
            "Pairs are sampled and weighted: losses stand for all pairs, nDCG ranks the sampled."
        )
    whole = (
        board[(board["slice"] == "all") & (board["predictor"] == LEARNED)] if len(board) else board
    )
    told += [
        f"{LEARNED} is worse than the baseline {row['best_baseline']} on "
        f"{row['target'].replace('_', ' ')} ({_signed(row['difference'])} {row['metric']}, 95 % "
        f"from {_signed(row['difference_lo95'])} to {_signed(row['difference_hi95'])})."
        for row in whole.to_dict("records")
        if row["difference_lo95"] > 0
    ]
    if partners is not None:
        told += partners.notes()
    return tuple(told)


def _signed(difference: float) -> str:
    return f"{difference:+,.0f}" if abs(difference) >= 100 else f"{difference:+.3g}"
