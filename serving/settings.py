"""Settings of the service, from the environment (ALLIANCE_...) or from the caller."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServingSettings(BaseSettings):
    """Where the published matrix lies."""

    model_config = SettingsConfigDict(env_prefix="ALLIANCE_", frozen=True, extra="ignore")

    home: Path = Field(default=Path("alliance-home"), description="The folder Alliance keeps.")

    @property
    def matrix_dir(self) -> Path:
        return self.home / "matrix"
