"""Constraints of a shortlist: each a condition in words, which of a brand's rows meet it, and how
far it would have to give way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from features.errors import WrongInput
from models.matrix.diagnosis import QUADRANTS
from models.shortlists.brand_view import BrandView
from models.shortlists.filters import ShortlistFilters

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

ATTRIBUTES = {
    "category": "main_category",
    "tier": "tier",
    "region": "region",
    "agency": "agency",
    "level": "level",
}
"""Filter -> column of the creators. A creator whose attribute is unknown does not pass."""
LISTED = 12
"""Audience groups that a refusal names; some sources tell hundreds."""


@dataclass(frozen=True)
class Constraint:
    """One condition. Of a limit, `values` are held against it: `at_least` tells from which side."""

    name: str
    """Of the filter in `ShortlistFilters`."""
    words: str
    met: Mask
    values: Floats | None = None
    at_least: bool = False


def constraints_of(view: BrandView, filters: ShortlistFilters) -> tuple[Constraint, ...]:
    """The conditions that were set, in the order in which they are applied."""
    return tuple(_each(view, filters))


def _each(view: BrandView, filters: ShortlistFilters) -> Iterator[Constraint]:
    yield from _attributes(view, filters)
    yield from _limits(view, filters)
    if filters.quadrant:
        wanted = [quadrant_named(name) for name in filters.quadrant]
        met = _in_codes(view.column("quadrant"), view.texts("quadrant"), wanted)
        yield Constraint("quadrant", _listed("quadrant", wanted), met)
    if filters.without_flag:
        unwanted = {flag.casefold() for flag in filters.without_flag}
        flags = [_flags(text) for text in view.of_creators("flags")]
        met = np.array([not (unwanted & own) for own in flags], bool)
        yield Constraint("without_flag", _listed("no flag", filters.without_flag), met)
    if filters.no_flags:
        met = np.array([not _flags(text) for text in view.of_creators("flags")], bool)
        yield Constraint("no_flags", "no flag at all", met)
    if filters.exclude:
        unwanted = set(filters.exclude)
        excluded = view.matrix.creators["creator_id"].isin(unwanted).to_numpy()
        words = f"{len(unwanted):,} excluded by id"
        yield Constraint("exclude", words, ~excluded[view.creators])
    yield from _histories(view, filters)


def _attributes(view: BrandView, filters: ShortlistFilters) -> Iterator[Constraint]:
    for name, column in ATTRIBUTES.items():
        if wanted := getattr(filters, name):
            codes, values = view.matrix.creator_groups[column]
            met = _in_codes(codes[view.creators], values, wanted)
            yield Constraint(name, _listed(name, wanted), met)


def _limits(view: BrandView, filters: ShortlistFilters) -> Iterator[Constraint]:
    """Limits on numbers; an unknown number does not pass."""

    def limit(name: str, words: str, values: Floats, at_least: bool = False) -> Constraint:
        edge = np.float32(getattr(filters, name))  # as exact as what it is held against
        met = values >= edge if at_least else values <= edge
        return Constraint(name, words, met, values, at_least)

    if (low := filters.min_followers) is not None:
        followers = view.of_creators("followers")
        yield limit("min_followers", f"at least {low:,} followers", followers, at_least=True)
    if (high := filters.max_followers) is not None:
        followers = view.of_creators("followers")
        yield limit("max_followers", f"at most {high:,} followers", followers)
    if (fee := filters.max_slot_fee) is not None:
        yield limit("max_slot_fee", f"slot fee at most {fee:,.0f}", view.of_creators("slot_fee"))
    if (share := filters.max_commission) is not None:
        asked = view.of_creators("commission_rate")
        yield limit("max_commission", f"commission at most {share:.4g}", asked)
    if (share := filters.max_return_rate) is not None:
        returned = view.numbers("return_rate")
        yield limit("max_return_rate", f"return rate at most {share:.4g}", returned)
    if (chance := filters.min_acceptance) is not None:
        likely = view.numbers("p_accept")
        words = f"accepts with at least {chance:.4g}"
        yield limit("min_acceptance", words, likely, at_least=True)
    for told in filters.audience:
        yield _audience(view, told)
    if (days := filters.live_within) is not None:
        since = view.of_creators("last_live_days")
        yield limit("live_within", f"live within the last {days:,} days", since)


def _audience(view: BrandView, told: str) -> Constraint:
    """A limit on a group's share; `female` counts female_18_23 and its like together."""
    group, least = audience_limit(told)
    groups = view.matrix.audience_groups
    of_it = [i for i, name in enumerate(groups) if name == group or name.startswith(f"{group}_")]
    if not of_it:
        raise WrongInput(f"No audience group is called '{group}'. {_told_groups(groups)}")
    shares = view.matrix.audience[view.creators][:, of_it].sum(axis=1, dtype=np.float64)
    words = f"audience at least {least:.4g} {group}"
    return Constraint("audience", words, shares >= least, shares, at_least=True)


