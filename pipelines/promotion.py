"""Promotion: a new model challenges the champion and replaces it only when it is better."""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from features.errors import NotReady
from models.bundle import AllianceModel
from models.prediction import PairRows, Target
from pipelines.collaborations import LearnedCollaborations, compared_collaborations
from pipelines.evaluate import compared
from pipelines.home import Home
from pipelines.settings import LEARNED, TrainSettings
from pipelines.tracking import CHAMPION, RegisteredModel, Tracking


@contextmanager
def one_at_a_time(home: Home) -> Iterator[None]:
    """Hold the registry of this home until a challenger's case is settled; waits for who holds it.

    Of two trainings that end at once, the second is held against what the first has promoted.
    """
    home.path.mkdir(parents=True, exist_ok=True)
    with (home.path / ".promoting").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def deserves_promotion(
    tracking: Tracking,
    registered: RegisteredModel,
    rows: Mapping[Target, PairRows],
    partners: LearnedCollaborations | None,
    settings: TrainSettings,
) -> tuple[bool, str]:
    """Whether the challenger is the first or beats the champion, and in words why (not)."""
    champion, version = tracking.alias(CHAMPION), registered.version
    if champion is None:
        return True, f"Version {version} is the first model and becomes champion."
    challenger, kept = AllianceModel.load(registered.folder / LEARNED), readable(champion)
    if kept is None or outdated(kept, challenger) or lacks_vectors(kept, partners):
        return True, (
            f"Champion {champion.version} cannot serve what version {version} can: it was made by "
            f"another version of Alliance or from a poorer source. Version {version} becomes "
            "champion."
        )
    if not challenger.predictors and challenger.collaboration is None:
        return False, (
            f"Version {version} stays challenger: it learned nothing that champion "
            f"{champion.version} lacks."
        )
    if challenger.predictors:
        verdict = compared(challenger, kept, rows, settings.random_state)
    elif partners is not None and kept.collaboration is not None:
        until = date.fromisoformat(kept.manifest["collaboration"]["until"])
        verdict = compared_collaborations(
            partners, kept.collaboration, until, settings.random_state
        )
    else:
        verdict = None
    if verdict is None:
        return False, (
            f"Version {version} stays challenger: champion {champion.version} has learned from "
            "the weeks they would be compared on. Ingest newer facts and train again."
        )
    sentence = f"Champion {champion.version}, challenger {version}: {verdict.sentence}"
    if verdict.better:
        return True, f"{sentence} Promoted."
    return False, f"{sentence} The champion stays."


def readable(registered: RegisteredModel) -> AllianceModel | None:
    """The registered model; None when this version of the code cannot read its files."""
    try:
        return AllianceModel.load(registered.folder / LEARNED)
    except NotReady:
        return None


def lacks_vectors(champion: AllianceModel, partners: LearnedCollaborations | None) -> bool:
    """Whether the champion scores collaborations by vectors that the source no longer has."""
    if champion.collaboration is None or partners is None:
        return False
    views = champion.collaboration.pairs_.views
    return bool(
        views.of_creators.keys() - partners.known.creators.vectors
        or views.of_brands.keys() - partners.known.brands.vectors
    )


def outdated(champion: AllianceModel, challenger: AllianceModel) -> bool:
    """Whether the champion knows other features, or lacks what the challenger has learned."""
    known = [tuple(model.manifest["feature_names"]) for model in (champion, challenger)]
    if challenger.collaboration is not None and champion.collaboration is None:
        return True
    return known[0] != known[1] or not set(challenger.predictors) <= set(champion.predictors)
