"""Quarantine: the rows that were not stored, as they were written, with their reasons beside."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.sources.checks import TableCheck
from pipelines.sources.validation import Checked


def write_quarantine(folder: Path, checked: Checked) -> tuple[Path, dict[str, int]]:
    """Write `<folder>/<source>/<table>.csv` for every table with bad rows; count them by table.

    The rows of an earlier quarantine of the same source are replaced, all at once.
    """
    target = folder / (re.sub(r"[^\w.-]+", "_", checked.source) or "source")
    building = target.with_name(f".{target.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    frames = bad_rows(checked)
    if frames:
        building.mkdir(parents=True)
        for name, frame in frames.items():
            frame.to_csv(building / f"{name}.csv", index=False, encoding="utf-8-sig")
    before = target.with_name(f".{target.name}.before")
    shutil.rmtree(before, ignore_errors=True)
    if target.exists():
        os.replace(target, before)
    if frames:
        os.replace(building, target)
    shutil.rmtree(before, ignore_errors=True)
    return target, {name: len(frame) for name, frame in frames.items()}


def bad_rows(checked: Checked) -> Mapping[str, pd.DataFrame]:
    """The bad rows of each table: file, row, reasons, then the columns as the source has them."""
    return {name: _bad_rows(check) for name, check in checked.checks.items() if check.bad.any()}


def _bad_rows(check: TableCheck) -> pd.DataFrame:
    reasons = check.reasons()
    frames = []
    for number, part in enumerate(check.parts):
        of_part = np.flatnonzero(check.part == number)
        bad = of_part[check.bad[of_part]]
        if not len(bad):
            continue
        frame = part.frame.iloc[bad - of_part[0]].rename(columns=dict(part.written_as))
        frame = frame.astype(object).reset_index(drop=True)
        why = pd.DataFrame(
            {
                "file": part.file,
                "row": check.row[bad] if part.numbered else None,
                "reasons": ["; ".join(reasons[int(at)]) for at in bad],
            }
        )
        frames.append(pd.concat([why, frame], axis=1))
    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