def _told_groups(groups: Sequence[str]) -> str:
    if not groups:
        return "The source told no audiences."
    more = f" and {len(groups) - LISTED} more" if len(groups) > LISTED else ""
    return f"There are: {', '.join(groups[:LISTED])}{more}."


def audience_limit(text: str) -> tuple[str, float]:
    """`female=0.6`: the group and the least share of it; WrongInput when it cannot be read."""
    group, _, least = text.partition("=")
    try:
        share = float(least)
    except ValueError:
        share = np.nan
    if not group.strip() or not 0 <= share <= 1:
        raise WrongInput(f"'{text}' is no audience limit: write a group and a share, female=0.6.")
    return group.strip(), share


def _histories(view: BrandView, filters: ShortlistFilters) -> Iterator[Constraint]:
    """What creator and brand have behind them."""
    sessions = view.numbers("evidence_sessions")
    if filters.new_only:
        yield Constraint("new_only", "new to the brand", ~(sessions > 0))
    if filters.existing_only:
        yield Constraint("existing_only", "has sold for the brand", sessions > 0)
    if filters.rising_only:
        yield Constraint("rising_only", "named for growth", _rising(view))
    if (days := filters.not_invited_within) is not None:
        since = view.numbers("invited_days")
        met = ~(since <= days)  # never invited is nan
        words = f"not invited within {days:,} days"
        yield Constraint("not_invited_within", words, met)
    if filters.format:
        dedicated = view.of_creators("dedicated_share")
        formats = {"dedicated": dedicated > 0, "mixed": dedicated < 1}
        met = np.zeros(len(view), bool)
        for name in filters.format:
            met |= formats[format_named(name)]
        yield Constraint("format", _listed("has held", filters.format) + " sessions", met)


def _rising(view: BrandView) -> Mask:
    """Who is named as rising at the matrix's own false-discovery rate."""
    return np.asarray(view.of_creators("rising") > 0)


def format_named(name: str) -> str:
    """Dedicated or mixed; WrongInput for another."""
    plain = name.casefold().strip()
    if plain not in ("dedicated", "mixed"):
        raise WrongInput(f"There is no format '{name}'. There are: dedicated, mixed.")
    return plain


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


def _flags(text: Any) -> set[str]:
    """Flags of a creator; several are separated by semicolons."""
    if not isinstance(text, str):
        return set()
    return {flag.strip().casefold() for flag in text.split(";") if flag.strip()}


def _listed(name: str, values: Sequence[str]) -> str:
    return f"{name} {' or '.join(values)}"


def _in_codes(codes: npt.NDArray[Any], values: Sequence[str], wanted: Sequence[str]) -> Mask:
    """Which codes stand for a wanted value (compared without regard to case)."""
    folded = {text.casefold() for text in wanted}
    hit = np.array([value.casefold() in folded for value in values] + [False])
    return np.asarray(hit[codes])  # -1, the unknown, is the last
