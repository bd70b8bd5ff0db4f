"""Ingest: a source is read, checked, merged with what is stored, and becomes the facts."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from features.contract import table_named
from features.errors import BadSource, NoFacts
from pipelines.home import Home
from pipelines.meaning import agreed_meaning
from pipelines.progress import Progress, silent
from pipelines.sources.quarantine import write_quarantine
from pipelines.sources.read import read_source
from pipelines.sources.validation import Checked, check_source
from pipelines.store import Version, current_version, ingesting, read_tables, write_facts


@dataclass(frozen=True)
class IngestReport:
    """What an ingest did. Counts are rows by table."""

    source: str
    fingerprint: str
    changed: bool
    """False when the facts already held all of it."""
    rows: Mapping[str, int]
    """All rows now stored."""
    merged: Mapping[str, int] = field(default_factory=dict)
    """Rows that gave way to a later file's row of the same key."""
    replaced: Mapping[str, int] = field(default_factory=dict)
    """Stored rows that gave way to the source's row of the same key."""
    quarantined: Mapping[str, int] = field(default_factory=dict)
    quarantine: str | None = None
    """The folder the bad rows were written to, with their reasons."""
    notes: tuple[str, ...] = ()
    """What was left out, derived or is lacking, in words."""

    def as_dict(self) -> dict[str, Any]:
        """The report as one JSON object."""
        tables = [{"table": name, "rows": rows} for name, rows in self.rows.items()]
        return {**asdict(self), "rows": tables}

    def sentences(self) -> list[str]:
        """The report in words, what was done first."""
        done = "stored as" if self.changed else "already stored, nothing changed:"
        lines = [f"{self.source} {done} {self.fingerprint}: {_counts(self.rows)}."]
        if self.merged:
            lines.append(f"The later file won over the same key: {_counts(self.merged)}.")
        if self.replaced and self.changed:
            lines.append(f"Stored rows replaced by key: {_counts(self.replaced)}.")
        if self.quarantined:
            bad = _counts(self.quarantined)
            lines.append(f"In quarantine, not stored: {bad} (reasons in {self.quarantine}).")
        return lines + [f"Note: {note.rstrip('.')}." for note in self.notes]


def _counts(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in rows.items())


def ingest(
    source: str,
    home: Home,
    *,
    mapping: Path | None = None,
    quarantine: bool = False,
    progress: Progress = silent,
) -> IngestReport:
    """Check a source and store it, merged by key with the facts that are there.

    `source` is a folder, a database URL, `complete-journey` or `chanmama:FOLDER?year=2021`. Raises
    BadSource with every problem, and stores nothing, unless `quarantine` sets bad rows aside;
    missing tables, files and columns are refused even then.
    """
    progress("reading the source")
    raw = read_source(source, mapping, progress)
    progress("reading the source", 1)
    with ingesting(home):
        version = _stored_version(home)
        stored = read_tables(version) if version is not None else {}
        progress("checking every row")
        checked = check_source(raw, stored)
        progress("checking every row", 1)
        good = _good_tables(checked, raw.notes, quarantine=quarantine)
        meaning, notes = agreed_meaning(raw.meaning, good, version.meaning if version else None)
        said = (*raw.notes, *checked.notes, *notes)
        tables, replaced = merged_by_key(stored, good)
        folder, counts = write_quarantine(home.quarantine, checked) if quarantine else (None, {})
        progress("storing the facts")
        kept = dict.fromkeys((*(version.notes if version else ()), *said))
        written = write_facts(home, tables, meaning, tuple(kept))
        progress("storing the facts", 1)
    return IngestReport(
        raw.name,
        written.fingerprint,
        written.changed,
        written.rows,
        checked.merged(),
        replaced,
        counts,
        str(folder) if counts else None,
        said,
    )


def _stored_version(home: Home) -> Version | None:
    try:
        return current_version(home)
    except NoFacts:
        return None


def _good_tables(
    checked: Checked, notes: Sequence[str], *, quarantine: bool
) -> dict[str, pd.DataFrame]:
    problems = checked.problems
    good = {name: frame for name, frame in checked.good().items() if len(frame)}
    if checked.fatal or (problems and not (quarantine and good)):
        raise BadSource(checked.source, problems, (*notes, *checked.notes))
    return good


def merged_by_key(
    stored: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame]
) -> tuple[dict[str, pd.DataFrame], dict[str, int]]:
    """Stored and new rows together, the new row where both have the key; and how often."""
    tables, replaced = {**stored, **new}, {}
    for name in stored.keys() & new.keys():
        contract = table_named(name)
        assert contract is not None, name
        both = pd.concat([stored[name], new[name]], ignore_index=True)
        tables[name] = both.drop_duplicates([k for k in contract.key if k in both], keep="last")
        if len(both) > len(tables[name]):
            replaced[name] = len(both) - len(tables[name])
    return tables, dict(sorted(replaced.items()))
