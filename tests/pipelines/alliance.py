"""The command line as tests run it, and a world small enough for it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from experiments.world.settings import WorldSettings
from pipelines.cli import run

TINY = WorldSettings(brands=3, creators=12, days=70, lines=600)


@dataclass(frozen=True)
class Said:
    """What a command line gave: its exit code and what it wrote to the two outputs."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON object on standard output."""
        answer = json.loads(self.out)
        assert isinstance(answer, dict)
        return answer


class Alliance:
    """Runs `alliance` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str | Path) -> Said:
        self.capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        told = self.capsys.readouterr()
        return Said(code, told.out, told.err)


def sizes(world: WorldSettings) -> list[str]:
    asked = {"--brands": world.brands, "--creators": world.creators}
    asked |= {"--days": world.days, "--lines": world.lines}
    return [str(word) for pair in asked.items() for word in pair]


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
