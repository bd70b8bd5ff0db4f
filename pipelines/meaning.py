"""Meaning: what the conversion of these facts is a share of, and whether two sources agree."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from features.contract import DENOMINATORS, Denominator
from features.errors import WrongInput
from features.facts import Meaning
from pipelines.sources.frames import among

ENOUGH = 0.95
"""A column is a usable denominator when at least this share of the lines with orders has it."""


def agreed_meaning(
    written: Meaning, tables: Mapping[str, pd.DataFrame], stored: Meaning | None
) -> tuple[Meaning, list[str]]:
    """How the source's numbers are read, with the notes a person needs; never two ways at once.

    Raises WrongInput when the facts already stored are read in another way.
    """
    coverage = {column: _coverage(tables, column) for column in DENOMINATORS}
    wanted = written.denominator or _chosen(coverage, stored)
    if written.denominator and not coverage[written.denominator][0] and _sales(tables) is not None:
        raise WrongInput(
            f"the denominator is to be {written.denominator}, but no sale of the source has it: "
            "name another of " + ", ".join(DENOMINATORS) + ", or none."
        )
    meaning = replace(written, denominator=wanted)
    if stored is not None:
        meaning = _same(meaning, stored)
    return meaning, _notes(meaning, tables, coverage)


def _sales(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame | None:
    """Lines with orders (all lines where nothing sold), with their session's traffic."""
    name = next((n for n in ("session_products", "session_brands") if len(tables.get(n, ()))), None)
    if name is None:
        return None
    lines = tables[name]
    sold = lines["orders"] > 0
    return lines[sold] if sold.any() else lines


def _coverage(tables: Mapping[str, pd.DataFrame], column: Denominator) -> tuple[int, int]:
    """How many lines with orders have the column, and how many there are."""
    sales, sessions = _sales(tables), tables.get("sessions")
    if sales is None:
        return 0, 0
    if column in ("clicks", "impressions"):
        return int(sales[column].notna().sum()) if column in sales else 0, len(sales)
    if sessions is None or column not in sessions:
        return 0, len(sales)
    known = sessions.loc[sessions[column].notna(), "session_id"]
    return int(among(sales["session_id"], known).sum()), len(sales)


def _chosen(
    coverage: Mapping[Denominator, tuple[int, int]], stored: Meaning | None
) -> Denominator | None:
    """The first that nearly every sale has; what the stored facts use comes before all."""
    preferred = [stored.denominator] if stored is not None and stored.denominator else []
    for column in [*preferred, *DENOMINATORS]:
        having, lines = coverage[column]
        if lines and having >= ENOUGH * lines:
            return column
    return None


def _same(meaning: Meaning, stored: Meaning) -> Meaning:
    """The meaning both share; a source without sales takes the stored denominator."""
    if meaning.denominator is None or stored.denominator is None:
        denominator = meaning.denominator or stored.denominator
        meaning = replace(meaning, denominator=denominator)
        stored = replace(stored, denominator=denominator)
    for word, ours, theirs in (
        ("currency", meaning.currency, stored.currency),
        ("denominator", meaning.denominator, stored.denominator),
        ("reading of absent lines", meaning.absent, stored.absent),
    ):
        if ours != theirs:
            raise WrongInput(
                f"the {word} of this source is {ours}, that of the facts already stored {theirs}: "
                "the two are never mixed. Ingest it into a home of its own (ALLIANCE_HOME), or "
                "bring it to the same in a mapping."
            )
    return meaning


def _notes(
    meaning: Meaning,
    tables: Mapping[str, pd.DataFrame],
    coverage: Mapping[Denominator, tuple[int, int]],
) -> list[str]:
    if _sales(tables) is None:
        return []
    if meaning.denominator is None:
        some = [f"{c} on {having} of {lines}" for c, (having, lines) in coverage.items() if having]
        found = f"; lines with orders have {', '.join(some)}" if some else ""
        return [f"no denominator for conversion (clicks, impressions, viewers or views){found}"]
    having, lines = coverage[meaning.denominator]
    if having == lines:
        return []
    return [
        f"{lines - having} of {lines} lines with orders have no {meaning.denominator}: "
        "they do not count towards conversion"
    ]
