"""Filters of a shortlist: whom a manager does not want to see, and how many that were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
import numpy.typing as npt

from features.errors import WrongInput
from models.diagnosis import QUADRANTS
from models.matrix import AllianceMatrix

Mask = npt.NDArray[np.bool_]

ATTRIBUTES = {"category": "main_category", "tier": "tier", "region": "region", "agency": "agency"}
"""Filter -> column of the creators. A creator whose attribute is unknown does not pass."""


@dataclass(frozen=True)
class ShortlistFilters:
    """Every condition must hold; within one, any of the values is enough. Empty = no condition.

    A creator whose followers, fee or commission is unknown does not pass a limit on it.
    """

    category: Sequence[str] = ()
    """Main category of the creator."""
    tier: Sequence[str] = ()
    region: Sequence[str] = ()
    agency: Sequence[str] = ()
    min_followers: int | None = None
    max_followers: int | None = None
    max_slot_fee: float | None = None
    """In major money units."""
    max_commission: float | None = None
    """A share: 0.2 is 20 %."""
    quadrant: Sequence[str] = ()
    exclude: Sequence[str] = ()
    """Creator ids to leave out."""
    new_only: bool = False
    """Only creators who never sold for the brand."""


@dataclass(frozen=True)
class Filtered:
    """What is left, and what each filter took, in the order they were applied."""

    kept: Mask
    removed: Mapping[str, int]
    """Filter in words -> how many of those left by the earlier filters it removed."""
    advice: str | None
    """What to relax; None unless nothing is left."""


def filtered(matrix: AllianceMatrix, rows: slice, filters: ShortlistFilters) -> Filtered:
    """Which of the brand's rows pass, (n,) bool."""
    kept = np.ones(rows.stop - rows.start, bool)
    removed: dict[str, int] = {}
    masks = _masks(matrix, rows, filters)
    for words, mask in masks.items():
        removed[words] = int((kept & ~mask).sum())
        kept &= mask
    advice = None if kept.any() or not len(kept) else _advice(matrix, filters, masks)
    return Filtered(kept, removed, advice)


def _masks(matrix: AllianceMatrix, rows: slice, filters: ShortlistFilters) -> dict[str, Mask]:
    """The conditions that were set, in words -> which rows satisfy it."""
    creators = matrix.columns["creator_id"][rows]
    masks: dict[str, Mask] = {}
    for name, column in ATTRIBUTES.items():
        if wanted := getattr(filters, name):
            codes, values = matrix.creator_groups[column]
            masks[_listed(name, wanted)] = _in_codes(codes[creators], values, wanted)
    for words, column, low, high in _limits(filters):
        known = matrix.creator_values[column][creators]
        masks[words] = (known >= low) & (known <= high)
    if filters.quadrant:
        quadrants = [quadrant_named(name) for name in filters.quadrant]
        codes = matrix.columns["quadrant"][rows]
        masks[_listed("quadrant", quadrants)] = _in_codes(
            codes, matrix.texts["quadrant"], quadrants
        )
    if filters.exclude:
        excluded = matrix.creators["creator_id"].isin(set(filters.exclude)).to_numpy()
        masks[f"{len(set(filters.exclude)):,} excluded by id"] = ~excluded[creators]
    if filters.new_only:
        masks["new to the brand"] = ~(matrix.columns["evidence_sessions"][rows] > 0)
    return masks


def _limits(filters: ShortlistFilters) -> list[tuple[str, str, float, float]]:
    """Limits on numbers: in words, the creators' column, the lowest and the highest allowed."""
    limits: list[tuple[str, str, float, float]] = []
    if (low := filters.min_followers) is not None:
        limits.append((f"at least {low:,} followers", "followers", low, np.inf))
    if (high := filters.max_followers) is not None:
        limits.append((f"at most {high:,} followers", "followers", -np.inf, high))
    if (fee := filters.max_slot_fee) is not None:
        limits.append((f"slot fee at most {fee:,.0f}", "slot_fee", -np.inf, fee))
    if (share := filters.max_commission) is not None:
        limits.append((f"commission at most {share:.4g}", "commission_rate", -np.inf, share))
    return limits


def quadrant_named(name: str) -> str:
    """The quadrant however it is spelled; WrongInput when there is none of that name.

    >>> quadrant_named("Rising-Star")
    'rising star'
    """
    plain = {quadrant.replace("_", " "): quadrant for quadrant in QUADRANTS}
    found = plain.get(name.casefold().replace("-", " ").replace("_", " ").strip())
    if found is None:
        raise WrongInput(f"There is no quadrant '{name}'. There are: {', '.join(QUADRANTS)}.")
    return found


def _listed(name: str, values: Sequence[str]) -> str:
    return f"{name} {' or '.join(values)}"


def _in_codes(codes: npt.NDArray[Any], values: Sequence[str], wanted: Sequence[str]) -> Mask:
    """Which codes stand for a wanted value (compared without regard to case)."""
    folded = {text.casefold() for text in wanted}
    hit = np.array([value.casefold() in folded for value in values] + [False])
    return np.asarray(hit[codes])  # -1, the unknown, is the last


def _advice(matrix: AllianceMatrix, filters: ShortlistFilters, masks: Mapping[str, Mask]) -> str:
    """Which single filter to drop, or which value nobody has."""
    sentences = [_nobody_has(matrix, filters)]
    left = {
        words: int(np.logical_and.reduce([m for w, m in masks.items() if w != words]).sum())
        for words in masks
        if len(masks) > 1
    }
    best = max(left, key=lambda words: left[words], default=None)
    if len(masks) == 1:
        sentences.append("Drop or widen it.")
    elif best is not None and left[best]:
        sentences.append(f"Without '{best}' {left[best]:,} would be left: relax that first.")
    else:
        sentences.append("No single filter is to blame: relax two or more.")
    return " ".join(sentence for sentence in sentences if sentence)


def _nobody_has(matrix: AllianceMatrix, filters: ShortlistFilters) -> str:
    for name, column in ATTRIBUTES.items():
        values = matrix.creator_groups[column][1]
        known = {value.casefold() for value in values}
        for wanted in getattr(filters, name):
            if wanted.casefold() in known:
                continue
            close = get_close_matches(wanted, values, n=3) or values[:5]
            there_are = f" There are: {', '.join(close)}." if close else ""
            return f"No creator has {name} '{wanted}'.{there_are}"
    return ""
