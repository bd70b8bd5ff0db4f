"""Evaluation: the leaderboard on the latest weeks, champion against challenger and baselines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from experiments.leaderboard import Verdict, evidence_slices, is_better, leaderboard
from features.daily import daily_facts
from features.errors import NotEnoughHistory
from features.facts import Facts
from models.bundle import AllianceModel
from models.prediction import Forecast, PairRows, Predictor, Target
from models.predictors.registry import PREDICTORS
from pipelines.collaborations import collaborations_board
from pipelines.home import Home
from pipelines.learn_acceptance import judged_acceptance
from pipelines.plans import TARGETS, refuse_before_the_first_fact, window_plans
from pipelines.progress import Progress, silent
from pipelines.settings import LEARNED, TrainSettings
from pipelines.store import read_facts
from pipelines.tracking import CHALLENGER, Tracking
from pipelines.training_rows import rows_of_windows

MAIN_TARGETS = (Target.BRAND_CONVERSION, Target.CONVERSION, Target.TRAFFIC, Target.EXPOSURE)
"""What a champion is judged by: the first of these that was learned."""


@dataclass(frozen=True)
class EvaluationReport:
    """The leaderboard of the weeks before `as_of`."""

    as_of: date
    champion: str
    challenger: str | None
    verdict: str
    leaderboard: pd.DataFrame
    collaborations: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Learned anew without what it is judged on; empty where too few to learn from."""

    def as_dict(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "champion": self.champion,
            "challenger": self.challenger,
            "verdict": self.verdict,
            "rows": self.leaderboard.to_dict("records"),
            "collaborations": self.collaborations.to_dict("records"),
        }


def evaluate(
    home: Home, as_of: date | None = None, progress: Progress = silent
) -> EvaluationReport:
    """Judge champion, challenger and baselines on the last window before `as_of`.

    Only models that learned from nothing in that window are judged. Raises NoFacts, NoChampion
    and NotEnoughHistory.
    """
    facts = read_facts(home)
    tracking = Tracking(home.mlflow_uri, home.artifacts)
    champion, challenger = tracking.champion(), tracking.alias(CHALLENGER)
    model = AllianceModel.load(champion.folder / LEARNED)
    settings = TrainSettings.told(model.manifest["settings"])
    as_of = min(as_of or facts.as_of, facts.as_of)
    refuse_before_the_first_fact(facts, as_of)
    rows = evaluation_rows(facts, as_of, settings, progress)
    contenders = {
        name: AllianceModel.load(champion.folder / name) for name in PREDICTORS if name != LEARNED
    }
    contenders[f"champion {champion.version}"] = model
    if challenger:
        contenders[f"challenger {challenger.version}"] = AllianceModel.load(
            challenger.folder / LEARNED
        )
    boards = []
    for target, of_target in rows.items():
        honest = {
            name: contender.predictors[target]
            for name, contender in contenders.items()
            if target in contender.predictors and unseen(contender, target, of_target)
        }
        if honest:
            boards.append(target_board(target, honest, of_target, settings.random_state))
    collaborations = collaborations_board(facts, as_of, settings, progress)
    if not boards and not len(collaborations):
        raise NotEnoughHistory(
            f"The champion has learned from the weeks before {as_of}: nothing is left to judge it "
            "on. Ingest newer facts, or give a later --as-of."
        )
    accepted = judged_acceptance(facts, as_of, settings, progress)
    if accepted is not None:
        boards.append(accepted.board)
    return EvaluationReport(
        as_of,
        champion.version,
        challenger.version if challenger else None,
        _verdict(contenders, rows, champion.version, challenger.version if challenger else None),
        pd.concat(boards, ignore_index=True) if boards else pd.DataFrame(),
        collaborations,
    )


def evaluation_rows(
    facts: Facts, as_of: date, settings: TrainSettings, progress: Progress = silent
) -> dict[Target, PairRows]:
    """The rows of each target's last window before `as_of`; targets without any are left out."""
    plans = window_plans(facts, as_of, settings)
    rows: dict[Target, PairRows] = {}
    for grain, targets in TARGETS.items():
        windows = {t: (plans[t].evaluate,) for t in targets if t in plans}
        if windows:
            made = rows_of_windows(
                facts, daily_facts(facts, grain), windows, as_of, settings, progress
            )
            rows |= {target: part for (target, _), part in made.items() if len(part)}
    return rows


def target_board(
    target: Target, predictors: Mapping[str, Predictor], rows: PairRows, random_state: int
) -> pd.DataFrame:
    """The leaderboard of one target: every predictor on the same rows, by slice of evidence."""
    forecasts: dict[str, Forecast] = {name: p.predict(rows) for name, p in predictors.items()}
    board = leaderboard(
        forecasts, rows, slices=evidence_slices(rows), target=target, random_state=random_state
    )
    board.insert(0, "target", target.value)
    return board


def unseen(model: AllianceModel, target: Target, rows: PairRows) -> bool:
    """Whether the model learned only from days before these rows, and knows their features."""
    if tuple(model.manifest["feature_names"]) != rows.feature_names:
        return False
    last_seen = date.fromisoformat(model.manifest["windows"][target.value]["calibrate"][1])
    return bool(last_seen <= rows.as_of.min().astype(date))


def compared(
    challenger: AllianceModel, champion: AllianceModel, rows: Mapping[Target, PairRows], seed: int
) -> Verdict | None:
    """The challenger against the champion on the main target; None when that would be unfair."""
    for target in MAIN_TARGETS:
        if target not in rows:
            continue
        for model in (challenger, champion):
            if target not in model.predictors or not unseen(model, target, rows[target]):
                return None
        return is_better(
            challenger.predictors[target].predict(rows[target]),
            champion.predictors[target].predict(rows[target]),
            rows[target],
            target=target,
            random_state=seed,
        )
    return None


def _verdict(
    contenders: Mapping[str, AllianceModel],
    rows: Mapping[Target, PairRows],
    champion: str,
    challenger: str | None,
) -> str:
    if challenger is None:
        return f"Champion {champion} stands alone: no challenger is registered."
    verdict = compared(
        contenders[f"challenger {challenger}"], contenders[f"champion {champion}"], rows, 0
    )
    if verdict is None:
        return "Champion and challenger cannot be compared on weeks that neither has seen."
    return f"Champion {champion}, challenger {challenger}: {verdict.sentence}"
