"""How large a simulated world is, what it contains, and the constants that shape it."""

from dataclasses import dataclass
from datetime import date, timedelta

NEWCOMER_DAYS = 240


@dataclass(frozen=True)
class WorldSettings:
    """Sizes, switches and constants of a world. One seed and one set of settings: one world.

    Every constant that has a source in the project's domain notes says so; the others are
    marked "not sourced" and may be swept.
    """

    seed: int = 0
    brands: int = 60
    """Merchants, each with a field account of its own."""
    creators: int = 1_000
    """Candidates; the brands' field accounts come on top of them."""
    days: int = 540
    """Length of the history, in days."""
    start: date = date(2024, 11, 1)
    """First day of the history (UTC)."""
    lines: int = 225_000
    """Session-product lines aimed at; what comes out lies within about 10 % of it."""
    products_per_brand: float = 15.0
    """Mean size of a catalogue (one brand always has a single product)."""
    field_share: float = 0.25
    """Share of the lines that come from the brands' own broadcasts. Not sourced."""

    min_followers: float = 1e5
    """The tail begins here (domain notes: tail 0.1-1M followers)."""
    max_followers: float = 8e7
    follower_exponent: float = 0.95
    """P(followers > f) is proportional to f to the minus this. Not sourced."""
    head_products: float = 58.0
    """Median products in a session of a head creator; smaller creators show fewer."""
    junk_share: float = 0.06
    """Sessions that were tests or cut short."""
    cold_share: float = 0.06
    """Creators who are listed but never went live. Not sourced."""
    newcomer_share: float = 0.0
    """Creators who first went live on a day drawn from the last `NEWCOMER_DAYS`. Not sourced."""
    rising_share: float = 0.03
    """Creators whose views multiply during the history. Not sourced."""
    paid_share: float = 0.12
    """Mean share of views that was bought. Not sourced."""
    dedicated_share: float = 0.06
    """Creators' sessions that show one brand only. Not sourced."""
    invitations_per_brand_month: float = 8.0
    """Invitations a brand sends in 30 days. Not sourced."""

    products: bool = True
    """False: only creators, brands, collaborations, events, campaigns and vectors."""
    field_sessions: bool = True
    clicks: bool = True
    impressions: bool = True
    returns: bool = True
    collaborations: bool = True
    vectors: bool = True
    """False: neither of the two tables of given vectors."""
    truth_pairs: int = 3_000_000
    """Up to this many creator x product pairs the truth is also written out pair by pair."""

    @property
    def end(self) -> date:
        """The day after the last day of the history: when the source is read."""
        return self.start + timedelta(days=self.days)

    @staticmethod
    def small(seed: int = 0) -> "WorldSettings":
        """A world for tests: simulated in a fraction of a second, about 4,000 lines."""
        return WorldSettings(seed=seed, brands=6, creators=40, days=120, lines=4_000)

    @staticmethod
    def head_only(seed: int = 0) -> "WorldSettings":
        """Head creators only (10M followers and more): to compare with the export of top hosts."""
        return WorldSettings(
            seed=seed,
            brands=120,
            creators=150,
            lines=170_000,
            field_share=0.02,
            min_followers=1e7,
            cold_share=0.0,
            rising_share=0.0,
        )
