"""Settings of the service, from the environment (ALLIANCE_...) or from the caller."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServingSettings(BaseSettings):
    """Where the published matrix lies, and the database of what people did."""

    model_config = SettingsConfigDict(env_prefix="ALLIANCE_", frozen=True, extra="ignore")

    home: Path = Field(default=Path("alliance-home"), description="The folder Alliance keeps.")

    state_url: str | None = Field(
        default=None, description="Where the state is kept, if not in `state.db` of the home."
    )

    @property
    def state(self) -> str:
        """The URL of the state database."""
        return self.state_url or f"sqlite:///{(self.home / 'state.db').absolute()}"

    @property
    def matrix_dir(self) -> Path:
        return self.home / "matrix"
