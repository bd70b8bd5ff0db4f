"""What each constraint removes, and what to relax when too few creators are left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt

from models.shortlists.brand_view import BrandView
from models.shortlists.constraints import ATTRIBUTES, Constraint
from models.shortlists.filters import ShortlistFilters

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Relaxation:
    """One constraint that could give way."""

    constraint: str
    """In words."""
    remaining: int
    """Creators who would be left without it."""
    enough_at: float | None
    """Of a limit: the nearest value at which enough would be left; None where none would do."""


@dataclass(frozen=True)
class Filtered:
    """What is left, and what each constraint took, in the order they were applied."""

    kept: Mask
    removed: Mapping[str, int]
    """Constraint in words -> how many of those left by the earlier ones it removed."""
    hard: tuple[Constraint, ...]
    soft: tuple[Constraint, ...]

    def unmet(self) -> npt.NDArray[np.int64]:
        """How many preferences each row does not meet, (n,)."""
        misses = np.zeros(len(self.kept), np.int64)
        for constraint in self.soft:
            misses += ~constraint.met
        return misses


def apply(constraints: Sequence[Constraint], soft: Sequence[str], n: int) -> Filtered:
    """Which of the n rows pass the hard constraints."""
    kept = np.ones(n, bool)
    removed: dict[str, int] = {}
    hard = tuple(one for one in constraints if one.name not in soft)
    for one in hard:
        removed[one.words] = int((kept & ~one.met).sum())
        kept &= one.met
    preferred = tuple(one for one in constraints if one.name in soft)
    return Filtered(kept, removed, hard, preferred)


def relaxations(filtered: Filtered, enough: int) -> tuple[Relaxation, ...]:
    """For every hard constraint what would be left without it, the most first.

    `enough_at` is the value of a limit at which `enough` creators would pass, all others kept.
    """
    n = len(filtered.kept)
    told = []
    for one in filtered.hard:
        others = np.ones(n, bool)
        for other in filtered.hard:
            if other is not one:
                others &= other.met
        remaining = int(others.sum())
        if remaining > filtered.kept.sum():
            told.append(Relaxation(one.words, remaining, _enough_at(one, others, enough)))
    return tuple(sorted(told, key=lambda each: -each.remaining))


def advice(view: BrandView, filters: ShortlistFilters, filtered: Filtered, k: int) -> str:
    """What to relax, as sentences; for a list with fewer than k creators."""
    wrong = nobody_has(view, filters)
    options = relaxations(filtered, k)
    if len(filtered.hard) == 1:
        return " ".join(part for part in (wrong, _widen(options)) if part)
    if not options:
        return " ".join(p for p in (wrong, "No single filter is to blame: relax two or more.") if p)
    best = options[0]
    sentence = f"Without '{best.constraint}' {best.remaining:,} would be left: relax that first."
    nearer = next((each for each in options if each.enough_at is not None), None)
    if nearer is not None and nearer.enough_at is not None:
        sentence += f" Or give way to {limit_words(nearer.enough_at)} in '{nearer.constraint}'."
    return " ".join(part for part in (wrong, sentence) if part)


def nobody_has(view: BrandView, filters: ShortlistFilters) -> str:
    """A sentence when a value was asked for that no creator has; else empty."""
    for name, column in ATTRIBUTES.items():
        values = view.matrix.creator_groups[column][1]
        known = {value.casefold() for value in values}
        for wanted in getattr(filters, name):
            if wanted.casefold() in known:
                continue
            close = get_close_matches(wanted, values, n=3)
            there_are = f" {'Close' if close else 'There are'}: {', '.join(close or values[:5])}."
            return f"No creator has {name} '{wanted}'.{there_are}"
    return ""


def _widen(options: Sequence[Relaxation]) -> str:
    nearest = options[0].enough_at if options else None
    return (
        "Drop or widen it."
        if nearest is None
        else f"Widen it to {limit_words(nearest)}, or drop it."
    )


def _enough_at(constraint: Constraint, others: Mask, enough: int) -> float | None:
    if constraint.values is None:
        return None
    values = constraint.values[others]
    values = np.sort(values[np.isfinite(values)])
    if len(values) < enough:
        return None
    return float(values[-enough] if constraint.at_least else values[enough - 1])


def limit_words(value: float) -> str:
    """A limit as a person would write it.

    >>> limit_words(1_500_000.0), limit_words(0.28)
    ('1,500,000', '0.28')
    """
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
