"""Published forecasts of the past: versions of the matrix as tables, to hold against what came."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
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
    return _since(matrix_dir, since, _no_sales, _rows)


def rankings_since(matrix_dir: Path, since: date) -> tuple[list[Published], list[str]]:
    """As `published_since`, of versions that rank collaborations and forecast no sale.

    Their rows have brand_id, creator_id, p_collaboration and the brand's industry.
    """
    return _since(matrix_dir, since, _no_ranking, _ranked_rows)


def only_rankings(matrix_dir: Path, since: date) -> bool:
    """Whether the versions of `since` or later rank collaborations, and none forecasts sales."""
    manifests = [manifest_of(folder) for folder in all_versions(matrix_dir)]
    later = [one for one in manifests if one is not None and one.as_of >= since]
    return any(_no_ranking(one) is None for one in later) and not any(
        _no_sales(one) is None for one in later
    )


def _since(
    matrix_dir: Path,
    since: date,
    unfit: Callable[[Manifest], str | None],
    rows: Callable[[Path], pd.DataFrame],
) -> tuple[list[Published], list[str]]:
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
        elif (why := unfit(manifest)) is not None:
            left_out.append(f"{folder.name}: {why}")
        else:
            found[manifest.as_of] = Published(manifest, rows(folder))
    return [found[as_of] for as_of in sorted(found)], left_out


def _no_sales(manifest: Manifest) -> str | None:
    """Why no forecast of sales can be judged; None where one can."""
    if "conversion_rate" not in manifest.null_columns:
        return None
    if "p_collaboration" in manifest.null_columns:
        return "it forecasts no conversion."
    return (
        "it ranks collaborations and forecasts no sale; beside forecasts of sales only they are "
        "judged."
    )


def _no_ranking(manifest: Manifest) -> str | None:
    """Why it is not judged as a ranking; None where it is."""
    if "conversion_rate" not in manifest.null_columns:
        return "it forecasts sales."
    return "it ranks no collaborations." if "p_collaboration" in manifest.null_columns else None


def _ranked_rows(folder: Path) -> pd.DataFrame:
    names = ("brand_id", "creator_id")
    rows = pd.read_parquet(folder / "matrix.parquet", columns=[*names, "p_collaboration"])
    rows = rows.astype(dict.fromkeys(names, "str"))
    return rows.assign(industry=_industries(folder, rows["brand_id"]))


def _industries(folder: Path, brand_ids: "pd.Series[str]") -> npt.NDArray[np.object_]:
    brands = pd.read_parquet(folder / "brands.parquet").set_index("brand_id")
    return brands["industry"].reindex(brand_ids).fillna("").to_numpy()


def _rows(folder: Path) -> pd.DataFrame:
    rows = pd.read_parquet(folder / "matrix.parquet", columns=list(READ))
    for name in ("brand_id", "creator_id", "best_product_id"):
        rows[name] = rows[name].astype("str")
    creators = pd.read_parquet(folder / "creators.parquet").set_index("creator_id")
    rows["tier"] = creators["tier"].reindex(rows["creator_id"]).fillna("unknown").to_numpy()
    rows["industry"] = _industries(folder, rows["brand_id"])
    objective = next(name for name in OBJECTIVES if rows[name].notna().any())
    ranks = rows.groupby("brand_id")[objective].rank(ascending=False, method="first")
    return rows.assign(recommended=(ranks <= RECOMMENDED).to_numpy())
