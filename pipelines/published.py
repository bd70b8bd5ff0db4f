"""Published forecasts of the past: versions of the matrix as tables, to hold against what came."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from models.matrix.manifest import Manifest
from models.versions import all_versions, manifest_of
from pipelines.scored_matrix import LEARNED_LATER

FORECASTS = ("conversion_rate", "impressions", "gmv")
READ = (
    "brand_id",
    "creator_id",
    "best_product_id",
    *(name + end for name in FORECASTS for end in ("", "_lo80", "_hi80")),
    "net_gmv",
    "evidence_sessions",
    "extrapolated",
)
OBJECTIVES = ("net_gmv", "gmv", "conversion_rate")
"""A brand's list is ranked by the first of these that the matrix has."""
RECOMMENDED = 10
"""So many of a brand's first are what was recommended."""


@dataclass(frozen=True)
class Published:
    """One version: its manifest, and what it said of each pair."""

    manifest: Manifest
    rows: pd.DataFrame

    @property
    def as_of(self) -> date:
        return self.manifest.as_of


def published_since(matrix_dir: Path, since: date) -> tuple[list[Published], list[str]]:
    """Versions whose date is `since` or later, earliest first, and why others were left out.

    Of one date the last published counts. A version whose model had learned from later outcomes
    than its date is left out: it was no forecast.
    """
    found: dict[date, Published] = {}
    left_out: list[str] = []
    for folder in all_versions(matrix_dir):
        manifest = manifest_of(folder)
        if manifest is None:
            left_out.append(f"{folder.name}: its manifest cannot be read.")
        elif manifest.as_of < since or manifest.as_of in found:
            continue
        elif any(LEARNED_LATER in note for note in manifest.notes):
            left_out.append(f"{folder.name}: its model had learned from later outcomes (a leak).")
        elif "conversion_rate" in manifest.null_columns:
            left_out.append(f"{folder.name}: {_nothing_judged(manifest)}")
        else:
            found[manifest.as_of] = Published(manifest, _rows(folder))
    return [found[as_of] for as_of in sorted(found)], left_out


def _nothing_judged(manifest: Manifest) -> str:
    if "p_collaboration" in manifest.null_columns:
        return "it forecasts no conversion."
    return (
        "it ranks collaborations and forecasts no sale, which is all that is judged here. "
        "'alliance evaluate' judges rankings on collaborations held out; 'alliance train' holds a "
        "new ranking against the champion's on those that came after it."
    )


def _rows(folder: Path) -> pd.DataFrame:
    rows = pd.read_parquet(folder / "matrix.parquet", columns=list(READ))
    for name in ("brand_id", "creator_id", "best_product_id"):
        rows[name] = rows[name].astype("str")
    creators = pd.read_parquet(folder / "creators.parquet").set_index("creator_id")
    brands = pd.read_parquet(folder / "brands.parquet").set_index("brand_id")
    rows["tier"] = creators["tier"].reindex(rows["creator_id"]).fillna("unknown").to_numpy()
    rows["industry"] = brands["industry"].reindex(rows["brand_id"]).fillna("").to_numpy()
    objective = next(name for name in OBJECTIVES if rows[name].notna().any())
    ranks = rows.groupby("brand_id")[objective].rank(ascending=False, method="first")
    return rows.assign(recommended=(ranks <= RECOMMENDED).to_numpy())
