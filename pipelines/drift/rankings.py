"""Rankings of collaborations published earlier beside the ties that began after them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from experiments.collaborations import Ranked
from experiments.drift_rankings import (
    MEASURES,
    SCORE,
    Level,
    RankingVerdict,
    judged_rankings,
    ranking_verdict,
)
from features.errors import NoMatrix
from features.facts import midnight
from features.history import collaboration_history
from models.collaboration.occasions import after
from models.collaboration.partners import Floats, first_collaborations
from pipelines.collaborations import BY_TIME, LEARNED_NAME
from pipelines.home import Home
from pipelines.progress import Progress, silent
from pipelines.promotion import readable
from pipelines.published import Published, rankings_since
from pipelines.store import read_facts
from pipelines.tracking import Tracking

INDUSTRIES: Final = 6
"""Shown as slices: those with most ties."""


@dataclass(frozen=True)
class RankingDriftReport:
    """What the rankings since a date were worth."""

    since: date
    until: date
    verdict: RankingVerdict
    slices: pd.DataFrame
    versions: pd.DataFrame
    """The same by version of the matrix, each until the next."""
    then: Mapping[str, Level]
    """Measures of the last version's training, on what it held out."""
    notes: Sequence[str]
    left_out: Sequence[str]

    def as_dict(self) -> dict[str, Any]:
        names = ("value", "lo95", "hi95")
        return {
            "judged": "rankings of collaborations",
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "retrain": self.verdict.retrain,
            "verdict": self.verdict.sentence,
            "more_ties": self.verdict.more_ties,
            "rows": self.slices.to_dict("records"),
            "versions": self.versions.to_dict("records"),
            "training": {m: dict(zip(names, level, strict=True)) for m, level in self.then.items()},
            "notes": list(self.notes),
            "left_out": list(self.left_out),
        }


@dataclass(frozen=True)
class Trained:
    """How a training judged its ranking: the words for it, and the levels it found."""

    judged_by: str = ""
    levels: Mapping[str, Level] | None = None


@dataclass(frozen=True)
class Asked:
    """One brand of one version: its candidates with their published scores, and what was known."""

    ranked: Ranked
    version: str
    partners: int
    """That the brand had on the version's date."""
    industry: str


def ranking_drift(
    home: Home, since: date, until: date | None = None, progress: Progress = silent
) -> RankingDriftReport:
    """Hold each ranking from `since` on against the ties that began between it and the next.

    Candidates were not yet partners of the brand on the ranking's date. Raises NoFacts, and
    NoMatrix when nothing was published or no tie began after it.
    """
    facts = read_facts(home)
    until = min(until or facts.as_of, facts.as_of)
    published, left_out = rankings_since(home.matrix, since)
    published = [version for version in published if version.as_of < until]
    if not published:
        raise NoMatrix(_nothing(since, until, published, left_out))
    first = first_collaborations(collaboration_history(facts, until))
    trained = _trained(home, published[-1].manifest.model_version)
    by_time = trained.judged_by.startswith(BY_TIME)
    ends = [*(version.as_of for version in published[1:]), until]
    asked: list[Asked] = []
    for done, (version, end) in enumerate(zip(published, ends, strict=True)):
        progress("ties since", done, len(published))
        asked += asked_of(version, first, end, among_chosen=not by_time)
    progress("ties since", len(published), len(published))
    if not asked:
        raise NoMatrix(_nothing(since, until, published, left_out))
    table = judged_rankings(_slices(asked))
    whole = table.iloc[0].to_dict()
    then = trained.levels or {}
    return RankingDriftReport(
        since,
        until,
        ranking_verdict(whole, then),
        table,
        judged_rankings({f"version {name}": part for name, part in _by_version(asked)}),
        then,
        _notes(asked, trained, _unasked(first, published, asked)),
        left_out,
    )


