"""Training: learn every target from past windows, judge it beside its baselines, register it."""

import platform
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from features.errors import NotEnoughHistory
from features.missing import missing_inputs
from models.bundle import AllianceModel
from models.predictors.registry import PREDICTORS
from pipelines.code_version import code_version
from pipelines.collaborations import (
    collaboration_quality,
    learned_collaborations,
)
from pipelines.fitting import fit_predictors, leaderboard_of, metrics_of, target_rows
from pipelines.home import Home
from pipelines.learn_acceptance import judged_acceptance
from pipelines.model_card import Training, model_card, promises_of, write_card
from pipelines.model_manifest import manifest_of
from pipelines.pictures import draw_pictures, record_quality
from pipelines.plans import refuse_before_the_first_fact, window_plans
from pipelines.progress import Progress, silent
from pipelines.promised import promised
from pipelines.promotion import deserves_promotion, one_at_a_time
from pipelines.settings import LEARNED, TrainSettings
from pipelines.store import read_facts
from pipelines.tracking import CARD_FOLDER, CARD_HTML, Tracking
from pipelines.training_notes import answered, notes, nothing_learned, untrained


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
    missing = tuple(missing_inputs(facts)) + untrained(facts, rows)
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
