"""Invitations: who asks whom on which terms, as the numbers that a forecast of a yes reads."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.acceptance.outcomes import Floats
from models.collaboration.partners import Side, Vectors, directions

Positions = npt.NDArray[np.intp]

COVARIATES: Final = (
    "commission",
    "log_fee_ratio",
    "asks_fee",
    "no_fee",
    "category_match",
    "log_followers",
    "similarity",
)
"""commission: points offered above what the creator asks; log_fee_ratio: log of the slot fee
offered over the one asked, 0 where none is asked or offered; no_fee: a fee is asked, none is
offered; similarity: mean cosine of the vectors that both sides were given."""


@dataclass(frozen=True)
class Invitations:
    """n invitations; terms are nan where not named, and then taken to be as asked."""

    creator_id: npt.NDArray[np.str_]
    brand_id: npt.NDArray[np.str_]
    commission_rate: Floats
    slot_fee: Floats

    @classmethod
    def of(cls, frame: pd.DataFrame) -> "Invitations":
        """From columns of these names; the terms may be missing."""

        def numbers(name: str) -> Floats:
            values = frame.get(name)
            return np.full(len(frame), np.nan) if values is None else values.to_numpy(float)

        return cls(
            frame["creator_id"].to_numpy(dtype=np.str_),
            frame["brand_id"].to_numpy(dtype=np.str_),
            numbers("commission_rate"),
            numbers("slot_fee"),
        )

    def __len__(self) -> int:
        return len(self.creator_id)


@dataclass(frozen=True)
class Sides:
    """Creators and brands as of a date, indexed by id; every column may be missing.

    Of creators: tier, main_category, followers, and what they ask: slot_fee, commission_rate.
    Of brands: industry, brand_tier. `partners` are (brands, creators) with their given vectors.
    """

    creators: pd.DataFrame
    brands: pd.DataFrame
    partners: tuple[Side, Side] | None = None

    def texts(self, side: str, name: str, ids: npt.NDArray[np.str_]) -> npt.NDArray[np.object_]:
        """The attribute of each id as text; '' where it is not known."""
        found = self._of(side, name, ids)
        return np.array(["" if pd.isna(value) else str(value) for value in found], dtype=object)

    def numbers(self, side: str, name: str, ids: npt.NDArray[np.str_]) -> Floats:
        """The attribute of each id; nan where it is not known."""
        return pd.to_numeric(pd.Series(self._of(side, name, ids))).to_numpy(np.float64)

    def _of(self, side: str, name: str, ids: npt.NDArray[np.str_]) -> npt.NDArray[np.object_]:
        table = self.creators if side == "creators" else self.brands
        if name not in table.columns:
            return np.full(len(ids), np.nan, dtype=object)
        places = table.index.get_indexer(pd.Index(ids))
        values = np.append(table[name].to_numpy(dtype=object), np.nan)
        return values[places]

    def similarity(self, offers: Invitations) -> Floats:
        """Mean cosine over the sets that both sides were given; nan where there is none."""
        if self.partners is None:
            return np.full(len(offers), np.nan)
        brands, creators = self.partners
        b = pd.Index(brands.ids).get_indexer(pd.Index(offers.brand_id))
        c = pd.Index(creators.ids).get_indexer(pd.Index(offers.creator_id))
        both = (b >= 0) & (c >= 0)
        total, sets = np.zeros(len(offers)), np.zeros(len(offers))
        for name, left in brands.vectors.items():
            right = creators.vectors.get(name)
            if right is None or right.shape[1] != left.shape[1]:
                continue
            given = both & _there(left)[b] & _there(right)[c]
            rows, columns = directions(left)[b[given]], directions(right)[c[given]]
            total[given] += np.einsum("ij,ij->i", rows, columns)
            sets[given] += 1
        return np.where(sets > 0, total / np.maximum(sets, 1), np.nan)


def _there(vectors: Vectors) -> npt.NDArray[np.bool_]:
    """Which rows hold a vector."""
    return np.asarray(np.isfinite(vectors).all(axis=1))


def covariates(offers: Invitations, sides: Sides, usual_commission: float) -> dict[str, Floats]:
    """COVARIATES of each offer, nan where unknown.

    A creator who asks no commission is taken to ask the usual one.
    """
    creators = offers.creator_id
    asked = sides.numbers("creators", "commission_rate", creators)
    asked = np.where(np.isnan(asked), usual_commission, asked)
    asked_fee = sides.numbers("creators", "slot_fee", creators)
    fee = offers.slot_fee
    ratio = np.full(len(offers), np.nan)
    there = (asked_fee > 0) & (fee > 0)
    ratio[there] = np.log(fee[there] / asked_fee[there])
    category = sides.texts("creators", "main_category", creators)
    industry = sides.texts("brands", "industry", offers.brand_id)
    known = (category != "") & (industry != "")
    return {
        "commission": 100 * (offers.commission_rate - asked),
        "log_fee_ratio": ratio,
        "asks_fee": np.where(np.isnan(asked_fee), np.nan, asked_fee > 0),
        "no_fee": np.where(np.isnan(asked_fee), np.nan, (asked_fee > 0) & (fee == 0)),
        "category_match": np.where(known, category == industry, np.nan),
        "log_followers": np.log1p(sides.numbers("creators", "followers", creators)),
        "similarity": sides.similarity(offers),
    }
