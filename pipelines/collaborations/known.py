"""Which brands and creators are known as of a date, and who had collaborated with whom by then."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from features.daily import daily_facts
from features.facts import Facts
from features.history import collaboration_history
from features.tables import FeatureTables, feature_tables
from models.acceptance.invitations import Sides
from models.collaboration.occasions import enough
from models.collaboration.partners import Side, Ties, first_collaborations, tied
from pipelines.collaborations.rules import rule_of
from pipelines.snapshot import given_vectors


@dataclass(frozen=True)
class Collaborations:
    """Brands and creators known as of a date, and who had collaborated with whom by then."""

    brands: Side
    creators: Side
    ties: Ties
    first: pd.DataFrame
    """brand_id, creator_id, at: when each tie began."""

    @property
    def rule(self) -> str | None:
        """The rule that they allow; None where none happened to go by."""
        return rule_of(self.brands, self.creators, self.ties)


def collaborations_as_of(
    facts: Facts, tables: FeatureTables, as_of: date, history: pd.DataFrame | None = None
) -> Collaborations:
    """From what was recorded before the date; vectors have no date."""
    vectors = given_vectors(facts)
    first = first_collaborations(
        collaboration_history(facts, as_of) if history is None else history
    )
    brands = _side(tables.brands, "industry", vectors, "brand_embeddings")
    creators = _side(tables.creators, "main_category", vectors, "creator_embeddings")
    return Collaborations(brands, creators, tied(brands.ids, creators.ids, first), first)


def known_collaborations(facts: Facts, as_of: date) -> Collaborations | None:
    """Collaborations as of the date; None where none tell anything, and beside sales also where
    they are too few to learn from.
    """
    if not facts.has("collaborations"):
        return None
    sales = facts.has("session_products")
    if sales and not any(name.startswith("creator_embeddings.") for name in facts.tables):
        return None
    tables = feature_tables(daily_facts(facts, "product"), as_of)
    known = collaborations_as_of(facts, tables, as_of)
    return known if can_learn(known) or (not sales and known.rule) else None


def can_learn(known: Collaborations) -> bool:
    """Whether creators have vectors and so many brands and ties can teach anything."""
    return bool(known.creators.vectors) and enough(known.ties)


def sides_of(tables: FeatureTables, known: Collaborations) -> Sides:
    """Both sides of an offer as of the date of the tables."""
    return Sides(tables.creators, tables.brands, (known.brands, known.creators))


def _side(
    table: pd.DataFrame, category: str, vectors: dict[str, pd.DataFrame], family: str
) -> Side:
    given = {
        name.partition(".")[2]: frame
        for name, frame in vectors.items()
        if name.partition(".")[0] == family and len(frame)
    }
    categories = table.get(category)
    said = None if categories is None else categories.astype(object).fillna("").astype(str).tolist()
    return Side.of(table.index.astype(str).tolist(), said, given)
