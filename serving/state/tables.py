"""Tables of the state database, as the newest migration leaves them."""

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()

REMEDY_MOVES = Table(
    "remedy_moves",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("brand_id", String, nullable=False),
    Column("creator_id", String, nullable=False),
    Column("product_id", String, nullable=False),  # '' where the move is of the whole brand
    Column("number", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("rung", String),
    Column("reason", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("who", String, nullable=False),
    Column("matrix_version", String, nullable=False),
    Column("matrix_as_of", Date, nullable=False),
    Column("sessions", Integer, nullable=False),
    Column("look_on", Date),
    Column("note", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("brand_id", "creator_id", "product_id", "number", name="one_move_at_a_time"),
)
"""Append-only: moves of remedies, counted from 1 for each pair. Triggers refuse any change."""
