"""Filters of a shortlist: whom a manager does not want to see, or would rather not see."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from features.errors import WrongInput


@dataclass(frozen=True)
class ShortlistFilters:
    """Every condition must hold; within one, any of the values is enough. Empty = no condition.

    A creator whose number (followers, fee, an audience's share ...) is unknown does not pass a
    limit on it. Conditions named in `soft` are preferences: who does not meet one stays in the
    list and moves down (`models.shortlists.shortlist`).
    """

    category: Sequence[str] = ()
    """Main category of the creator."""
    tier: Sequence[str] = ()
    region: Sequence[str] = ()
    agency: Sequence[str] = ()
    level: Sequence[str] = ()
    """As the marketplace grades creators."""
    audience: Sequence[str] = ()
    """`group=share`: at least this share of the creator's audience is of that group; all hold."""
    format: Sequence[str] = ()
    """dedicated: has held dedicated sessions; mixed: has held mixed ones."""
    min_followers: int | None = None
    max_followers: int | None = None
    max_slot_fee: float | None = None
    """In major money units."""
    max_commission: float | None = None
    """A share: 0.2 is 20 %."""
    max_return_rate: float | None = None
    min_acceptance: float | None = None
    live_within: int | None = None
    """Available: has gone live within so many days before the matrix's date."""
    not_invited_within: int | None = None
    """Leaves out whom the brand has invited within so many days."""
    quadrant: Sequence[str] = ()
    without_flag: Sequence[str] = ()
    no_flags: bool = False
    exclude: Sequence[str] = ()
    """Creator ids to leave out."""
    new_only: bool = False
    """Only creators who never sold for the brand."""
    existing_only: bool = False
    """Only creators who have."""
    rising_only: bool = False
    """Only creators named for growth (not the quadrant rising star), at the matrix's rate of false
    discoveries."""
    product: Sequence[str] = ()
    """Only these products of the brand; the best of them is named for each creator."""
    min_price: float | None = None
    max_price: float | None = None
    """Only products whose price lies in the band."""
    soft: Sequence[str] = ()
    """Names of the conditions above that are preferences."""

    def __post_init__(self) -> None:
        for name in ("price", "followers"):
            low, high = getattr(self, f"min_{name}"), getattr(self, f"max_{name}")
            if low is not None and high is not None and low > high:
                raise WrongInput(f"{name} from {low:,.4g} to {high:,.4g} is no range.")
        for name in self.soft:
            if name not in SOFTENED:
                raise WrongInput(
                    f"'{name}' cannot be a preference. These can: {', '.join(SOFTENED)}."
                )
            if not self._is_set(name):
                raise WrongInput(f"'{name}' is named as a preference but not set.")

    def _is_set(self, name: str) -> bool:
        value = getattr(self, name)
        if isinstance(value, Sequence):
            return len(value) > 0
        return value is not None and value is not False


PRODUCTS = ("product", "min_price", "max_price")
"""Conditions on products: they choose what is sold, so none can be a mere preference."""

SOFTENED = tuple(
    field.name for field in fields(ShortlistFilters) if field.name not in (*PRODUCTS, "soft")
)
