"""Limits of a portfolio: what it may spend, whom it may hold how many of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from features.errors import WrongInput
from models.portfolio.candidates import Candidates, Floats, Mask
from models.portfolio.settings import PortfolioSettings

TOLERANCE = 1e-9
ASKED = "invitations"
AMOUNTS = ("k", "budget", "samples")


@dataclass(frozen=True)
class Wishes:
    """What a manager allows; None is no limit."""

    k: int = 10
    """Creators who are to say yes, on average; asked, unless `invitations` says how many are."""
    invitations: int | None = None
    """Creators asked at most."""
    budget: float | None = None
    """Slot fees and samples, in major money units."""
    samples: int | None = None
    max_per_agency: int | None = None
    tiers: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)
    """Tier -> least and most invited."""
    explore: float = 0.0
    """Share of the invitations kept for creators who are not proven yet."""
    hard_budget: bool = False
    """Count as if everybody accepts; else what is spent on average."""

    def __post_init__(self) -> None:
        for name in ("k", "invitations", "max_per_agency"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise WrongInput(f"{name} is how many at most: at least 1, not {value}.")
        for name in ("budget", "samples"):
            value = getattr(self, name)
            if value is not None and not value >= 0:
                raise WrongInput(f"{name} is at least 0, not {value:g}.")
        if not 0 <= self.explore <= 1:
            raise WrongInput(f"explore is a share of the invitations, not {self.explore:g}.")
        for tier, (least, most) in self.tiers.items():
            if least < 0 or (most is not None and most < least):
                raise WrongInput(f"tier {tier}: from {least} to {most} is no range.")

    @property
    def asked(self) -> int:
        """Invitations at most."""
        return self.k if self.invitations is None else self.invitations


def tier_mix(values: Sequence[str]) -> tuple[list[str], dict[str, tuple[int, int | None]]]:
    """Tiers to keep to, and tiers with the least and most invited, of values like these.

    A name alone keeps to that tier; name=LEAST:MOST bounds it, either end may be left out.

    >>> tier_mix(["waist", "tail", "head=0:2", "Shoulder=1:"])
    (['waist', 'tail'], {'head': (0, 2), 'Shoulder': (1, None)})
    """
    names: list[str] = []
    mix: dict[str, tuple[int, int | None]] = {}
    for value in values:
        name, is_bounded, bounds = value.partition("=")
        if not is_bounded:
            names.append(value)
            continue
        least, _, most = bounds.partition(":")
        if not all(end.strip().isdigit() or not end for end in (least, most)) or ":" not in bounds:
            raise WrongInput(
                f"tier '{value}' cannot be read: 'head' keeps to that tier, 'head=0:2' allows at "
                "most 2 of it, 'waist=1:' at least 1."
            )
        mix[name.strip()] = (int(least or 0), int(most) if most else None)
    return names, mix


@dataclass(frozen=True)
class Limits:
    """Linear limits on a set: low <= weights @ chosen <= high, a row each, and who must be in."""

    names: tuple[str, ...]
    weights: Floats
    """(r, n)."""
    low: Floats
    high: Floats
    forced: Mask
    """(n,): creators whom every set holds."""
    asked: int
    """Invitations at most."""

    @classmethod
    def of(cls, some: Candidates, wishes: Wishes, settings: PortfolioSettings) -> Self:
        """The rows of what was wished; agencies and tiers compare without regard to case."""
        spent = expected_spending(some, settings, hard=wishes.hard_budget)
        sent = np.ones(len(some)) if wishes.hard_budget else some.accept
        rows: list[tuple[str, Floats, float, float | None]] = [
            (ASKED, np.ones(len(some)), 0, wishes.asked),
            ("k", some.accept, 0, None if wishes.invitations is None else wishes.k),
            ("budget", spent, 0, wishes.budget),
            ("samples", sent, 0, wishes.samples),
        ]
        for tier, (least, most) in wishes.tiers.items():
            rows.append((f"tier {tier}", _is(some.tier, tier), least, most))
        if (most := wishes.max_per_agency) is not None:
            agencies = sorted({agency for agency in some.agency if agency is not None})
            rows += [(f"agency {name}", _is(some.agency, name), 0, most) for name in agencies]
        kept = [row for row in rows if row[2] > 0 or (row[3] is not None and _can_bind(row))]
        return cls(
            names=tuple(row[0] for row in kept),
            weights=np.array([row[1] for row in kept]).reshape(len(kept), len(some)),
            low=np.array([row[2] for row in kept], float),
            high=np.array([np.inf if row[3] is None else row[3] for row in kept], float),
            forced=np.zeros(len(some), bool),
            asked=wishes.asked,
        )

    def used(self, chosen: Mask) -> Floats:
        """(r,): how much of each limit the set takes."""
        return np.asarray(self.weights[:, chosen].sum(axis=1))

    def hold(self, chosen: Mask) -> bool:
        """Whether the set keeps every limit."""
        used = self.used(chosen)
        return bool(
            (used <= self.most).all() and (used >= self.least).all() and chosen[self.forced].all()
        )

    @property
    def most(self) -> Floats:
        """`high` with room for rounding."""
        return self.high + TOLERANCE * np.maximum(1, np.abs(self.high))

    @property
    def least(self) -> Floats:
        return self.low - TOLERANCE

    def with_high(self, names: Sequence[str], more: float) -> Self:
        """The same with these limits so much wider."""
        asked = self.asked + int(more) if ASKED in names else self.asked
        return replace(self, high=self.high + more * np.isin(self.names, names), asked=asked)

    def shrunk(self, fewer: int, share: float) -> Self:
        """The same with fewer invitations, and this share less of every amount."""
        amounts = np.isin(self.names, AMOUNTS)
        high = np.where(amounts, self.high * (1 - share), self.high)
        high = high - fewer * np.isin(self.names, [ASKED])
        return replace(self, high=high, asked=self.asked - fewer)

    def with_forced(self, forced: Mask) -> Self:
        return replace(self, forced=forced)


def expected_spending(some: Candidates, settings: PortfolioSettings, *, hard: bool) -> Floats:
    """Slot fees and samples of each when asked: on average, or if every yes becomes a session."""
    if hard:
        return some.slot_fee + some.sample_cost
    return some.accept * (settings.fulfilment * some.slot_fee + some.sample_cost)


def _is(values: object, wanted: str) -> Floats:
    folded = [isinstance(v, str) and v.casefold() == wanted.casefold() for v in np.asarray(values)]
    return np.array(folded, dtype=float)


def _can_bind(row: tuple[str, Floats, float, float | None]) -> bool:
    """Whether everybody together would break the limit."""
    return row[3] is not None and float(row[1].sum()) > row[3]
