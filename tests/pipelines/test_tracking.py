"""The registry of models: who is champion, who challenges."""

from pathlib import Path

import pytest

from features.errors import NoChampion
from pipelines.tracking import CHALLENGER, CHAMPION, Tracking


@pytest.fixture(scope="module")
def tracking(tmp_path_factory: pytest.TempPathFactory) -> Tracking:
    home = tmp_path_factory.mktemp("home")
    return Tracking(f"sqlite:///{home}/mlflow.db", home / "artifacts")


def a_run(tracking: Tracking, folder: Path) -> str:
    (folder / "model").mkdir(parents=True, exist_ok=True)
    (folder / "model" / "manifest.json").write_text("{}")
    return tracking.record_run(
        "train", {"horizon_days": 30}, {"log_loss": 0.5, "absent": float("nan")}, {"a": "b"}, folder
    )


def test_without_a_champion_the_error_names_the_command(tracking: Tracking) -> None:
    assert tracking.alias(CHAMPION) is None
    with pytest.raises(NoChampion, match="alliance train"):
        tracking.champion()


def test_a_registered_run_is_challenger_until_promoted(tracking: Tracking, tmp_path: Path) -> None:
    registered = tracking.register(a_run(tracking, tmp_path), "model")
    assert tracking.alias(CHALLENGER) == registered
    assert (registered.folder / "manifest.json").read_text() == "{}"

    tracking.promote(registered.version)
    assert tracking.champion() == registered
    assert tracking.alias(CHALLENGER) is None


def test_a_second_run_challenges_and_leaves_the_champion(
    tracking: Tracking, tmp_path: Path
) -> None:
    second = tracking.register(a_run(tracking, tmp_path), "model")
    assert tracking.alias(CHALLENGER) == second
    assert tracking.champion().version != second.version
