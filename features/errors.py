"""Errors addressed to the person who can act.

AllianceError
├── WrongInput                 what was given cannot be used            (exit 2)
│   ├── BadSource              a source breaks the data contract: every problem at once
│   ├── UnknownBrand           no such brand in the matrix
│   ├── UnknownCreator         no such creator among the brand's pairs
│   ├── UnknownProduct         the brand has no such product in the matrix
│   ├── UnknownRung            no such rung of the remedy ladder
│   ├── RungOutOfOrder         another rung comes first
│   ├── NothingToMend          the pair was not found low, or was given up
│   └── UnsupportedObjective   this source cannot support that objective
└── NotReady                   a step has to run first                  (exit 3)
    ├── NoFacts                nothing was ingested yet
    ├── BrokenFacts            what was ingested cannot be read
    ├── NotEnoughHistory       facts are there, but too few to learn from
    ├── NoChampion             nothing was trained yet
    ├── NoMatrix               nothing was published yet
    │   └── NoOccasion         no forecasts for that later day or campaign
    ├── BrokenMatrix           a published version fails its checksums
    ├── BrokenState            the database of what people did cannot be used
    └── NoModelCard            the matrix was published without the page about its model
"""

from collections.abc import Sequence
from dataclasses import dataclass


class AllianceError(Exception):
    """Root of everything we raise on purpose."""

    def __str__(self) -> str:
        """Return the sentence itself (KeyError would print its repr)."""
        return str(self.args[0]) if self.args else type(self).__name__


class WrongInput(AllianceError, ValueError):
    """What was given cannot be used as it is."""


class UnknownBrand(WrongInput, KeyError):
    """No such brand in the matrix; `close` holds the nearest ids."""

    def __init__(self, message: str, close: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.close = tuple(close)


class UnknownCreator(WrongInput, KeyError):
    """No such creator among the brand's pairs; `close` holds the nearest ids."""

    def __init__(self, message: str, close: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.close = tuple(close)


class UnknownProduct(WrongInput, KeyError):
    """The brand has no such product in the matrix; `close` holds the nearest ids."""

    def __init__(self, message: str, close: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.close = tuple(close)


class UnknownRung(WrongInput):
    """No such rung of the remedy ladder; the message names them."""


class RungOutOfOrder(WrongInput):
    """Another rung of the remedy ladder comes first; the message names it."""


class NothingToMend(WrongInput):
    """Nothing can be tried on this pair; the message says why."""


class UnsupportedObjective(WrongInput):
    """The published matrix has no column for this objective; the message says why."""


class NotReady(AllianceError, RuntimeError):
    """A step has to run before this one; the message names it."""


class NoFacts(NotReady):
    """Nothing was ingested yet."""


class BrokenFacts(NotReady):
    """Facts are there, but cannot be read; the message says how to go on without losing them."""


class NotEnoughHistory(NotReady):
    """There are facts, but too few to learn from; the message says what is needed."""


class NoChampion(NotReady):
    """No model was trained and promoted yet."""


class NoMatrix(NotReady):
    """No matrix was published yet."""


class NoOccasion(NoMatrix):
    """No forecasts for that later day or campaign were published; `close` holds the nearest."""

    def __init__(self, message: str, close: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.close = tuple(close)


class BrokenMatrix(NotReady):
    """A published version is incomplete or fails its checksums."""


class BrokenState(NotReady):
    """The database of what people did cannot be opened, or is newer than this code."""


class NoModelCard(NotReady):
    """The matrix was published without the page about the model that made it."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a source.

    `row` counts as a person would in a spreadsheet: the header is row 1, the first record row 2.
    None where the problem is not in one row (or, for a database, where rows have no number).
    """

    file: str
    row: int | None
    column: str | None
    found: str
    expected: str

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f", row {self.row}"
        if self.column is not None:
            where += f", column '{self.column}'"
        return f"{where}: {self.found}; expected {self.expected}"


class BadSource(WrongInput):
    """A source breaks the data contract; `problems` has all of them."""

    SHOWN = 50

    def __init__(self, source: str, problems: Sequence[Problem], notes: Sequence[str] = ()) -> None:
        """`notes`: what was left out, in words: a misspelt file or column may be the cause."""
        self.source = source
        self.problems = tuple(problems)
        found = f"{len(self.problems):,} problem" + "s" * (len(self.problems) != 1)
        lines = [f"{source}: {found}, nothing was stored."]
        lines += [f"  {problem}" for problem in self.problems[: self.SHOWN]]
        if len(self.problems) > self.SHOWN:
            lines.append(f"  ... and {len(self.problems) - self.SHOWN} more (--json lists all)")
        lines += [f"Note: {note.rstrip('.')}." for note in notes]
        super().__init__("\n".join(lines))
