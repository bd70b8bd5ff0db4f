"""Versions of the matrix that are there, and what each said of a pair."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from features.errors import NoOccasion, WrongInput
from models.close_names import close_ids
from models.diagnoses.diagnoses import SAID
from models.matrix.files import CURRENT, MANIFEST, current, current_version, load
from models.matrix.manifest import Manifest
from models.matrix.matrix import AllianceMatrix
from models.shortlists.rows import Estimate, plain

PAST: Final = "past"
"""The folder of versions that are no longer served; each still has its `matrix.parquet`."""

OCCASIONS: Final = "occasions"
"""The folder of forecasts for later days and campaigns, each published like the matrix."""

PREVIOUS: Final = "previous"
"""What asks for the version published before the current one."""

TEXTS: Final = ("quadrant", "action", "benchmark_level")


@dataclass(frozen=True)
class Diagnosed:
    """What one version said of a pair."""

    matrix_version: str
    as_of: date
    quadrant: str | None
    action: str | None
    conversion: Estimate | None
    benchmark_rate: float | None
    benchmark_level: str | None
    p_above_benchmark: float | None
    p_above_peers: float | None
    impressions: Estimate | None
    p_impressions_above_benchmark: float | None
    evidence_sessions: int | None


def versions(matrix_dir: Path) -> list[str]:
    """Every complete version, the last published first."""
    manifests = matrix_dir.glob(f"[!.]*/{MANIFEST}")
    latest = sorted(manifests, key=lambda path: (path.stat().st_mtime_ns, path), reverse=True)
    return [path.parent.name for path in latest]


def occasion_dir(matrix_dir: Path, key: str) -> Path:
    """Where the forecasts for a later day (ISO) or a campaign (its id) are published."""
    return matrix_dir / OCCASIONS / quote(key, safe="")


def occasion_matrix(matrix_dir: Path, key: str) -> AllianceMatrix:
    """The forecasts for that day or campaign; raises NoOccasion, with those there are."""
    folder = occasion_dir(matrix_dir, key)
    if not (folder / CURRENT).exists():
        raise no_occasion(matrix_dir, key)
    return current(folder)


def no_occasion(matrix_dir: Path, key: str) -> NoOccasion:
    """Why there are no forecasts for that day or campaign, and what to do."""
    there = sorted(
        unquote(path.parent.name) for path in matrix_dir.glob(f"{OCCASIONS}/*/{CURRENT}")
    )
    days, campaigns = ([k for k in there if _is_day(k) is day] for day in (True, False))
    option = "date" if _is_day(key) else "campaign"
    return NoOccasion(
        f"No forecasts for the {'day' if _is_day(key) else 'campaign'} '{key}' were published. "
        f"Published are: days: {', '.join(days) or 'none'}; campaigns: "
        f"{', '.join(campaigns) or 'none'}. 'alliance score --{option} {key}' publishes them.",
        close_ids(key, dict.fromkeys(there)),
    )


def _is_day(key: str) -> bool:
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", key) is not None


def version_of(matrix_dir: Path, name: str) -> AllianceMatrix:
    """The kept version of that name, or the one published before the current (`previous`).

    Raises WrongInput when there is none, with those there are.
    """
    kept = versions(matrix_dir)
    if name == PREVIOUS and len(kept) > 1:
        now = current_version(matrix_dir)
        name = next(version for version in kept if version != now)
    if name not in kept:
        there_are = f"Kept are: {', '.join(kept)}." if kept else "None was published yet."
        raise WrongInput(f"No version '{name}' of the matrix is kept. {there_are}")
    return load(matrix_dir / name)


def all_versions(matrix_dir: Path) -> Sequence[Path]:
    """Folders of every version, those of the past too, the last published first."""
    past = matrix_dir / PAST
    now = [matrix_dir / version for version in versions(matrix_dir)]
    return [*now, *(past / version for version in versions(past))]


def manifest_of(folder: Path) -> Manifest | None:
    """None where it cannot be read."""
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError):
        return None


def history(matrix_dir: Path, brand_id: str, creator_id: str) -> list[Diagnosed]:
    """What each version that has the pair said of it, by date and then as published.

    A version that cannot be read, or that an older alliance wrote without some column, says what
    it can.
    """
    found = []
    for place, folder in enumerate(all_versions(matrix_dir)):
        manifest = manifest_of(folder)
        said = None if manifest is None else _said(folder, manifest, brand_id, creator_id)
        if said is not None:
            found.append((said.as_of, -place, said))
    return [said for _, _, said in sorted(found, key=lambda one: one[:2])]


def _said(folder: Path, manifest: Manifest, brand_id: str, creator_id: str) -> Diagnosed | None:
    path = folder / "matrix.parquet"
    try:
        there = set(pq.read_schema(path).names)
        table = pq.read_table(
            path,
            columns=[name for name in (*SAID, *TEXTS) if name in there],
            filters=[("brand_id", "=", brand_id), ("creator_id", "=", creator_id)],
        )
    except (OSError, pa.ArrowInvalid):
        return None
    if not table.num_rows:
        return None
    row = table.slice(0, 1).to_pylist()[0]
    numbers = np.array([[_number(row.get(name)) for name in SAID]])
    known = dict(zip(SAID, plain(numbers)[0], strict=True))

    def estimate(name: str) -> Estimate | None:
        mean = known[name]
        if mean is None:
            return None
        return Estimate(mean, known[f"{name}_lo80"], known[f"{name}_hi80"])

    sessions = known["evidence_sessions"]
    return Diagnosed(
        matrix_version=manifest.version,
        as_of=manifest.as_of,
        quadrant=row.get("quadrant"),
        action=row.get("action"),
        conversion=estimate("conversion_rate"),
        benchmark_rate=known["benchmark_rate"],
        benchmark_level=row.get("benchmark_level"),
        p_above_benchmark=known["p_above_benchmark"],
        p_above_peers=known["p_above_peers"],
        impressions=estimate("impressions"),
        p_impressions_above_benchmark=known["p_impressions_above_benchmark"],
        evidence_sessions=None if sessions is None else round(sessions),
    )


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
