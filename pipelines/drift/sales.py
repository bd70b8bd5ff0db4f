"""Drift: forecasts published earlier beside what then happened, and whether to train again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from experiments.drift import Verdict, evidence, judged, verdict
from features.daily import DailyFacts, daily_facts
from features.errors import NoMatrix, NotReady
from features.lines import Grain
from models.bundle import AllianceModel
from models.prediction import Target
from pipelines.drift.happened import Maker, happened, sessions_between, sizes
from pipelines.drift.money import money_drift
from pipelines.home import Home
from pipelines.progress import Progress, silent
from pipelines.promised import SIMPLE
from pipelines.promotion import readable
from pipelines.published import Published, published_since
from pipelines.snapshot import FEATURE_NAMES
from pipelines.store import read_facts
from pipelines.tracking import Tracking
from pipelines.windows import Window

CATEGORIES = 6
"""Industries shown as slices: those with most trials."""
SIZES = ("said", "happened")


@dataclass(frozen=True)
class DriftReport:
    """What the forecasts since a date were worth."""

    since: date
    until: date
    verdict: Verdict
    slices: pd.DataFrame
    weeks: pd.DataFrame
    """The same by weeks since the training."""
    versions: pd.DataFrame
    sizes: pd.DataFrame
    """Impressions and GMV of a session of the best product: said and happened."""
    money: pd.DataFrame
    """GMV by slice, and how its error changed since the model was evaluated; empty where GMV is
    not forecast."""
    left_out: Sequence[str] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "retrain": self.verdict.retrain,
            "verdict": self.verdict.sentence,
            "more_sessions": self.verdict.more_sessions,
            "left_out": list(self.left_out),
            "rows": self.slices.to_dict("records"),
            "weeks": self.weeks.to_dict("records"),
            "versions": self.versions.to_dict("records"),
            "sizes": self.sizes.to_dict("records"),
            "money": self.money.to_dict("records"),
        }


def drift(
    home: Home, since: date, until: date | None = None, progress: Progress = silent
) -> DriftReport:
    """Compare each version of the matrix from `since` on with what came after its date.

    Every fact is held against the last forecast before it, none twice. Raises NoFacts, and
    NoMatrix when no version is left.
    """
    facts = read_facts(home)
    until = min(until or facts.as_of, facts.as_of)
    published, left_out = published_since(home.matrix, since)
    published = [version for version in published if version.as_of < until]
    if not published:
        why = f" Left out: {' '.join(left_out)}" if left_out else ""
        raise NoMatrix(
            f"No forecast was published from {since} on with facts after it (they end before "
            f"{until}).{why} Run 'alliance score', ingest what happens next, and ask again."
        )
    makers, published, unreadable = with_makers(home, published)
    left_out += unreadable
    daily: dict[Target, DailyFacts] = {}
    pairs, lines = [], []
    windows: dict[Window, AllianceModel] = {}
    ends = [*(version.as_of for version in published[1:]), until]
    for done, (version, end) in enumerate(zip(published, ends, strict=True)):
        progress("what happened since", done, len(published))
        made_by = makers[version.manifest.model_version]
        if made_by.target not in daily:
            grain: Grain = "brand" if made_by.target is Target.BRAND_CONVERSION else "product"
            daily[made_by.target] = daily_facts(facts, grain)
        since_then = happened(daily[made_by.target], version, made_by, end)
        trained = pd.Timestamp(made_by.model.manifest["trained_as_of"])
        weeks = (since_then["start"] - trained).dt.days // 7 + 1
        pairs.append(since_then.assign(week=weeks, version=version.manifest.version))
        lines.append(sizes(facts, version, end))
        windows[Window(version.as_of, end)] = made_by.model
    progress("what happened since", len(published), len(published))
    frame = pd.concat(pairs, ignore_index=True)
    last = makers[published[-1].manifest.model_version]
    promised = last.model.manifest.get("promised", {}).get(last.target.value, {})
    table = judged(frame, slices_of(frame))
    progress("money since", 0)
    products = daily.get(Target.CONVERSION) or daily_facts(facts, "product")
    money = money_drift(products, windows, last.model, until)
    progress("money since", 1)
    return DriftReport(
        since,
        until,
        verdict(table, promised, sessions_between(facts, published[0].as_of, until), money),
        table,
        judged(frame, groups(frame, "week")),
        judged(frame, groups(frame, "version")),
        said_and_happened(pd.concat(lines, ignore_index=True)),
        pd.DataFrame() if money is None else money,
        left_out,
    )


def with_makers(
    home: Home, published: Sequence[Published]
) -> tuple[dict[str, Maker], list[Published], list[str]]:
    """The model of each version, the versions that have one, and sentences about the others."""
    tracking = Tracking(home.mlflow_uri, home.artifacts)
    makers: dict[str, Maker] = {}
    for number in {version.manifest.model_version for version in published}:
        registered = tracking.version(number)
        model = None if registered is None else readable(registered)
        if registered is None or model is None:
            continue
        if tuple(model.manifest["feature_names"]) == FEATURE_NAMES:
            makers[number] = Maker(model, AllianceModel.load(registered.folder / SIMPLE))
    left_out = [
        f"{version.manifest.version}: the files of its model cannot be read by this version."
        for version in published
        if version.manifest.model_version not in makers
    ]
    kept = [version for version in published if version.manifest.model_version in makers]
    if not kept:
        raise NotReady(f"{' '.join(left_out)} Run 'alliance train' and 'alliance score'.")
    return makers, kept, left_out


def slices_of(frame: pd.DataFrame) -> dict[str, npt.NDArray[np.bool_]]:
    """All, by evidence, new and recommended pairs, tiers, the largest industries."""
    slices = {
        "all": np.ones(len(frame), dtype=bool),
        **evidence(frame["creator_trials"].to_numpy(dtype=np.float64)),
        "new pairs": (frame["evidence_sessions"].fillna(0) == 0).to_numpy(),
        "recommended pairs": frame["recommended"].to_numpy(dtype=bool),
        "extrapolated pairs": frame["extrapolated"].to_numpy(dtype=bool),
        **(groups(frame, "tier") if len(frame["tier"].unique()) > 1 else {}),
    }
    largest = frame.groupby("industry")["n"].sum().sort_values(ascending=False, kind="stable")
    return slices | {
        f"industry {name}": (frame["industry"] == name).to_numpy()
        for name in largest.index[:CATEGORIES]
        if name
    }


def groups(frame: pd.DataFrame, name: str) -> dict[str, npt.NDArray[np.bool_]]:
    """A slice for every value of a column, in their order."""
    return {
        f"{name} {value}": (frame[name] == value).to_numpy()
        for value in sorted(frame[name].unique())
    }


def said_and_happened(lines: pd.DataFrame) -> pd.DataFrame:
    """Of each size: lines, said and happened a line, ratio, and how many 80 % ranges held it.

    nan of means over all sessions of a creator, of which an interval says nothing.
    """
    records = []
    for name, part in lines.groupby("size", sort=True):
        said, happened_ = (float(np.average(part[c], weights=part["lines"])) for c in SIZES)
        held = (part["happened"] >= part["lo80"]) & (part["happened"] <= part["hi80"])
        records.append(
            {
                "size": name,
                "lines": round(part["lines"].sum()),
                "said": said,
                "happened": happened_,
                "ratio": happened_ / said if said else float("nan"),
                "within_80": float(held.mean()) if (part["lines"] == 1).all() else float("nan"),
            }
        )
    return pd.DataFrame(records)
