"""The registry of models: who is champion, who challenges."""

from pathlib import Path
from shutil import copy
from urllib.parse import urlparse

import pytest
from mlflow import MlflowClient

from features.errors import NoChampion
from pipelines.home import Home
from pipelines.tracking import CHALLENGER, CHAMPION, Tracking, _opened
from tests.pipelines.alliance import interrupt


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


def test_an_interruption_while_the_record_is_made_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    with monkeypatch.context() as patched:
        patched.setattr("mlflow.MlflowClient.search_registered_models", interrupt)
        with pytest.raises(KeyboardInterrupt):
            Tracking(home.mlflow_uri, home.artifacts)
    assert list(home.path.iterdir()) == []


def test_a_record_made_meanwhile_by_another_process_is_taken(
    tracking: Tracking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, home = Path(urlparse(tracking.uri).path), Home(tmp_path)
    tracking.register(a_run(tracking, tmp_path / "files"), "model")

    def opened(uri: str) -> MlflowClient:
        if ".record-" in uri:  # what is made aside: meanwhile the other puts its own in place
            Path(urlparse(uri).path).touch()
            copy(theirs, home.path / "mlflow.db")
        return _opened(uri)

    monkeypatch.setattr("pipelines.tracking._opened", opened)
    ours = Tracking(home.mlflow_uri, home.artifacts)
    assert ours.alias(CHALLENGER) == tracking.alias(CHALLENGER)


def test_a_disk_without_hard_links_holds_a_record_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Path) -> None:
        raise PermissionError("no hard links here")

    monkeypatch.setattr("os.link", refused)
    home = Home(tmp_path)
    Tracking(home.mlflow_uri, home.artifacts)
    assert [path.name for path in tmp_path.iterdir()] == ["mlflow.db"]
    assert Tracking(home.mlflow_uri, home.artifacts).alias(CHAMPION) is None


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


def test_an_interrupted_run_leaves_nothing(
    tracking: Tracking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(tracking.artifacts.iterdir())

    def half_written(run_id: str, folder: str) -> None:
        part = tracking.artifacts / run_id / "artifacts" / "model"
        part.mkdir(parents=True)
        assert set(tracking.artifacts.iterdir()) > before
        interrupt()

    with monkeypatch.context() as patched:
        patched.setattr(tracking._client, "log_artifacts", half_written)
        with pytest.raises(KeyboardInterrupt):
            a_run(tracking, tmp_path)
    assert set(tracking.artifacts.iterdir()) == before
    experiment = tracking._client.get_experiment_by_name(tracking.experiment)
    assert experiment is not None
    runs = tracking._client.search_runs([experiment.experiment_id])
    assert [run.info.status for run in runs] == ["FINISHED"] * len(before)


def test_a_second_run_challenges_and_leaves_the_champion(
    tracking: Tracking, tmp_path: Path
) -> None:
    second = tracking.register(a_run(tracking, tmp_path), "model")
    assert tracking.alias(CHALLENGER) == second
    assert tracking.champion().version != second.version
