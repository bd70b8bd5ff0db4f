"""What a source hands over before it is checked: tables as they were found, row by row."""

from dataclasses import dataclass, field

import pandas as pd

from features.facts import Meaning


@dataclass(frozen=True)
class RawTable:
    """One file (or database table) already under the contract's table and column names.

    `frame`'s index is the row number a person would see (header = 1, first record = 2).
    Values may still be text; the validation parses and judges them.
    """

    name: str
    file: str
    frame: pd.DataFrame


@dataclass(frozen=True)
class RawSource:
    """Everything a source brought, and how its numbers are to be read.

    `meaning.denominator` None means: take the first of the contract's list that is supplied.
    `zone` is the IANA zone of times written without an offset; None makes those an error.
    `notes` are sentences for people: what was derived, what was dropped and how many.
    """

    name: str
    tables: tuple[RawTable, ...]
    meaning: Meaning = field(default_factory=Meaning)
    zone: str | None = None
    notes: tuple[str, ...] = ()