def asked_of(
    version: Published, first: pd.DataFrame, end: date, *, among_chosen: bool
) -> list[Asked]:
    """Each brand of the version with a tie from its date until `end`, that day excluded.

    `first` has brand_id, creator_id and `at` of every tie. A creator that was not scored for the
    brand ranks last.
    """
    rows = version.rows
    brands, creators = (pd.Index(np.unique(rows[n])) for n in ("brand_id", "creator_id"))
    row, column = brands.get_indexer(first["brand_id"]), creators.get_indexer(first["creator_id"])
    there = (row >= 0) & (column >= 0)
    occasion = after(
        row[there].astype(np.intp),
        column[there].astype(np.intp),
        first["at"][there],
        (len(brands), len(creators)),
        pd.Timestamp(midnight(version.as_of)),
        pd.Timestamp(midnight(end)),
        random_state=0,
        among_chosen=among_chosen,
    )
    of_brand = rows.groupby("brand_id").indices
    found = []
    for question in occasion.questions:
        brand = str(brands[question.brand])
        part = rows.iloc[of_brand[brand]]
        scores = part.set_index("creator_id")["p_collaboration"].astype(float)
        ids = creators[question.candidates].to_numpy(dtype=str)
        said: Floats = np.asarray(scores.reindex(ids), dtype=np.float64)
        ranked = Ranked(brand, ids, question.chosen, {SCORE: said})
        name, industry = version.manifest.version, str(part["industry"].iloc[0])
        found.append(Asked(ranked, name, len(question.own), industry))
    return found


def _trained(home: Home, number: str) -> Trained:
    """As the training of that version recorded it; empty where its files cannot be read."""
    registered = Tracking(home.mlflow_uri, home.artifacts).version(number)
    model = None if registered is None else readable(registered)
    if registered is None or model is None:
        return Trained()
    told = model.manifest.get("collaboration") or {}
    path = registered.folder.parent / "collaborations.csv"
    how = str(told.get("judged_by", ""))
    if not path.is_file() or path.stat().st_size < 2:
        return Trained(how)
    board = pd.read_csv(path)
    ours = board[board["predictor"] == told.get("rule", LEARNED_NAME)].set_index("measure")
    return Trained(
        how,
        {
            measure: (float(at["value"]), float(at["lo95"]), float(at["hi95"]))
            for measure, at in ours.iterrows()
            if measure in MEASURES
        },
    )


def _slices(asked: Sequence[Asked]) -> dict[str, list[Ranked]]:
    """All, brands by the partners they had, and the industries with most ties."""
    had = np.array([one.partners for one in asked])
    middle = int(np.median(had[had > 0])) if (had > 0).any() else 0
    masks = {
        "all": np.ones(len(asked), dtype=bool),
        "no partner yet": had == 0,
        f"1 to {middle} partners": (had > 0) & (had <= middle),
        f"more than {middle} partners": (had > 0) & (had > middle),
    }
    names = np.array([one.industry for one in asked])
    ties = pd.Series([int(one.ranked.chosen.sum()) for one in asked]).groupby(names).sum()
    for name in ties.drop("", errors="ignore").nlargest(INDUSTRIES).index:
        masks[f"industry {name}"] = names == name
    return {
        name: [one.ranked for one, here in zip(asked, mask, strict=True) if here]
        for name, mask in masks.items()
    }


def _by_version(asked: Sequence[Asked]) -> Iterator[tuple[str, list[Ranked]]]:
    for name in dict.fromkeys(one.version for one in asked):
        yield name, [one.ranked for one in asked if one.version == name]


def _unasked(first: pd.DataFrame, published: Sequence[Published], asked: Sequence[Asked]) -> int:
    """Ties since the first ranking whose brand or creator none of its rankings knew."""
    since = int((first["at"] >= midnight(published[0].as_of)).sum())
    return since - int(sum(one.ranked.chosen.sum() for one in asked))


def _notes(asked: Sequence[Asked], trained: Trained, unknown: int) -> list[str]:
    notes = []
    if trained.levels:
        notes.append(f"At training judged on {trained.judged_by}.")
    if trained.levels and not trained.judged_by.startswith(BY_TIME):
        known = len({one.ranked.brand_id for one in asked if one.partners})
        notes.append(
            f"Of the brands asked now {known:,} had partners by then, which makes it easier: a "
            "small loss may not show. Candidates are, as then, the creators whom a brand chose."
        )
    if unknown:
        notes.append(
            f"{unknown:,} later ties are left out: no ranking knew the brand or the creator then."
        )
    return notes


def _nothing(
    since: date, until: date, published: Sequence[Published], left_out: Sequence[str]
) -> str:
    why = f" Left out: {' '.join(left_out)}" if left_out else ""
    if not published:
        return (
            f"No ranking of collaborations was published from {since} on with facts after it "
            f"(they end before {until}).{why} Run 'alliance score', ingest what happens next, and "
            "ask again."
        )
    return (
        f"No tie of a brand and a creator that were ranked began from {published[0].as_of} until "
        f"{until}, so the rankings published from {since} on cannot be judged yet.{why} Ingest the "
        "collaborations that follow, and ask again."
    )
