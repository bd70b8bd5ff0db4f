"""What a creator is told of an opportunity: nothing of a brand's books."""

from dataclasses import dataclass
from datetime import date

from models.shortlists.rows import Estimate


@dataclass(frozen=True)
class Opportunity:
    """A product of a brand; where only collaborations are known a brand, without a product.

    None is not known, never zero.
    """

    rank: int
    brand_id: str
    brand_name: str | None
    industry: str | None
    product_id: str | None
    product_title: str | None
    category: str | None
    price: float | None
    commission_rate: float | None
    slot_fee: float | None
    net_gmv: Estimate | None
    earnings: Estimate | None
    """commission x net GMV + slot fee, of one session."""
    interest: float
    """Where the brand would place the creator among all it could ask: 1 is first, in tenths."""
    score: float | None
    """earnings x interest."""
    sessions_together: int
    reasons: tuple[str, ...]
    counter_reasons: tuple[str, ...]


@dataclass(frozen=True)
class Opportunities:
    """The k best of a creator, and what must be known to read them."""

    creator_id: str
    creator_name: str | None
    main_category: str | None
    tier: str | None
    k: int
    considered: int
    of_brands: bool
    """Whether brands are listed, without products, as only collaborations are known."""
    rows: tuple[Opportunity, ...]
    notes: tuple[str, ...]
    matrix_version: str
    as_of: date
    currency: str
