"""Runs the migrations on the connection that `serving.state.database` hands over."""

from alembic import context

from serving.state.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table="alliance_state_version",
)
with context.begin_transaction():
    context.run_migrations()
