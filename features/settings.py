"""Settings of the features, each with its unit and a default one can defend."""

from dataclasses import dataclass

SHORT_DAYS = 30
"""The short window, in days. Feature names end in it, so it is a constant and not a setting."""
LONG_DAYS = 90
"""The long window, in days; also the window of benchmarks and of what is still active."""

TIERS = ("small", "tail", "waist", "shoulder", "head")
"""Creator tiers, from the fewest followers up."""


@dataclass(frozen=True)
class FeatureSettings:
    """How history is weighed when features are computed as of a date."""

    half_life_days: float = 120.0
    """After so many days a past order counts half in decayed sums: what a pair sells lasts longer
    than how much is sold, which the sums of 30 and 90 days tell."""
    prior_orders: float = 5.0
    """A shrunken rate is pulled towards its prior as if that had been seen over as many clicks
    (or impressions, or orders) as yield this many expected successes."""
    prior_lines: float = 3.0
    """Benchmarks of impressions are pulled towards the group as if seen in so many more lines."""
    return_days: int = 30
    """Only orders at least so many days old count in return rates: later ones may yet return."""
    benchmark_merchants: int = 5
    """Fewer merchants than this make no benchmark: the next wider group is taken."""
    tier_followers: tuple[float, ...] = (0.1e6, 1e6, 5e6, 10e6)
    """Followers from which a creator is tail, waist, shoulder, head; below the first: small."""
