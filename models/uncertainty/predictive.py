"""What a pair will show in so many clicks, lines or orders: doubt about its rate, and chance.

A forecast's interval is of the true rate. What will be seen also varies from line to line, and by
the chance of single clicks. Distributions are given as equally likely draws, (n, draws), of which
any interval, probability or sum can be taken; the same seed gives the same draws.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from models.links import Link
from models.prediction import Floats, Forecast
from models.uncertainty.likelihood import centre
from models.uncertainty.noise import Noise
from models.uncertainty.tails import drawn

DRAWS: Final = 199
"""Odd, so that the median is a draw; the ends of 95 % are the fifth from below and above."""
UNITS_PER_ORDER: Final = 0.12
"""Units beyond the first that an order has on average (not sourced): what makes the money of
equal numbers of orders differ."""


@dataclass(frozen=True)
class Uncertain:
    """A forecast on its link, and how outcomes vary around its true rate."""

    forecast: Forecast
    link: Link
    noise: Noise

    def true_rates(self, random: np.random.Generator, draws: int = DRAWS) -> Floats:
        """Means of many sessions."""
        return self._rates(np.zeros(len(self.forecast.mean)), random, draws)

    def line_rates(self, lines: Floats, random: np.random.Generator, draws: int = DRAWS) -> Floats:
        """Rates over so many (effective) lines, the chance of single trials left out."""
        return self._rates(self.noise.of_lines(lines, self.forecast.mean), random, draws)

    def _rates(self, chance: Floats, random: np.random.Generator, draws: int) -> Floats:
        mean, spread = self.forecast.mean, self.forecast.spread
        middle = centre(mean, spread**2 + chance, self.link)
        shape = (len(mean), draws)
        error = spread[:, None] * drawn(shape, self.forecast.wild, random)
        error += np.sqrt(chance)[:, None] * random.standard_normal(shape)
        return self.link.inverse(middle[:, None] + error)


def successes(
    uncertain: Uncertain,
    trials: Floats,
    lines: Floats,
    random: np.random.Generator,
    draws: int = DRAWS,
) -> Floats:
    """Successes of a share in so many trials over so many effective lines; of a count, in lines.

    With trials counted `per_trial` times too noisy, so many times fewer are drawn.
    """
    rates = uncertain.line_rates(lines, random, draws)
    if not uncertain.link.is_rate:
        return rates * trials[:, None]
    return counts(rates, trials[:, None], random, uncertain.noise.per_trial)


def counts(
    rates: Floats, trials: Floats, random: np.random.Generator, per_trial: float = 1.0
) -> Floats:
    """Binomial successes, their variance `per_trial` times the binomial's."""
    whole = np.broadcast_to(np.round(trials / per_trial).astype(np.int64), rates.shape)
    return np.asarray(per_trial * random.binomial(whole, rates), dtype=np.float64)


def money(orders: Floats, order_value: Floats, random: np.random.Generator) -> Floats:
    """GMV of so many orders: their value differs as some have several units; 0 without orders.

    `orders` (n, draws), `order_value` (n,) the mean of an order.
    """
    units = orders + random.poisson(UNITS_PER_ORDER * orders)
    return np.asarray(units * (order_value / (1 + UNITS_PER_ORDER))[:, None])


def ends(draws: Floats, level: float) -> tuple[Floats, Floats]:
    """Ends of the central interval of each row."""
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=1)
    return low, high
