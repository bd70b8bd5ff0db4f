"""Home: the folder that holds everything Alliance keeps."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """Where facts, features, matrices and runs lie; nothing is created until it is needed.

    >>> Home(Path("alliance-home")).facts.as_posix()
    'alliance-home/facts'
    """

    path: Path

    @classmethod
    def from_environment(cls) -> "Home":
        """The folder named by ALLIANCE_HOME, else ./alliance-home."""
        return cls(Path(os.environ.get("ALLIANCE_HOME") or "alliance-home"))

    @property
    def facts(self) -> Path:
        return self.path / "facts"

    @property
    def matrix(self) -> Path:
        return self.path / "matrix"

    @property
    def artifacts(self) -> Path:
        return self.path / "artifacts"

    @property
    def quarantine(self) -> Path:
        return self.path / "quarantine"

    @property
    def mlflow_uri(self) -> str:
        """Where runs and registered models are tracked, as MLflow names it."""
        return f"sqlite:///{(self.path / 'mlflow.db').absolute()}"
