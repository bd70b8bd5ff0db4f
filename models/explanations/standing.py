"""Where a creator stands in a brand's list, as a record, and the changes that would move it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Lever = Literal["commission", "slot_fee", "product", "price", "product_list"]


@dataclass(frozen=True)
class RankChange:
    """One change that takes the creator across rank k, and the rank it has then."""

    lever: Lever
    value: float | None
    """The commission (a share), the fee or the price; None of a product."""
    now: float | None
    rank: int
    products: tuple[str, ...] = ()
    """Of a product: its id. Of a price: all products of the brand on that side of it."""
    at_most: bool = True
    """Of a price: whether products at most (else at least) at that price do it."""


@dataclass(frozen=True)
class Standing:
    """Where a creator stands in a brand's list, and what would take it across rank k."""

    objective: str
    objective_note: str | None
    k: int
    rank: int | None
    """None where the objective is not known of the pair."""
    candidates: int
    score: float | None
    bar: float | None
    """The k-th best score of the others: above it the creator is in."""
    within: bool
    changes: tuple[RankChange, ...]
    tried: Mapping[Lever, str]
    """Levers that do not take it across, with why."""
    reaches: bool | None
    """Whether the bar lies inside the 80 % interval; None where there is no interval."""
