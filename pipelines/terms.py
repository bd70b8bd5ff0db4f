"""Fee and commission of each pair and product: the most specific that is known wins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
import pandas as pd

from features.facts import Facts
from features.known import FeatureTables
from features.terms import brand_terms, product_terms
from models.prediction import Floats
from pipelines.snapshot import Positions


@dataclass(frozen=True)
class PairTerms:
    """Terms of some pairs of positions, looked up by one number per pair."""

    width: int
    codes: Positions  # sorted
    values: pd.DataFrame

    @classmethod
    def of(cls, terms: pd.DataFrame, left: "pd.Index[str]", right: "pd.Index[str]") -> Self:
        """Terms indexed by (left id, right id), for positions in these indexes."""
        a = left.get_indexer(terms.index.get_level_values(0))
        b = right.get_indexer(terms.index.get_level_values(1))
        known = (a >= 0) & (b >= 0)
        codes = a[known].astype(np.intp) * len(right) + b[known]
        order = np.argsort(codes)
        return cls(len(right), codes[order], terms[known].iloc[order])

    def get(self, name: str, left: Positions, right: Positions) -> Floats:
        """The term of each pair; nan where none is known."""
        values = np.full(len(left), np.nan)
        if len(self.codes):
            wanted = left * self.width + right
            places = np.minimum(np.searchsorted(self.codes, wanted), len(self.codes) - 1)
            found = self.codes[places] == wanted
            values[found] = self.values[name].to_numpy(dtype=np.float64)[places[found]]
        return values


@dataclass(frozen=True)
class Terms:
    """What every pair and product would be sold on, as of the date of the tables."""

    tables: FeatureTables
    products: PairTerms
    brands: PairTerms
    brand_of_item: Positions

    @classmethod
    def as_of(cls, facts: Facts, tables: FeatureTables, day: date) -> Self:
        creators, items, brands = tables.creators.index, tables.items.index, tables.brands.index
        return cls(
            tables,
            PairTerms.of(product_terms(facts, day), creators, items),
            PairTerms.of(brand_terms(facts, day), creators, brands),
            brands.get_indexer(pd.Index(tables.items["brand_id"])).astype(np.intp),
        )

    def commission_rate(self, creators: Positions, items: Positions) -> Floats:
        """Last session with the product, last collaboration, the product's, the creator's own."""
        return _first_known(
            [
                *self._agreed("commission_rate", creators, items),
                _column(self.tables.items, "commission_rate")[items],
                _column(self.tables.creators, "commission_rate")[creators],
            ]
        )

    def slot_fee(self, creators: Positions, items: Positions) -> Floats:
        """Last session with the product, last collaboration with the brand, the creator's own."""
        return _first_known(
            [
                *self._agreed("slot_fee", creators, items),
                _column(self.tables.creators, "slot_fee")[creators],
            ]
        )

    def _agreed(self, name: str, creators: Positions, items: Positions) -> tuple[Floats, Floats]:
        return (
            self.products.get(name, creators, items),
            self.brands.get(name, creators, self.brand_of_item[items]),
        )


def _column(table: pd.DataFrame, name: str) -> Floats:
    return table[name].to_numpy(dtype=np.float64)


def _first_known(values: Sequence[Floats]) -> Floats:
    """Of each row the first value that is known, in the order given; nan where none is."""
    chosen = values[0]
    for later in values[1:]:
        chosen = np.where(np.isnan(chosen), later, chosen)
    return chosen
