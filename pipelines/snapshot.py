"""Everything known as of a date, ready to give rows of pairs: tables, embeddings, effects."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.daily import DailyFacts
from features.facts import Facts
from features.history import creator_evenings, creator_item_history
from features.pairs import level_counts, level_lines, pair_features
from features.registry import FEATURES
from features.tables import FeatureTables, feature_tables
from models.effects import EFFECT_FEATURES, Effects, fit_effects
from models.embeddings import SIMILARITY_FEATURES, Embeddings, EmbeddingSettings, fit_embeddings
from models.prediction import PairRows, Target

Positions = npt.NDArray[np.intp]

ALL_FEATURES = (*FEATURES, *SIMILARITY_FEATURES, *EFFECT_FEATURES)
"""What a pair is known by, in the order of the columns."""

FEATURE_NAMES = tuple(feature.name for feature in ALL_FEATURES)

FEATURE_GROUPS = tuple(feature.group for feature in ALL_FEATURES)

OUTCOME_COLUMNS = {
    Target.CONVERSION: ("converted", "denominator"),
    Target.BRAND_CONVERSION: ("converted", "denominator"),
    Target.CLICK_THROUGH: ("clicks", "clicked_impressions"),
    Target.RETURN: ("return_orders", "returnable_orders"),
    Target.EXPOSURE: ("impressions", "shown"),
    Target.TRAFFIC: ("denominator", "lines"),
}
"""Successes and trials of each target, in the columns of `features.outcomes`."""

READ_BY_LINE = (Target.CONVERSION, Target.BRAND_CONVERSION, Target.CLICK_THROUGH)
"""Rates whose trials are counted line by line."""


@dataclass(frozen=True)
class Snapshot:
    """What was known as of a date about every creator and item."""

    tables: FeatureTables
    embeddings: Embeddings
    effects: Effects

    def features(self, creators: Positions, items: Positions) -> npt.NDArray[np.float32]:
        """Features of the pairs at these positions, (n, len(FEATURE_NAMES))."""
        return np.hstack(
            [
                pair_features(self.tables, creators, items),
                self.embeddings.similarities(creators, items),
                self.effects.of(creators, items),
            ]
        )

    def rows(
        self,
        target: Target,
        creators: Positions,
        items: Positions,
        features: npt.NDArray[np.float32] | None = None,
    ) -> PairRows:
        """Rows to forecast for the pairs at these positions in the snapshot's tables."""
        counted = "conversion" if target is Target.BRAND_CONVERSION else target.value
        item_table = self.tables.items
        return PairRows(
            features=self.features(creators, items) if features is None else features,
            feature_names=FEATURE_NAMES,
            creator_id=self.tables.creators.index.to_numpy(dtype=str)[creators],
            item_id=item_table.index.to_numpy(dtype=str)[items],
            brand_id=item_table["brand_id"].to_numpy(dtype=str)[items],
            category=item_table["category"].fillna("").to_numpy(dtype=str)[items],
            as_of=np.full(len(creators), self.tables.as_of, dtype="datetime64[D]"),
            counts=level_counts(self.tables, counted, creators, items),
            past_lines=level_lines(self.tables, creators, items) if target in READ_BY_LINE else {},
        )

    def positions(self, outcomes: pd.DataFrame) -> tuple[Positions, Positions]:
        """Where the creators and items of an outcome table stand; -1 for one not known."""
        return (
            self.tables.creators.index.get_indexer(pd.Index(outcomes["creator_id"])),
            self.tables.items.index.get_indexer(pd.Index(outcomes["item_id"])),
        )


def snapshot(
    facts: Facts, daily: DailyFacts, as_of: date, embedding_size: int, random_state: int
) -> Snapshot:
    """What was known strictly before the midnight (UTC) that begins `as_of`."""
    tables = feature_tables(daily, as_of)
    history, given = creator_item_history(daily, as_of), given_vectors(facts)
    embeddings = fit_embeddings(
        history=history,
        creators=tables.creators,
        items=tables.items,
        given=given,
        settings=EmbeddingSettings(size=embedding_size),
        random_state=random_state,
    )
    effects = fit_effects(
        history,
        creator_evenings(daily, as_of),
        tables.creators,
        tables.items,
        embeddings.products,
        given,
    )
    return Snapshot(tables, embeddings, effects)


def given_vectors(facts: Facts) -> dict[str, pd.DataFrame]:
    """Vectors made elsewhere, by table name (`creator_embeddings.<set>`), indexed by id."""
    return {
        name: table.execute().set_index("id").sort_index()
        for name, table in facts.tables.items()
        if name.partition(".")[0] in ("creator_embeddings", "brand_embeddings")
    }
