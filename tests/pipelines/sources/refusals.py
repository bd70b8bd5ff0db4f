"""What became of a folder with bad input: refused, or its bad rows set aside."""

from pathlib import Path

import pandas as pd
import pytest

from features.errors import BadSource, NoFacts
from pipelines.home import Home
from pipelines.ingest import IngestReport, ingest
from pipelines.store import read_facts


def refused(folder: Path, home: Home) -> list[str]:
    """The problems of a folder that is refused; nothing may be stored."""
    with pytest.raises(BadSource) as refusal:
        ingest(str(folder), home)
    with pytest.raises(NoFacts):
        read_facts(home)
    return [str(problem) for problem in refusal.value.problems]


def set_aside(folder: Path, home: Home) -> IngestReport:
    return ingest(str(folder), home, quarantine=True)


def reasons(home: Home, table: str) -> list[tuple[int, str]]:
    """Row and reasons of each quarantined row of a table."""
    [file] = home.quarantine.glob(f"*/{table}.csv")
    rows = pd.read_csv(file)
    return list(zip(rows["row"], rows["reasons"], strict=True))
