"""Promotion: a new model challenges the champion and replaces it only when it is better."""

from collections.abc import Mapping

from models.bundle import AllianceModel
from models.prediction import PairRows, Target
from pipelines.evaluate import compared
from pipelines.settings import LEARNED, TrainSettings
from pipelines.tracking import CHAMPION, RegisteredModel, Tracking


def promoted_if_better(
    tracking: Tracking,
    registered: RegisteredModel,
    rows: Mapping[Target, PairRows],
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
        rows,
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
