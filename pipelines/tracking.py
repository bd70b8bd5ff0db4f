"""The record of training runs and the registry of models. The only module that knows MLflow."""

import logging
import os
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlparse

from features.errors import NoChampion

if TYPE_CHECKING:
    from mlflow import MlflowClient

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "true")
os.environ.setdefault("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")

REGISTERED_MODEL = "alliance"
EXPERIMENT = "alliance"
CHAMPION = "champion"
CHALLENGER = "challenger"
CARD_FOLDER = "model_card"
"""Where a run keeps its model card, beside the model."""
CARD_HTML = "model-card.html"


@dataclass(frozen=True)
class RegisteredModel:
    """One registered version and the folder its files lie in."""

    version: str
    run_id: str
    folder: Path


class Tracking:
    """Runs and registered models of one home, in SQLite beside their artifacts."""

    def __init__(self, uri: str, artifacts: Path, experiment: str = EXPERIMENT) -> None:
        self.uri = uri
        self.artifacts = artifacts
        self.experiment = experiment
        self._client = _client(uri)

    def record_run(
        self,
        name: str,
        parameters: Mapping[str, object],
        metrics: Mapping[str, float],
        tags: Mapping[str, str],
        folder: Path,
    ) -> str:
        """Store one finished training run with every file of `folder`; returns its run id.

        Interrupted, or where the disk is full, it leaves no run.
        """
        from mlflow.entities import Metric, Param, RunTag

        run = self._client.create_run(self._experiment(), run_name=name)
        run_id = str(run.info.run_id)
        now = int(run.info.start_time)
        try:
            self._client.log_batch(
                run_id,
                metrics=[
                    Metric(key, value, now, 0) for key, value in metrics.items() if value == value
                ],
                params=[Param(key, str(value)[:6000]) for key, value in parameters.items()],
                tags=[RunTag(key, value) for key, value in tags.items()],
            )
            self._client.log_artifacts(run_id, str(folder))
            self._client.set_terminated(run_id)
        except BaseException:
            rmtree(_local_path(str(run.info.artifact_uri)).parent, ignore_errors=True)
            self._client.delete_run(run_id)
            raise
        return run_id

    def attach(self, run_id: str, folder: Path, subfolder: str) -> Path:
        """Store every file of `folder` beside what the run has; returns where they lie."""
        self._client.log_artifacts(run_id, str(folder), subfolder)
        return _local_path(f"{self._client.get_run(run_id).info.artifact_uri}/{subfolder}")

    def register(self, run_id: str, subfolder: str) -> RegisteredModel:
        """Register the model files a run stored under `subfolder`; it becomes the challenger."""
        from mlflow.exceptions import MlflowException

        with suppress(MlflowException):  # it is there already
            self._client.create_registered_model(REGISTERED_MODEL)
        source = f"{self._client.get_run(run_id).info.artifact_uri}/{subfolder}"
        version = self._client.create_model_version(REGISTERED_MODEL, source=source, run_id=run_id)
        self._client.set_registered_model_alias(REGISTERED_MODEL, CHALLENGER, str(version.version))
        return RegisteredModel(str(version.version), run_id, _local_path(source))

    def promote(self, version: str) -> None:
        """Make a registered version the champion; it is no longer the challenger."""
        self._client.set_registered_model_alias(REGISTERED_MODEL, CHAMPION, version)
        challenger = self.alias(CHALLENGER)
        if challenger is not None and challenger.version == version:
            self._client.delete_registered_model_alias(REGISTERED_MODEL, CHALLENGER)

    def alias(self, alias: str) -> RegisteredModel | None:
        """The version that bears an alias; None when there is none."""
        return _registered(self._client.get_model_version_by_alias, alias)

    def version(self, version: str) -> RegisteredModel | None:
        """The registered version of that number; None when there is none."""
        return _registered(self._client.get_model_version, version)

    def champion(self) -> RegisteredModel:
        """The champion. Raises NoChampion with the command to run."""
        champion = self.alias(CHAMPION)
        if champion is None:
            raise NoChampion("No model is champion yet. Run 'alliance train' first.")
        return champion

    def _experiment(self) -> str:
        found = self._client.get_experiment_by_name(self.experiment)
        if found is not None:
            return str(found.experiment_id)
        self.artifacts.mkdir(parents=True, exist_ok=True)
        shown_as = {"mlflow.experimentKind": "custom_model_development"}  # opens its pages on runs
        place = self.artifacts.resolve().as_uri()
        return str(self._client.create_experiment(self.experiment, place, shown_as))


def _registered(look_up: Callable[[str, str], Any], name: str) -> RegisteredModel | None:
    """What MLflow finds under an alias or a number; None when there is none."""
    from mlflow.exceptions import MlflowException

    try:
        found = look_up(REGISTERED_MODEL, name)
    except MlflowException as error:
        if error.error_code in ("INVALID_PARAMETER_VALUE", "RESOURCE_DOES_NOT_EXIST"):
            return None
        raise
    return RegisteredModel(str(found.version), str(found.run_id), _local_path(str(found.source)))


def _client(uri: str) -> "MlflowClient":
    logging.getLogger("mlflow.store.db.utils").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    record = Path(urlparse(uri).path)
    if not record.exists():
        _make_record(record)
    return _opened(uri)


def _make_record(record: Path) -> None:
    """Tables of its own take seconds to make: made aside and put in place whole, or not at all.

    So neither an interruption nor a second process finds them half-made; who comes second
    takes what the first has put there.
    """
    record.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".record-", dir=record.parent) as scratch:
        made = Path(scratch) / record.name
        _opened(f"sqlite:///{made.absolute()}")
        try:
            os.link(made, record)
        except FileExistsError:
            return
        except OSError:  # a disk without hard links
            made.replace(record)


def _opened(uri: str) -> "MlflowClient":
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*noload.*")  # MLflow 3.17 on SQLAlchemy 2.1
        from mlflow import MlflowClient

        client = MlflowClient(tracking_uri=uri, registry_uri=uri)
        client.search_experiments(max_results=1)  # creates the tables now, inside this block
        client.search_registered_models(max_results=1)
    return client


def _local_path(uri: str) -> Path:
    return Path(unquote(urlparse(uri).path))
