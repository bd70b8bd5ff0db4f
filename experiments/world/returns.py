"""Returns: which orders come back, and when."""

from datetime import datetime

import numpy as np
import pandas as pd

from experiments.world.brands import Products
from experiments.world.categories import of_all
from experiments.world.creators import Creators
from experiments.world.lines import Lines
from experiments.world.randomness import Floats, Ints, logistic, stream
from experiments.world.sessions import Sessions
from experiments.world.settings import WorldSettings

WAVES = np.array([[1.5, 6.0], [6.0, 12.0], [12.0, 29.0]])
WAVE_SHARES = np.array([0.35, 0.42, 0.23])
"""Returns of a line arrive in up to three lots, each within so many days; mean 10. Not sourced."""


def return_rate(creators: Creators, products: Products, creator: Ints, product: Ints) -> Floats:
    """Share of a pair's orders that come back within 30 days."""
    usual = of_all("return_rate")[products.category[product]]
    logit = np.log(usual / (1 - usual)) + products.return_effect[product]
    return logistic(logit + creators.return_effect[creator])


def returns_table(
    settings: WorldSettings,
    creators: Creators,
    products: Products,
    sessions: Sessions,
    lines: Lines,
) -> pd.DataFrame:
    """Returns that have arrived by the last day, several rows a line, oldest first."""
    rng = stream(settings.seed, "returns")
    sold = np.flatnonzero(lines.orders > 0)
    session, product = lines.session[sold], lines.product[sold]
    is_field = sessions.is_field[session]
    rate = return_rate(creators, products, np.where(is_field, 0, sessions.seller[session]), product)
    usual = of_all("return_rate")[products.category[product]]
    rate = np.where(is_field, 0.85 * usual, rate)
    returned = rng.binomial(lines.orders[sold], rate)
    waves = rng.multinomial(returned, WAVE_SHARES)
    row, wave = np.nonzero(waves)
    line = sold[row]
    orders = waves[row, wave]
    delay = rng.uniform(WAVES[wave, 0], WAVES[wave, 1])
    day = sessions.day[lines.session[line]] + sessions.hours[lines.session[line]] / 24 + delay
    known = day < settings.days
    line, orders, day = line[known], orders[known], day[known]
    order = np.argsort(day, kind="stable")
    line, orders, day = line[order], orders[order], day[order]
    start = np.datetime64(datetime.combine(settings.start, datetime.min.time()), "us")
    return pd.DataFrame(
        {
            "session_id": sessions.ids[lines.session[line]],
            "product_id": products.ids[lines.product[line]],
            "returned_at": start + np.round(day * 86_400).astype("timedelta64[s]"),
            "orders": orders,
            "gmv": np.floor(lines.gmv[line] * orders / lines.orders[line] * 100) / 100,
        }
    )
