"""What a source hands over before it is checked: tables as they were found, row by row."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from features.errors import Problem
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
    problems: tuple[Problem, ...] = ()
    """What reading already found wrong; one without a row says the file could not be read."""
    written_as: Mapping[str, str] = field(default_factory=dict)
    """The contract's column -> its name in the file, where a mapping renamed it."""
    parse: Mapping[str, str] = field(default_factory=dict)
    """The contract's column -> the unit parser a mapping asks for (see `parsers.PARSERS`)."""
    numbered: bool = True
    """False for a database, whose rows have no number a person could look up."""

    @property
    def unreadable(self) -> bool:
        """Whether the whole file could not be read."""
        return any(problem.row is None for problem in self.problems)


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
