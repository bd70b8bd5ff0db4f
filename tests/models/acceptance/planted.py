"""Invitations whose chance of a yes is known, because it was planted."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from models.acceptance.invitations import Invitations, Sides
from models.acceptance.outcomes import Floats

PER_POINT, PER_LOG_FEE = 0.2, 1.0
CREATORS, BRANDS = 200, 10


@dataclass(frozen=True)
class Planted:
    """A history of answered offers, both sides, and the true chance of any offer."""

    history: pd.DataFrame
    sides: Sides

    def truth(self, offers: Invitations) -> Floats:
        creators = self.sides.creators.loc[offers.creator_id.tolist()]
        brands = self.sides.brands.loc[offers.brand_id.tolist()]
        points = 100 * (offers.commission_rate - creators["commission_rate"].to_numpy())
        fee = creators["slot_fee"].to_numpy()
        ratio = np.zeros(len(offers))
        ratio[fee > 0] = np.log(offers.slot_fee[fee > 0] / fee[fee > 0])
        match = creators["main_category"].to_numpy() == brands["industry"].to_numpy()
        score = creators["own"].to_numpy() + PER_POINT * points + PER_LOG_FEE * ratio + 0.8 * match
        return np.asarray(expit(score - 0.4))


def drawn_offers(sides: Sides, n: int, random: np.random.Generator) -> Invitations:
    creator, brand = random.integers(0, CREATORS, n), random.integers(0, BRANDS, n)
    asked = sides.creators.iloc[creator]
    return Invitations(
        sides.creators.index.to_numpy(dtype=np.str_)[creator],
        sides.brands.index.to_numpy(dtype=np.str_)[brand],
        asked["commission_rate"].to_numpy() + random.normal(0, 0.04, n),
        asked["slot_fee"].to_numpy() * np.exp(random.normal(0, 0.4, n)),
    )


def planted(n: int = 3_000, seed: int = 1) -> Planted:
    """n offers with an answer each."""
    random = np.random.default_rng(seed)
    creators = pd.DataFrame(
        {
            "tier": random.choice(["tail", "waist"], CREATORS),
            "main_category": random.choice(["beauty", "food"], CREATORS),
            "followers": np.exp(random.normal(13, 1, CREATORS)),
            "slot_fee": np.where(random.random(CREATORS) < 0.5, 0.0, 5_000.0),
            "commission_rate": random.uniform(0.1, 0.2, CREATORS),
            "own": random.normal(0, 0.6, CREATORS),
        },
        index=[f"c{i}" for i in range(CREATORS)],
    )
    industry = ["beauty", "food"] * (BRANDS // 2)
    brands = pd.DataFrame({"industry": industry}, index=[f"b{i}" for i in range(BRANDS)])
    sides = Sides(creators, brands)
    offers = drawn_offers(sides, n, random)
    yes = random.random(n) < Planted(pd.DataFrame(), sides).truth(offers)
    history = pd.DataFrame(
        {
            "collaboration_id": [f"x{i:05d}" for i in range(n)],
            "status": np.where(yes, "accepted", "declined"),
            "at": pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(n), unit="h"),
            "brand_id": offers.brand_id,
            "creator_id": offers.creator_id,
            "slot_fee": offers.slot_fee,
            "commission_rate": offers.commission_rate,
        }
    )
    return Planted(history, sides)
